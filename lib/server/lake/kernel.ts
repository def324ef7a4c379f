import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import {
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  INTEGER,
  JSDuckDBValueConverter,
  TIMESTAMP,
  VARCHAR
} from "@duckdb/node-api";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { TableInfo } from "#lib/model/table.ts";
import type { ArrowAnswer, Kernel, LoadColumn, SqlValues } from "#lib/ports/kernel.ts";
import { quoteName, quoteText } from "#lib/sql/quote.ts";
import type { SelectReading } from "#lib/sql/select-reading.ts";
import type { ViewStatements } from "#lib/sql/view-sql.ts";
import { viewNames } from "#lib/sql/views.ts";
import { ArrowEncoder } from "./arrow.ts";
import { engineFault } from "./engine-fault.ts";
import { parseSelect } from "./parser.ts";

/** Functions that may stand for a table; all others would read files, settings or other catalogs. */
const tableFunctions = new Set(["range", "generate_series", "unnest", "json_each", "json_tree", "repeat", "describe"]);

/** Functions that tell about the machine and not about traces. */
const hiddenFunctions = new Set(["current_setting", "getenv", "getvariable", "write_log", "query", "query_table"]);

const chunkRows = 2048;

/** Questions whose reading a kernel remembers: a page asks the same few again and again. */
const rememberedReadings = 256;

/** What a kernel is opened with. */
export interface KernelOptions {
  /** Absolute path of the lake. */
  readonly folder: string;
  /** Absolute paths of the folders it may read, each ending in `/`. */
  readonly partitions: readonly string[];
  readonly views: ViewStatements;
  /** Tables of the state, by name. */
  readonly stateTables: Readonly<Record<string, readonly LoadColumn[]>>;
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
    await Promise.all(options.views.always.map((list) => runList(instance, list)));
    for (const [name, columns] of Object.entries(options.stateTables)) await kernel.loadTable(name, columns);
    await runList(instance, ["set lock_configuration = true"]);
  } catch (error) {
    await kernel.close();
    throw engineFault(error, "", options.folder, false);
  }
  return kernel;
}

/**
 * Works on a connection of its own: cells run side by side, and a statement that begins on a connection
 * ends the answer that another one is still reading from it.
 */
