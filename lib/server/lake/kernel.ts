import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { DuckDBInstance, type DuckDBPreparedStatement } from "@duckdb/node-api";
import { Fault } from "#lib/model/fault.ts";
import { maskKey } from "#lib/model/mask.ts";
import type { TableInfo } from "#lib/model/table.ts";
import type { ArrowAnswer, Kernel, LoadColumn, Near, SqlValues } from "#lib/ports/kernel.ts";
import { quoteName, quoteText } from "#lib/sql/quote.ts";
import { viewNames } from "#lib/sql/views.ts";
import { ArrowEncoder } from "./arrow.ts";
import { engineFault } from "./engine-fault.ts";
import { readNumber, runList, withConnection } from "./kernel-connection.ts";
import { loadTable } from "./kernel-load.ts";
import { KernelQuestions } from "./kernel-questions.ts";
import { listRelations, type RelationOptions } from "./kernel-relations.ts";
import { readObjects } from "./kernel-rows.ts";
import { KernelSearches, type SearchFile } from "./kernel-searches.ts";

/** What a kernel is opened with. */
export interface KernelOptions extends RelationOptions {
  /** Absolute path of the lake. */
  readonly folder: string;
  /** Who asks. */
  readonly owner: string;
  /** Absolute paths of the folders it may read, each ending in `/`. */
  readonly partitions: readonly string[];
  /** SELECTs that stand for views where their rows lie near, by name. */
  readonly near: (place: Near) => ReadonlyMap<string, string>;
  /** Files that `search` reads. */
  readonly searchFiles: readonly SearchFile[];
  readonly snapshotId: number;
  /** Folder of its own for what does not fit in memory; made, and removed at close. */
  readonly spillFolder: string;
  readonly memoryLimitBytes: number;
  readonly spillLimitBytes: number;
  readonly threads: number;
  /** Longest time one question may take. */
  readonly timeoutMs: number;
  readonly onClose: (kernel: Kernel) => void;
}

/** Opens one locked engine instance; from here on the engine itself refuses everything outside. */
export async function openKernel(options: KernelOptions): Promise<Kernel> {
  await mkdir(options.spillFolder, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(options.threads),
    memory_limit: `${Math.round(options.memoryLimitBytes / 1e6)}MB`,
    temp_directory: options.spillFolder,
    max_temp_directory_size: `${Math.round(options.spillLimitBytes / 1e6)}MB`,
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
    allow_community_extensions: "false",
    allow_unsigned_extensions: "false",
    // The engine's own idea of the time zone and of the number of cores must not change an answer.
    preserve_insertion_order: "true"
  });
  const kernel = new LakeKernel(instance, options);
  try {
    await runList(instance, [
      `set allowed_directories = [${options.partitions.map(quoteText).join(", ")}]`,
      "set enable_external_access = false"
    ]);
    await runList(instance, ["set lock_configuration = true"]);
  } catch (error) {
    await kernel.close();
    throw engineFault(error, "", options.folder, false);
  }
  return kernel;
}

/**
 * A table of a kernel as a Parquet file.
 *
 * @param kernel  one that `openKernel` opened
 */
export async function writeKernelParquet(kernel: Kernel, table: TableInfo): Promise<Uint8Array> {
  if (!(kernel instanceof LakeKernel)) throw new TypeError("this kernel is not of the lake");
  return kernel.writeParquet(table.name);
}

class LakeKernel implements Kernel {
  readonly snapshotId: number;
  readonly maskKey: string;
  readonly #instance: DuckDBInstance;
  readonly #options: KernelOptions;
  readonly #tables = new Map<string, TableInfo>();
  readonly #known: Set<string>;
  readonly #questions: KernelQuestions;
  readonly #measuring = new Set<Promise<unknown>>();
  #closed = false;

