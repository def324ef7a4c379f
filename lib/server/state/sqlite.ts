import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type Dialect, SqliteDialect } from "kysely";

/** Longest wait for another process that writes, in ms. */
const busyTimeoutMs = 10_000;

/**
 * Kysely over Node's own SQLite. Every commit is synced to disk; a second process on the same file waits its turn.
 *
 * @param path  of the database file, made where there is none
 */
export function openSqliteDialect(path: string): Dialect {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  database.exec("pragma journal_mode = wal; pragma synchronous = full");
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        // Kysely begins with a plain BEGIN. A transaction that reads first and writes later would then
        // fail at once when another process wrote in between; IMMEDIATE waits at its beginning instead.
        const statement = database.prepare(sql === "begin" ? "begin immediate" : sql);
        statement.setReadBigInts(false);
        return {
          reader: statement.columns().length > 0,
          all: (parameters: readonly unknown[]) => statement.all(...bind(parameters)),
          run: (parameters: readonly unknown[]) => {
            const { changes, lastInsertRowid } = statement.run(...bind(parameters));
            return { changes, lastInsertRowid };
          },
          iterate: (parameters: readonly unknown[]) => statement.iterate(...bind(parameters))
        };
      }
    }
  });
}

function bind(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => (typeof value === "boolean" ? Number(value) : value)) as SQLInputValue[];
}