async function withConnection<T>(
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
function runList(instance: DuckDBInstance, statements: readonly string[]): Promise<void> {
  return withConnection(instance, async (connection) => {
    for (const statement of statements) await connection.run(statement);
  });
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
  readonly #instance: DuckDBInstance;
  readonly #options: KernelOptions;
  readonly #tables = new Map<string, TableInfo>();
  readonly #known: Set<string>;
  readonly #readings = new Map<string, SelectReading>();
  /** Views that a question named. */
  readonly #defined = new Map<string, Promise<void>>();
  #closed = false;

  constructor(instance: DuckDBInstance, options: KernelOptions) {
    this.#instance = instance;
    this.#options = options;
    this.snapshotId = options.snapshotId;
    this.#known = new Set([...viewNames, ...Object.keys(options.stateTables)]);
  }

  query(sql: string, values: SqlValues, limit: number, signal?: AbortSignal, mostBytes?: number): Promise<ArrowAnswer> {
    return this.#ask(sql, sql, values, signal, async (statement) => {
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

  async rows(sql: string, values: SqlValues, limit: number, signal?: AbortSignal) {
    const rows: Readonly<Record<string, unknown>>[] = [];
    for await (const part of this.stream(sql, values, signal)) {
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
    signal?: AbortSignal
  ): AsyncIterable<readonly Readonly<Record<string, unknown>>[]> {
    const session = await this.#prepare(sql, sql, values, signal);
    try {
      const result = await session.statement.stream();
      const names = result.columnNames();
      const types = result.columnTypes();
      for (;;) {
        const chunk = await result.fetchChunk();
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
    await this.#ask(`create or replace table ${quoteName(name)} as\n${sql}`, sql, values, signal, (statement) =>
      statement.run()
    );
    // Described afterwards: a statement that selects a parameter has no types before it runs.
    const columns = await withConnection(this.#instance, async (connection) =>
      describe(await connection.prepare(`select * from ${quoteName(name)} limit 0`))
    );
    return this.#register(name, columns);
  }

  async load(name: string, columns: readonly LoadColumn[]): Promise<TableInfo> {
    this.#requireFree(name);
    await this.loadTable(name, columns);
    return this.#register(
      name,
      columns.map((column) => ({ name: column.name, type: column.type }))
    );
  }

  /** As `load`, for names that only the lake itself may use. */
  async loadTable(name: string, columns: readonly LoadColumn[]): Promise<void> {
    this.#requireOpen();
    const rows = columns[0]?.values.length ?? 0;
    const uneven = columns.find(({ values }) => values.length !== rows);
    if (uneven) throw new Error(`column ${uneven.name} has ${uneven.values.length} rows, not ${rows}`);
    const list = columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(", ");
    const types = columns.map((column) => loadTypes[column.type]);
    await withConnection(this.#instance, async (connection) => {
      await connection.run(`create or replace table ${quoteName(name)} (${list})`);
      const appender = await connection.createAppender(name);
      for (let start = 0; start < rows; start += chunkRows) {
        const count = Math.min(chunkRows, rows - start);
        const chunk = DuckDBDataChunk.create(types, count);
        for (const [index, column] of columns.entries())
          chunk.setColumnValues(index, sliceValues(column, start, count));
        appender.appendDataChunk(chunk);
        if (start % (chunkRows * 8) === 0) await yieldToLoop();
      }
      appender.closeSync();
    });
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
    const memoryBytes = await this.#readNumber(
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
      rows: await this.#readNumber(`select count(*)::double from ${quoteName(name)}`)
    };
    this.#tables.set(name.toLowerCase(), info);
    this.#known.add(name.toLowerCase());
    return info;
  }

  /** The one value of one row. */
  #readNumber(sql: string): Promise<number> {
    return withConnection(this.#instance, async (connection) => {
      const answer = await connection.runAndReadAll(sql);
      return Number(answer.getRows()[0]![0]);
    });
  }

  /** Prepares one checked SELECT on a connection of its own, so that it can be interrupted alone. */
  async #prepare(statementSql: string, sql: string, values: SqlValues, signal: AbortSignal | undefined) {
    this.#requireOpen();
    if (signal?.aborted) throw new Fault("limit", "stopped");
    const connection = await this.#instance.connect();
    let stopped = false;
    let timedOut = false;
    let again: NodeJS.Timeout | undefined;
    // An interrupt that comes before the engine has begun is forgotten by it, so it is repeated.
    const stopEngine = () => {
      connection.interrupt();
      again ??= setInterval(() => connection.interrupt(), 20);
    };
    const interrupt = () => {
      stopped = true;
      stopEngine();
    };
    const timer = setTimeout(() => {
      timedOut = true;
      stopEngine();
    }, this.#options.timeoutMs);
    signal?.addEventListener("abort", interrupt, { once: true });
    if (signal?.aborted) interrupt();
    const end = () => {
      clearTimeout(timer);
      clearInterval(again);
      signal?.removeEventListener("abort", interrupt);
      connection.closeSync();
    };
    try {
      const reading = await this.#read(connection, sql);
      this.#check(reading);
      await this.#define(reading.tables);
      const statement = await connection.prepare(statementSql);
      bind(statement, values);
      return {
        statement,
        stopped: () => stopped,
        timedOut: () => timedOut,
        end
      };
    } catch (error) {
      end();
      if (isFault(error)) throw error;
      throw shiftPosition(
        engineFault(error, statementSql, this.#options.folder, stopped),
        statementSql === sql ? 0 : 1
      );
    }
  }

  async #ask<T>(
    statementSql: string,
    sql: string,
    values: SqlValues,
    signal: AbortSignal | undefined,
    work: (statement: DuckDBPreparedStatement) => Promise<T>
  ): Promise<T> {
    const session = await this.#prepare(statementSql, sql, values, signal);
    try {
      return await work(session.statement);
    } catch (error) {
      if (session.timedOut()) {
        throw new Fault("limit", `the question took longer than ${Math.round(this.#options.timeoutMs / 1000)} s`, {
          hint: "Narrow it, or aggregate first.",
          cause: error
        });
      }
      throw shiftPosition(
        engineFault(error, statementSql, this.#options.folder, session.stopped()),
        statementSql === sql ? 0 : 1
      );
    } finally {
      session.end();
    }
  }

  async #read(connection: DuckDBConnection, sql: string): Promise<SelectReading> {
    const remembered = this.#readings.get(sql);
    if (remembered) return remembered;
    const reading = await parseSelect(connection, sql);
    if ("message" in reading) throw new Fault("invalid", reading.message, { position: reading.position ?? undefined });
    if (this.#readings.size >= rememberedReadings) this.#readings.clear();
    this.#readings.set(sql, reading);
    return reading;
  }

  /** Defines the views that a question is the first to name; one that comes meanwhile waits for the same. */
  async #define(tables: readonly string[]): Promise<void> {
    for (const name of tables.map((table) => table.toLowerCase())) {
      const sql = this.#options.views.whenRead.get(name);
      if (sql === undefined) continue;
      if (!this.#defined.has(name)) this.#defined.set(name, runList(this.#instance, [sql]));
      await this.#defined.get(name);
    }
  }

  /** The second wall, in front of the engine's own: only known relations and harmless functions. */
  #check(reading: SelectReading): void {
    const [foreign] = reading.foreignTables;
    if (foreign !== undefined) throw denied(`"${foreign}"`);
    const tableFunction = reading.tableFunctions.find((name) => !tableFunctions.has(name));
    if (tableFunction !== undefined) throw denied(`${tableFunction}()`);
    const hidden = reading.functions.find(
      (name) => hiddenFunctions.has(name) || name.startsWith("pg_") || name.startsWith("duckdb_")
    );
    if (hidden !== undefined) throw denied(`${hidden}()`);
    const unknown = reading.tables.find((name) => !this.#known.has(name.toLowerCase()));
    if (unknown !== undefined) {
      throw new Fault("invalid", `there is no table or cell named "${unknown}"`, {
        hint: `There are: ${[...this.#known].sort().join(", ")}.`
      });
    }
  }
}

