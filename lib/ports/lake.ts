import type { Embedding } from "../model/embedding.ts";
import type { Placement } from "../model/placement.ts";
import type { BusinessUnit, Scope } from "../model/scope.ts";
import type { ScoreRecord } from "../model/score.ts";
import type { Span } from "../model/span.ts";
import type { LakeTable } from "./catalog.ts";
import type { Kernel } from "./kernel.ts";

/** What an append did. Spans already there with the same content are `unchanged`; with other content `replaced`. */
export interface AppendSummary {
  readonly spansAdded: number;
  readonly spansReplaced: number;
  readonly spansUnchanged: number;
  readonly scoresAdded: number;
  readonly scoresUnchanged: number;
  /** The snapshot in which the batch is visible; the earlier one where nothing changed. */
  readonly snapshotId: number;
}

/** Traces or scores of some units that came with one snapshot. */
export interface Arrival {
  readonly snapshotId: number;
  readonly table: LakeTable;
  readonly rows: number;
}

/** What was appended after a snapshot. */
export interface Arrivals {
  readonly kernel: Kernel;
  /** Of every trace in it all is in it, so that the lake need not be asked for the rest. */
  readonly areWhole: boolean;
}

/** A disagreement between catalog and files. */
export interface LakeProblem {
  readonly path: string;
  /** What is wrong and what it means for the traces in it. */
  readonly message: string;
}

/** The trace lake: Parquet files under business unit and day, and the catalog of them. */
export interface Lake {
  /** The newest snapshot; 0 for an empty lake. */
  snapshotId(): Promise<number>;

  /** Units that have data in the lake, sorted. What a scope may see is decided by its caller. */
  listBusinessUnits(): Promise<readonly string[]>;

  /**
   * Adds spans, scores, placements and embeddings, all or none. When it resolves they are synced to disk and visible to new
   * kernels; of a process killed before nothing is ever read, and what it left is swept away.
   * A trace may arrive in several batches; (traceId, spanId) is the identity and the later wins.
   *
   * @throws Fault `denied` for a unit outside the scope, unless the scope holds `admin`
   * @throws Fault `limit` when the disk is full or nearly so; nothing was written
   */
  append(
    scope: Scope,
    batch: {
      readonly spans: readonly Span[];
      readonly scores: readonly ScoreRecord[];
      readonly placements?: readonly Placement[];
      readonly embeddings?: readonly Embedding[];
    }
  ): Promise<AppendSummary>;

  /**
   * Spans of a unit by their ids, as they were appended; those that are not there are left out.
   *
   * @throws Fault `denied` for a unit outside the scope, unless the scope holds `admin`
   */
  findSpans(
    scope: Scope,
    businessUnit: BusinessUnit,
    wanted: readonly Pick<Span, "traceId" | "spanId">[]
  ): Promise<readonly Span[]>;

  /**
   * Turns batches that are still newline-delimited JSON into sorted Parquet; readers see no difference.
   * Removes files that left the lake a while ago and that no kernel reads, and what writes that did not end left.
   * Writes the words by which traces are found, as their units show them.
   *
   * @returns false where there was no time for all of the words: another flush goes on, and searches read texts till then
   * @throws Fault `limit` when the disk is full; nothing was changed by the part that met it
   */
  flush(): Promise<boolean>;

  /** The rules that are in force for the scope's units, as `Kernel.maskKey` has them. */
  maskKey(scope: Scope): Promise<string>;

  /**
   * Opens an engine instance that sees the scope's units and nothing else, pinned to a snapshot.
   *
   * @param snapshotId  the newest when absent
   * @throws Fault `missing` for a snapshot whose files are gone
   */
  openKernel(
    scope: Scope,
    options?: {
      readonly snapshotId?: number;
      readonly memoryLimitBytes?: number;
      /** `YYYY-MM-DD`: what lies on earlier days of UTC is left out. */
      readonly firstDay?: string;
      /** Opens sooner: all other tables of the lake are empty then, and there are none of the state. */
      readonly only?: LakeTable;
    }
  ): Promise<Kernel>;

  /**
   * Opens an engine instance in which nothing is hidden and that holds no tables of the state. For the one door that
   * reveals, which keeps account of it.
   */
  openUnmasked(scope: Scope): Promise<Kernel>;

  /**
   * Opens an engine instance that sees only what was appended after a snapshot, even where it has been sorted
   * into other files since. Of a trace that was there before, it sees the new part; traces whose parts a flush
   * put together are seen again. It holds no tables of the state, and beside the views `arrived`: trace_id,
   * business_unit, date, has_root, is_whole of every piece that came; one that is whole holds all of its trace so far.
   *
   * @param until  what came with later snapshots is left out; the newest when absent
   * @returns undefined where the snapshot is so old that this can no longer be told
   */
  openArrivals(scope: Scope, since: number, until?: number): Promise<Arrivals | undefined>;

  /**
   * What was appended to the scope's units after a snapshot, in the order it came; costs a look at the catalog alone.
   *
   * @returns undefined where the snapshot is so old that this can no longer be told
   */
  listArrivals(scope: Scope, since: number): Promise<readonly Arrival[] | undefined>;

  /** Compares catalog and files; empty when they agree. */
  verify(): Promise<readonly LakeProblem[]>;

  close(): Promise<void>;
}
