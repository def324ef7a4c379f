import { DuckDBBlobType, type DuckDBConnection, DuckDBInstance, type DuckDBResult } from "@duckdb/node-api";
import type { FieldLoss } from "#lib/formats/imported.ts";
import { Fault } from "#lib/model/fault.ts";
import { quoteName, quoteText } from "#lib/sql/quote.ts";
import { toJson } from "./table-cells.ts";

/** What a table file is written in. */
export type TableKind =
  | { readonly kind: "parquet" }
  | { readonly kind: "csv"; readonly gzip: boolean; readonly encoding: string };

/** Rows of a table as JSON lines. */
export interface TablePiece {
  readonly text: string;
  /** Rows read until now, in this and earlier pieces. */
  readonly rows: number;
  /** What the rows of this piece do not tell, and lines that are no rows. */
  readonly losses: readonly FieldLoss[];
  readonly broken: readonly string[];
}

/** Text that is given on at once, in characters. */
const pieceCharacters = 256 * 1024;

/** A line of CSV may be this long, in bytes; the engine holds two of them. */
const lineBytes = 16 * 2 ** 20;

/** Lines that are no rows: so many are remembered. */
const brokenLimit = 1000;

/**
 * Reads a CSV or Parquet file row by row through an engine that may read this one file and nothing else.
 * Cells of CSV stay text. Columns of bytes are left out and said to be.
 *
 * @param path  absolute
 * @throws Fault `broken` for a file that is damaged or no such table
 */
export async function* readTable(path: string, kind: TableKind): AsyncGenerator<TablePiece> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: "512MB",
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
    allow_community_extensions: "false",
    preserve_insertion_order: "true"
  });
  try {
    const connection = await instance.connect();
    await connection.run(`set allowed_paths = [${quoteText(path)}]`);
    await connection.run("set enable_external_access = false");
    await connection.run("set lock_configuration = true");
    const source = formatSource(path, kind);
    const { result, left } = await openRows(connection, source);
    let rows = 0;
    for await (const { text, count } of readLines(result)) {
      rows += count;
      const losses = left.map((field) => ({ field: `${field} (bytes)`, fate: "dropped" as const, count }));
      yield { text, rows, losses, broken: [] };
    }
    const broken = kind.kind === "csv" ? await listBroken(connection) : [];
    if (broken.length > 0) yield { text: "", rows, losses: [], broken };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const line = error.message.split("\n", 1)[0]!.slice(0, 300);
    throw new Fault("broken", `the ${kind.kind === "csv" ? "CSV" : "Parquet"} file cannot be read: ${line}`, {
      cause: error
    });
  } finally {
    instance.closeSync();
  }
}

function formatSource(path: string, kind: TableKind): string {
  if (kind.kind === "parquet") return `read_parquet(${quoteText(path)})`;
  const options = [
    "all_varchar = true",
    "header = true",
    // Lines that are too short are filled up; quoted line breaks then need one reader.
    "null_padding = true",
    "parallel = false",
    "store_rejects = true",
    `rejects_limit = ${brokenLimit}`,
    `max_line_size = ${lineBytes}`,
    `buffer_size = ${2 * lineBytes}`,
    `compression = '${kind.gzip ? "gzip" : "none"}'`,
    `encoding = '${kind.encoding}'`
  ];
  return `read_csv(${quoteText(path)}, ${options.join(", ")})`;
}

async function openRows(
  connection: DuckDBConnection,
  source: string
): Promise<{ result: DuckDBResult; left: readonly string[] }> {
  const described = await connection.prepare(`select * from ${source}`);
  const columns = Array.from({ length: described.columnCount }, (_, index) => ({
    name: described.columnName(index),
    isBytes: described.columnType(index) instanceof DuckDBBlobType
  }));
  described.destroySync();
  const left = columns.filter(({ isBytes }) => isBytes).map(({ name }) => name);
  if (left.length === columns.length) throw new Fault("broken", "it has no columns but such of bytes");
  const names = left.length === 0 ? "*" : `* exclude (${left.map(quoteName).join(", ")})`;
  return { result: await connection.stream(`select ${names} from ${source}`), left };
}

async function* readLines(result: DuckDBResult): AsyncGenerator<{ readonly text: string; readonly count: number }> {
  const names = result.columnNames();
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    let text = "";
    let count = 0;
    for (let row = 0; row < chunk.rowCount; row += 1) {
      const values = chunk.getRowValues(row);
      text += `${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, toJson(values[index]!)])))}\n`;
      count += 1;
      if (text.length < pieceCharacters && row < chunk.rowCount - 1) continue;
      yield { text, count };
      text = "";
      count = 0;
    }
  }
}

async function listBroken(connection: DuckDBConnection): Promise<readonly string[]> {
  const answer = await connection.runAndReadAll("select line, error_message from reject_errors order by line");
  const broken = answer
    .getRows()
    .map(([line, message]) => `line ${line} is no row: ${String(message).split("\n", 1)[0]}`);
  return broken.length < brokenLimit ? broken : [...broken, `more lines than ${brokenLimit} are no rows`];
}
