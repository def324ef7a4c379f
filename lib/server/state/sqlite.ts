import { chmodSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type Dialect, SqliteAdapter, type SqliteDatabase, SqliteDialect } from "kysely";

/** Longest wait for another process that writes, in ms. */
const busyTimeoutMs = 10_000;

/** Statements that are kept compiled: more than the program has, but for lists of other lengths. */
const mostStatements = 500;

/** Between two tries to enter write-ahead mode, in ms. */
const retryMs = 20;

/**
 * Kysely over Node's own SQLite. Every commit is synced to disk; a second process on the same file waits its turn.
 *
 * @param path  of the database file, made where there is none
 */
export function openSqliteDialect(path: string): Dialect {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  try {
    // It holds what people wrote and how they sign in: other users of the machine have no business with it.
    chmodSync(path, 0o600);
    enterWal(database);
    database.exec("pragma synchronous = full");
    // What is deleted is overwritten: passwords, payloads of the audit trail.
    database.exec("pragma secure_delete = on");
  } catch (error) {
    database.close();
    throw error;
  }
  const compiled = new Map<string, Statement>();
  return new TransactionalSqlite({
    database: {
      close: () => database.close(),
      prepare(sql) {
        // SQLite itself takes a transaction back when the disk is full; a second time is an error, and would hide why.
        if (sql === "rollback" && !database.isTransaction) return nothing;
        const statement = compiled.get(sql) ?? compile(database, sql);
        // The one that was asked for last is the last to go.
        compiled.delete(sql);
        compiled.set(sql, statement);
        if (compiled.size > mostStatements) compiled.delete(compiled.keys().next().value!);
        return statement;
      }
    }
  });
}

type Statement = ReturnType<SqliteDatabase["prepare"]>;

function compile(database: DatabaseSync, sql: string): Statement {
  // Kysely begins with a plain BEGIN. A transaction that reads first and writes later would then
  // fail at once when another process wrote in between; IMMEDIATE waits at its beginning instead.
  const statement = database.prepare(sql === "begin" ? "begin immediate" : sql);
  statement.setReadBigInts(false);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bind(parameters)),
    run(parameters) {
      const { changes, lastInsertRowid } = statement.run(...bind(parameters));
      return { changes, lastInsertRowid };
    },
    // Of its own, as others may ask the same while its rows are read one by one.
    iterate: (parameters) => database.prepare(sql).iterate(...bind(parameters))
  };
}

/** A statement that does nothing. */
const nothing = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values()
};

/** SQLite takes back changes of the schema with their transaction; Kysely's adapter says it does not. */
class TransactionalSqlite extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new (class extends SqliteAdapter {
      override get supportsTransactionalDdl(): boolean {
        return true;
      }
    })();
  }
}

/** SQLite does not wait for its turn when the journal mode changes, so a file that two processes make needs this. */
function enterWal(database: DatabaseSync): void {
  for (let leftMs = busyTimeoutMs; ; leftMs -= retryMs) {
    try {
      database.exec("pragma journal_mode = wal");
      return;
    } catch (error) {
      if (leftMs <= 0 || !(error instanceof Error && /locked/.test(error.message))) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }
}

function bind(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => (typeof value === "boolean" ? Number(value) : value)) as SQLInputValue[];
}