function denied(what: string): Fault {
  return new Fault("denied", `a cell may not read ${what}`, {
    hint: "It reads the views of its own business units and other cells, nothing else."
  });
}

/** Faults of a wrapped statement point into it; the person's text begins `lines` lower. */
function shiftPosition(fault: Fault, lines: number): Fault {
  const { position } = fault;
  if (lines === 0 || !position || position.line <= lines) return fault;
  return new Fault(fault.code, fault.message, {
    hint: fault.hint,
    detail: fault.detail,
    position: { line: position.line - lines, column: position.column },
    cause: fault.cause
  });
}

function bind(statement: DuckDBPreparedStatement, values: SqlValues): void {
  for (let index = 1; index <= statement.parameterCount; index += 1) {
    const name = statement.parameterName(index);
    const value = values[name];
    if (value === undefined) {
      throw new Fault("invalid", `the question reads "$${name}", which is no parameter here`, {
        hint: "Define it under params in the front matter."
      });
    }
    if (value === null) statement.bindNull(index);
    else if (typeof value === "string") statement.bindVarchar(index, value);
    else if (typeof value === "boolean") statement.bindBoolean(index, value);
    else if (typeof value === "bigint") statement.bindBigInt(index, value);
    else if (Number.isSafeInteger(value)) statement.bindBigInt(index, BigInt(value));
    else statement.bindDouble(index, value);
  }
}

function describe(statement: DuckDBPreparedStatement): TableInfo["columns"] {
  const count = statement.columnCount;
  return Array.from({ length: count }, (_, index) => ({
    name: statement.columnName(index),
    type: String(statement.columnType(index))
  }));
}

function readObjects(chunk: DuckDBDataChunk, names: readonly string[], types: readonly DuckDBType[]) {
  const columns = names.map((_, index) => chunk.convertColumnValues(index, JSDuckDBValueConverter));
  return Array.from({ length: chunk.rowCount }, (_, row) =>
    Object.fromEntries(names.map((name, index) => [name, plain(columns[index]![row], types[index]!)]))
  );
}

function plain(value: unknown, type: DuckDBType): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Date && type.typeId === DuckDBTypeId.DATE) return value.toISOString().slice(0, 10);
  if (Array.isArray(value)) return value.map((item: unknown) => (typeof item === "bigint" ? Number(item) : item));
  return value;
}

const loadTypes: Readonly<Record<LoadColumn["type"], DuckDBType>> = {
  VARCHAR,
  DOUBLE,
  INTEGER,
  BOOLEAN,
  TIMESTAMP
};

function sliceValues(column: LoadColumn, start: number, count: number) {
  const part = Array.from(column.values.slice(start, start + count) as ArrayLike<string | number | boolean | null>);
  if (column.type !== "TIMESTAMP") return part;
  return part.map((ms) => (ms === null ? null : new DuckDBTimestampValue(BigInt(Math.round(Number(ms) * 1000)))));
}

/** Lets other requests have the loop. */
function yieldToLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
