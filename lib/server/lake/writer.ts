import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance, JSDuckDBValueConverter } from "@duckdb/node-api";
import type { LakeFile, LakeTable, NewLakeFile } from "#lib/ports/catalog.ts";
import { quoteText } from "#lib/sql/quote.ts";
import { fileColumns, readTable, type TableFiles } from "#lib/sql/view-sql.ts";
import type { Attempt } from "./attempt.ts";
import { syncFolder } from "./batch.ts";

/** Rows of one Parquet row group: the engine skips whole groups by their ranges. */
const rowGroupRows = 30_720;

const orderOf: Readonly<Record<LakeTable, string>> = {
  spans: "start_ts, trace_id, span_id",
  first_parts: "started_at, trace_id",
  trace_parts: "started_at, trace_id",
  scores: "scorer, trace_id"
};

/** The lake's own engine: it sees every file, and no person's question ever reaches it. */
export class LakeWriter {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #folder: string;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, folder: string) {
    this.#instance = instance;
    this.#connection = connection;
    this.#folder = folder;
  }

  /** @param spillFolder  for sorts that do not fit in memory */
  static async open(folder: string, spillFolder: string): Promise<LakeWriter> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: "2",
      memory_limit: "2GB",
      temp_directory: spillFolder,
      autoload_known_extensions: "false",
      autoinstall_known_extensions: "false"
    });
    const connection = await instance.connect();
    await connection.run("create table seen_traces (hash ubigint)");
    return new LakeWriter(instance, connection, folder);
  }

  /** Absolute paths of files, by form. */
  paths(files: readonly LakeFile[], table: LakeTable): TableFiles {
    const of = (format: LakeFile["format"]) =>
      files
        .filter((file) => file.table === table && file.format === format)
        .map(({ path }) => `${this.#folder}/${path}`);
    const fresh = files.filter((file) => file.table === table && file.format === "ndjson");
    return {
      parquet: of("parquet"),
      ndjson: of("ndjson"),
      largestNdjsonBytes: Math.max(0, ...fresh.map(({ bytes }) => bytes))
    };
  }

  /** @param values  texts bound to `$ids` */
  async rows(sql: string, ids: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const answer = await this.#connection.runAndReadAll(
      `with wanted as (select unnest(from_json($ids, '["VARCHAR"]')) as id) ${sql}`,
      {
        ids: JSON.stringify(ids)
      }
    );
    return answer.convertRowObjects(JSDuckDBValueConverter);
  }

  /**
   * Writes rows of one partition as one sorted, synced Parquet file.
   *
   * @param where  condition on the rows that stay; `wanted` holds the ids
   * @returns undefined when no row stays
   */
  async writeParquet(
    files: readonly LakeFile[],
    attempt: Attempt,
    where = "true",
    ids: readonly string[] = []
  ): Promise<NewLakeFile | undefined> {
    const { table, businessUnit, day } = files[0]!;
    const path = attempt.newPath({ table, businessUnit, day }, "parquet");
    const target = `${this.#folder}/${path}`;
    const columns = Object.keys(fileColumns[table])
      .map((name) => `"${name}"`)
      .join(", ");
    const answer = await this.#connection.runAndReadAll(
      `copy (with wanted as (select unnest(from_json(${quoteText(JSON.stringify(ids))}, '["VARCHAR"]')) as id)
        select ${columns} from (${readTable(table, this.paths(files, table))}) where ${where} order by ${orderOf[table]})
        to ${quoteText(`${target}.partial`)} (format parquet, compression zstd, row_group_size ${rowGroupRows})`
    );
    const rows = Number(answer.getRows()[0]?.[0] ?? 0);
    await syncFile(`${target}.partial`);
    await rename(`${target}.partial`, target);
    await syncFolder(dirname(target));
    if (rows === 0) {
      await rm(target);
      return undefined;
    }
    const minStartMs = Math.min(...files.map((file) => file.minStartMs));
    const maxStartMs = Math.max(...files.map((file) => file.maxStartMs));
    return {
      table,
      businessUnit,
      day,
      path,
      format: "parquet",
      rows,
      bytes: (await stat(target)).size,
      minStartMs,
      maxStartMs
    };
  }

  /** Rows that a file really holds. @throws when it cannot be read */
  async countRows(file: LakeFile): Promise<number> {
    const answer = await this.#connection.runAndReadAll(
      file.format === "parquet"
        ? `select num_rows::double from parquet_file_metadata(${quoteText(`${this.#folder}/${file.path}`)})`
        : `select count(*)::double from (${readTable(file.table, this.paths([file], file.table))})`
    );
    return Number(answer.getRows()[0]?.[0] ?? 0);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
