import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/**
 * Works on a connection of its own: cells run side by side, and a statement that begins on a connection
 * ends the answer that another one is still reading from it.
 */
export async function withConnection<T>(
  instance: DuckDBInstance,
  work: (connection: DuckDBConnection) => Promise<T>
): Promise<T> {
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

/** Runs statements one after another. */
export function runList(instance: DuckDBInstance, statements: readonly string[]): Promise<void> {
  return withConnection(instance, async (connection) => {
    for (const statement of statements) await connection.run(statement);
  });
}

/** The one value of one row. */
export function readNumber(instance: DuckDBInstance, sql: string): Promise<number> {
  return withConnection(instance, async (connection) => {
    const answer = await connection.runAndReadAll(sql);
    return Number(answer.getRows()[0]![0]);
  });
}
