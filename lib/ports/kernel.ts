import type { BusinessUnit } from "../model/scope.ts";
import type { SqlValue, TableInfo } from "../model/table.ts";

/** Rows as Arrow IPC stream bytes. */
export interface ArrowAnswer {
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** True when the answer was longer than the limit. */
  readonly cut: boolean;
}

/** Named parameters of a statement, without the `$`. */
export type SqlValues = Readonly<Record<string, SqlValue>>;

/**
 * Where the answer to a question lies, so that the engine opens the files alone that may hold it. Of everything else the
 * answer may hold some or nothing: the question itself says which rows it wants.
 */
export type Near =
  /** In `traces`, `scores` and `score_history`, of traces whose ids end as one of these does in 16 characters. */
  | { readonly traceIds: readonly string[] }
  /** In `spans`; days as `YYYY-MM-DD`, both included. */
  | { readonly businessUnit: BusinessUnit; readonly firstDay: string; readonly lastDay: string };

/** A column of a table that is loaded from outside the engine. */
export type LoadColumn =
  | { readonly name: string; readonly type: "VARCHAR"; readonly values: readonly (string | null)[] }
  | {
      readonly name: string;
      readonly type: "DOUBLE";
      readonly values: Float64Array | Float32Array | readonly (number | null)[];
    }
  | { readonly name: string; readonly type: "INTEGER"; readonly values: Int32Array | readonly (number | null)[] }
  | { readonly name: string; readonly type: "BOOLEAN"; readonly values: readonly (boolean | null)[] }
  /** Milliseconds since 1970 UTC. */
  | { readonly name: string; readonly type: "TIMESTAMP"; readonly values: readonly (number | null)[] };

/**
 * One locked engine instance: the lake's views of one scope at one snapshot, and the tables that cells
 * make. A question is one SELECT; anything else is a Fault `denied`. A failing question is a Fault
 * `invalid` with the engine's own sentence and, where known, the position.
 * Aborting the signal interrupts the engine and rejects with a Fault `limit` "stopped".
 */
export interface Kernel {
  readonly snapshotId: number;
  /** The rules by which it hides what it hides; empty where it hides nothing. */
  readonly maskKey: string;

  /**
   * @param limit      rows at most; `cut` says whether there were more
   * @param mostBytes  no row is taken after the one that reaches this size; `cut` says whether there were more
   */
  query(sql: string, values: SqlValues, limit: number, signal?: AbortSignal, mostBytes?: number): Promise<ArrowAnswer>;

  /**
   * Rows as objects, for small answers the server itself reads. BIGINT arrives as number where it is safe.
   *
   * @param near  where they lie; `sql` then begins with `select`
   */
  rows(
    sql: string,
    values: SqlValues,
    limit: number,
    signal?: AbortSignal,
    near?: Near
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;

  /** Streams an answer in chunks of at most 2048 rows, as objects; memory stays bounded by the reader's pace. */
  stream(
    sql: string,
    values: SqlValues,
    signal?: AbortSignal,
    near?: Near
  ): AsyncIterable<readonly Readonly<Record<string, unknown>>[]>;

  /** Makes or replaces a table of the kernel from a SELECT. */
  materialise(name: string, sql: string, values: SqlValues, signal?: AbortSignal): Promise<TableInfo>;

  /** Makes or replaces a table of the kernel from columns of equal length. */
  load(name: string, columns: readonly LoadColumn[]): Promise<TableInfo>;

  /** Removes a table of the kernel; nothing happens when there is none. */
  drop(name: string): Promise<void>;

  listTables(): Promise<readonly TableInfo[]>;

  /** Bytes the instance holds in memory now, and on disk for what was spilled. */
  usage(): Promise<{ readonly memoryBytes: number; readonly spilledBytes: number }>;

  close(): Promise<void>;
}