  constructor(instance: DuckDBInstance, options: KernelOptions) {
    this.#instance = instance;
    this.#options = options;
    this.snapshotId = options.snapshotId;
    this.maskKey = maskKey(options.masks);
    this.#known = new Set([...viewNames, ...options.views.keys(), ...Object.keys(options.stateTables)]);
    this.#questions = new KernelQuestions(instance, {
      folder: options.folder,
      owner: options.owner,
      timeoutMs: options.timeoutMs,
      relations: listRelations(instance, options),
      near: options.near,
      known: this.#known,
      searches: new KernelSearches(instance, options.searchFiles, options.masks)
    });
  }

  query(sql: string, values: SqlValues, limit: number, signal?: AbortSignal, mostBytes?: number): Promise<ArrowAnswer> {
    this.#requireOpen();
    return this.#questions.ask(sql, sql, values, signal, async (statement) => {
      const result = await statement.stream();
      const encoder = new ArrowEncoder(result.columnNames(), result.columnTypes(), mostBytes);
      let cut = false;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) break;
        const before = encoder.rows;
        await encoder.append(chunk, Math.max(0, Math.min(limit - before, chunk.rowCount)));
        cut = encoder.rows - before < chunk.rowCount;
        if (cut) break;
      }
      return { bytes: encoder.finish(), rows: encoder.rows, cut };
    });
  }

  async rows(sql: string, values: SqlValues, limit: number, signal?: AbortSignal, near?: Near) {
    const rows: Readonly<Record<string, unknown>>[] = [];
    for await (const part of this.stream(sql, values, signal, near)) {
      for (const row of part) {
        if (rows.length >= limit) return rows;
        rows.push(row);
      }
      if (rows.length >= limit) return rows;
    }
    return rows;
  }

  async *stream(
    sql: string,
    values: SqlValues,
    signal?: AbortSignal,
    near?: Near
  ): AsyncIterable<readonly Readonly<Record<string, unknown>>[]> {
    this.#requireOpen();
    const session = await this.#questions.prepare(sql, sql, values, signal, near);
    try {
      const result = await session.turn(() => session.statement.stream());
      const names = result.columnNames();
      const types = result.columnTypes();
      for (;;) {
        const chunk = await session.turn(() => result.fetchChunk());
        if (!chunk || chunk.rowCount === 0) return;
        yield readObjects(chunk, names, types);
      }
    } catch (error) {
      throw engineFault(error, sql, this.#options.folder, session.stopped());
    } finally {
      session.end();
    }
  }

  async materialise(name: string, sql: string, values: SqlValues, signal?: AbortSignal): Promise<TableInfo> {
    this.#requireFree(name);
    this.#requireOpen();
    await this.#questions.ask(
      `create or replace table ${quoteName(name)} as\n${sql}`,
      sql,
      values,
      signal,
      (statement) => statement.run()
    );
    // Described afterwards: a statement that selects a parameter has no types before it runs.
    const columns = await withConnection(this.#instance, async (connection) =>
      describe(await connection.prepare(`select * from ${quoteName(name)} limit 0`))
    );
    return this.#register(name, columns);
  }

  async load(name: string, columns: readonly LoadColumn[]): Promise<TableInfo> {
    this.#requireFree(name);
    this.#requireOpen();
    await loadTable(this.#instance, name, columns);
    return this.#register(
      name,
      columns.map((column) => ({ name: column.name, type: column.type }))
    );
  }

  /** The rows of a table as a Parquet file. The spill folder is the one place the engine may write to. */
  async writeParquet(name: string): Promise<Uint8Array> {
    this.#requireOpen();
    const path = `${this.#options.spillFolder}/download-${randomUUID()}.parquet`;
    try {
      await runList(this.#instance, [
        `copy (select * from ${quoteName(name)}) to ${quoteText(path)} (format parquet, compression zstd)`
      ]);
      return await readFile(path);
    } catch (error) {
      throw engineFault(error, "", this.#options.folder, false);
    } finally {
      await rm(path, { force: true });
    }
  }

  async drop(name: string): Promise<void> {
    this.#requireOpen();
    if (!this.#tables.delete(name.toLowerCase())) return;
    this.#known.delete(name.toLowerCase());
    await runList(this.#instance, [`drop table if exists ${quoteName(name)}`]);
  }

  async listTables(): Promise<readonly TableInfo[]> {
    return [...this.#tables.values()];
  }

  async usage() {
    this.#requireOpen();
    const measuring = this.#measure();
    this.#measuring.add(measuring);
    return measuring.finally(() => this.#measuring.delete(measuring));
  }

  async #measure() {
    const memoryBytes = await readNumber(
      this.#instance,
      "select coalesce(sum(memory_usage_bytes), 0)::double from duckdb_memory()"
    );
    let spilledBytes = 0;
    for (const name of await readdir(this.#options.spillFolder)) {
      // The engine removes spill files at any moment; one that is gone holds nothing.
      const found = await stat(`${this.#options.spillFolder}/${name}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      });
      spilledBytes += found?.size ?? 0;
    }
    return { memoryBytes, spilledBytes };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // Whoever measures does not count as a user, and the engine does not survive being closed under a question.
    await Promise.allSettled(this.#measuring);
    this.#instance.closeSync();
    await rm(this.#options.spillFolder, { recursive: true, force: true });
    this.#options.onClose(this);
  }

  #requireOpen(): void {
    if (this.#closed) throw new Fault("limit", "this kernel was closed to make room", { hint: "Run the cell again." });
  }

  #requireFree(name: string): void {
    if (viewNames.includes(name.toLowerCase())) {
      throw new Fault("invalid", `"${name}" is a view of the lake and no name for a cell`, {
        hint: "Choose another name."
      });
    }
  }

  async #register(name: string, columns: TableInfo["columns"]): Promise<TableInfo> {
    const info = {
      name,
      columns,
      rows: await readNumber(this.#instance, `select count(*)::double from ${quoteName(name)}`)
    };
    this.#tables.set(name.toLowerCase(), info);
    this.#known.add(name.toLowerCase());
    return info;
  }
}

function describe(statement: DuckDBPreparedStatement): TableInfo["columns"] {
  const count = statement.columnCount;
  return Array.from({ length: count }, (_, index) => ({
    name: statement.columnName(index),
    type: String(statement.columnType(index))
  }));
}
