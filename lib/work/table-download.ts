import { Fault } from "#lib/model/fault.ts";
import type { TableInfo } from "#lib/model/table.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";

/** Forms a table can be taken away in. */
export type DownloadFormat = "csv" | "parquet" | "arrow" | "json";

/** Writes a table of a kernel as one Parquet file. */
export type WriteParquet = (kernel: Kernel, table: TableInfo) => Promise<Uint8Array>;

/** Characters at most in one CSV or JSON download. */
const maxCharacters = 400_000_000;

/**
 * A whole table as one file. CSV follows RFC 4180 in UTF-8, an absent value is an empty field; nested
 * values are JSON in it. JSON is a list of objects.
 *
 * @throws Fault `limit` when the file would be too large
 */
export async function downloadTable(
  kernel: Kernel,
  table: TableInfo,
  format: DownloadFormat,
  writeParquet: WriteParquet | null
): Promise<{ contentType: string; bytes: Uint8Array }> {
  switch (format) {
    case "arrow": {
      const { bytes } = await kernel.query(`select * from ${quoteName(table.name)}`, {}, Number.MAX_SAFE_INTEGER);
      return { contentType: "application/vnd.apache.arrow.stream", bytes };
    }
    case "csv":
      return { contentType: "text/csv; charset=utf-8", bytes: await readCsv(kernel, table) };
    case "json":
      return { contentType: "application/json; charset=utf-8", bytes: await readJson(kernel, table) };
    case "parquet": {
      if (writeParquet) {
        return { contentType: "application/vnd.apache.parquet", bytes: await writeParquet(kernel, table) };
      }
      throw new Fault("invalid", "this workbench does not write Parquet downloads", { hint: "Take Arrow or CSV." });
    }
  }
}

async function readCsv(kernel: Kernel, table: TableInfo): Promise<Uint8Array> {
  const columns = table.columns.map(({ name, type }, index) => {
    const nested = /(\[\]|^STRUCT|^MAP)/.test(type);
    return `${nested ? `to_json(${quoteName(name)})::varchar` : `${quoteName(name)}::varchar`} as c${index}`;
  });
  const keys = table.columns.map((_, index) => `c${index}`);
  const text = new TextParts(table.name);
  text.add(`${table.columns.map(({ name }) => csvField(name)).join(",")}\r\n`);
  for await (const rows of kernel.stream(`select ${columns.join(", ")} from ${quoteName(table.name)}`, {})) {
    for (const row of rows) text.add(`${keys.map((key) => csvField(row[key])).join(",")}\r\n`);
  }
  return text.encode();
}

async function readJson(kernel: Kernel, table: TableInfo): Promise<Uint8Array> {
  const text = new TextParts(table.name);
  let first = true;
  const sql = `select to_json(t)::varchar as line from ${quoteName(table.name)} t`;
  for await (const rows of kernel.stream(sql, {})) {
    for (const row of rows) {
      text.add(`${first ? "[\n" : ",\n"}${String(row["line"])}`);
      first = false;
    }
  }
  text.add(first ? "[]\n" : "\n]\n");
  return text.encode();
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Collects a long text and refuses one that is too long. */
class TextParts {
  readonly #table: string;
  #parts: string[] = [];
  #length = 0;

  constructor(table: string) {
    this.#table = table;
  }

  add(part: string): void {
    this.#length += part.length;
    if (this.#length > maxCharacters) {
      throw new Fault("limit", `table "${this.#table}" is too large for one text file`, { hint: "Take Arrow." });
    }
    this.#parts.push(part);
  }

  encode(): Uint8Array {
    return new TextEncoder().encode(this.#parts.join(""));
  }
}
