import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance, JSDuckDBValueConverter } from "@duckdb/node-api";
import type { UnitMask } from "#lib/model/mask.ts";
import type { LakeFile, LakeTable, NewLakeFile } from "#lib/ports/catalog.ts";
import { quoteText } from "#lib/sql/quote.ts";
import { buildTermsSql } from "#lib/sql/search-terms.ts";
import { fileColumns, readTable, type TableFiles } from "#lib/sql/view-sql.ts";
import type { Attempt } from "./attempt.ts";
import { syncFolder } from "./batch.ts";
import { hiddenIn, hiddenName, shownTexts, termsPrefix } from "./terms-name.ts";
import { traceKeySql } from "./trace-key.ts";

/** Rows of one Parquet row group: the engine skips whole groups by their ranges. */
const rowGroupRows = 30_720;

/** As `rowGroupRows`, for words: a search reads the few groups that its words are in. */
const termGroupRows = 122_880;

const orderOf: Readonly<Record<Exclude<LakeTable, "terms">, string>> = {
  spans: "start_ts, trace_id, span_id",
  first_parts: "started_at, trace_id",
  trace_parts: "started_at, trace_id",
  scores: "scorer, trace_id",
  placements: "map_id, version, trace_id",
  embeddings: "model, text_hash"
};

/** The lake's own engine: it sees every file, and no person's question ever reaches it. */
export class LakeWriter {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #folder: string;

  /** Whether the engine ends with this writer. */
  readonly #isFirst: boolean;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, folder: string, isFirst: boolean) {
    this.#isFirst = isFirst;
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
      // What it read once is not what a damaged disk holds now, and it reads little twice.
      enable_external_file_cache: "false",
      autoload_known_extensions: "false",
      autoinstall_known_extensions: "false"
    });
    const connection = await instance.connect();
    await connection.run("create table seen_traces (hash ubigint)");
    return new LakeWriter(instance, connection, folder, true);
  }

  /** The same engine for work beside this writer's; it is closed before this one. */
  async beside(): Promise<LakeWriter> {
    return new LakeWriter(this.#instance, await this.#instance.connect(), this.#folder, false);
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
   * Keys of the traces of a Parquet file, some again and again: each as its two halves of 32 bits, the lower first.
   *
   * @param path  relative to the lake
   */
  async *traceKeys(path: string): AsyncIterable<Uint32Array> {
    const source = `read_parquet(${quoteText(`${this.#folder}/${path}`)}, hive_partitioning = false)`;
    const result = await this.#connection.stream(`select ${traceKeySql} from ${source}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      // Its `items` are not part of the declared type; a bigint for each of millions of rows would cost far more.
      const { items } = chunk.getColumnVector(0) as unknown as { readonly items: BigUint64Array };
      yield new Uint32Array(items.buffer, items.byteOffset, chunk.rowCount * 2);
    }
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
    if (table === "terms") throw new Error("a file of words is built from its spans");
    const path = attempt.newPath({ table, businessUnit, day }, "parquet");
    const columns = Object.keys(fileColumns[table])
      .map((name) => `"${name}"`)
      .join(", ");
    const written = await this.#copy(
      `${withIds(ids)} select ${columns} from (${readTable(table, this.paths(files, table))}) where ${where} order by ${orderOf[table]}`,
      path,
      `row_group_size ${rowGroupRows}`
    );
    if (written.rows === 0) {
      await rm(`${this.#folder}/${path}`);
      return undefined;
    }
    return {
      table,
      businessUnit,
      day,
      path,
      format: "parquet",
      ...written,
      minStartMs: Math.min(...files.map((file) => file.minStartMs)),
      maxStartMs: Math.max(...files.map((file) => file.maxStartMs))
    };
  }

  /**
   * Writes the words of one Parquet file of spans, as its unit shows them. A file without words has no rows and
   * stays: it says that nothing is to be found.
   *
   * @param mask  what the unit hides
   */
  writeTerms(spans: LakeFile, attempt: Attempt, mask?: UnitMask): Promise<NewLakeFile> {
    const source = `read_parquet(${quoteText(`${this.#folder}/${spans.path}`)}, hive_partitioning = false)`;
    const texts = mask ? `(${shownTexts(mask, `select * from ${source}`)})` : source;
    return this.#writeTerms(spans, attempt, hiddenName(mask), buildTermsSql(texts));
  }

  /** Writes the words of a file of spans that holds what another held, but for some traces. */
  writeTermsWithout(
    terms: LakeFile,
    spans: NewLakeFile,
    attempt: Attempt,
    traceIds: readonly string[]
  ): Promise<NewLakeFile> {
    const source = `read_parquet(${quoteText(`${this.#folder}/${terms.path}`)}, hive_partitioning = false)`;
    const rest = `${withIds(traceIds)} select term, trace_id from ${source} where trace_id not in (select id from wanted)`;
    return this.#writeTerms(spans, attempt, hiddenIn(terms.path), rest);
  }

  async #writeTerms(
    { businessUnit, day, path: spans, minStartMs, maxStartMs }: NewLakeFile,
    attempt: Attempt,
    hidden: string,
    select: string
  ): Promise<NewLakeFile> {
    const partition = { table: "terms", businessUnit, day } as const;
    const path = attempt.newPath(partition, "parquet", termsPrefix(spans, hidden));
    await mkdir(dirname(`${this.#folder}/${path}`), { recursive: true });
    const options = `row_group_size ${termGroupRows}, parquet_version v2`;
    const written = await this.#copy(select, path, options).catch(async (error: unknown) => {
      await rm(`${this.#folder}/${path}.partial`, { force: true });
      throw error;
    });
    return { ...partition, path, format: "parquet", ...written, minStartMs, maxStartMs };
  }

  /** Writes one synced Parquet file. @param path  relative to the lake */
  async #copy(select: string, path: string, options: string) {
    const target = `${this.#folder}/${path}`;
    const answer = await this.#connection.runAndReadAll(
      `copy (${select}) to ${quoteText(`${target}.partial`)} (format parquet, compression zstd, ${options})`
    );
    await syncFile(`${target}.partial`);
    await rename(`${target}.partial`, target);
    await syncFolder(dirname(target));
    return { rows: Number(answer.getRows()[0]?.[0] ?? 0), bytes: (await stat(target)).size };
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
    if (this.#isFirst) this.#instance.closeSync();
  }
}

const withIds = (ids: readonly string[]): string =>
  `with wanted as (select unnest(from_json(${quoteText(JSON.stringify(ids))}, '["VARCHAR"]')) as id)`;

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
