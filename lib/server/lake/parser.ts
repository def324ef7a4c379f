import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { readSelect, type SelectFault, type SelectReading } from "#lib/sql/select-reading.ts";

/** Reads a text with the parser of a connection. */
export async function parseSelect(connection: DuckDBConnection, sql: string): Promise<SelectReading | SelectFault> {
  const answer = await connection.runAndReadAll(
    "select json_serialize_sql($sql::varchar, skip_default := true, skip_empty := true, skip_null := true)",
    { sql }
  );
  return readSelect(JSON.parse(String(answer.getRows()[0]?.[0])), sql);
}

/** The engine's parser, without any data behind it. */
export async function openSqlParser(): Promise<SqlParser> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", enable_external_access: "false" });
  const connection = await instance.connect();
  return {
    async read(sql) {
      const reading = await parseSelect(connection, sql);
      if ("message" in reading) return { kind: "fault", ...reading };
      return { kind: "select", tables: reading.tables, parameters: reading.parameters };
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
    }
  };
}
