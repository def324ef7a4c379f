import type { BusinessUnit } from "../model/scope.ts";

/**
 * The tables that the lake keeps in files. `first_parts` holds at most one part of each trace;
 * `trace_parts` those that came for a trace already there, until a flush unites them. A file of `terms` says
 * which words the traces of one file of `spans` hold, and has its name.
 */
export type LakeTable = "spans" | "first_parts" | "trace_parts" | "scores" | "placements" | "embeddings" | "terms";

/** A file that is about to join the lake. */
export interface NewLakeFile {
  readonly table: LakeTable;
  readonly businessUnit: BusinessUnit;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** Relative to the lake's folder, with `/`. */
  readonly path: string;
  readonly format: "ndjson" | "parquet";
  readonly rows: number;
  readonly bytes: number;
  /** Range of the rows' start times, ms since 1970 UTC. */
  readonly minStartMs: number;
  readonly maxStartMs: number;
}

/** A file of the lake and the snapshots it belongs to: from `addedSnapshot` up to, not with, `removedSnapshot`. */
export interface LakeFile extends NewLakeFile {
  readonly fileId: string;
  readonly addedSnapshot: number;
  readonly removedSnapshot: number | null;
}

/** Which files make up the lake at which snapshot. Snapshots are numbered from 1 without gaps; 0 is empty. */
export interface Catalog {
  currentSnapshot(): Promise<number>;
  /** Files of one snapshot, ordered by table, unit, day and path. */
  listFiles(filter: {
    readonly snapshotId: number;
    readonly tables?: readonly LakeTable[];
    readonly businessUnits?: readonly BusinessUnit[];
  }): Promise<readonly LakeFile[]>;
  /** Files of units that joined after a snapshot, those that have left since included, in the order they joined. */
  listJoinedFiles(filter: {
    readonly after: number;
    readonly businessUnits: readonly BusinessUnit[];
  }): Promise<readonly LakeFile[]>;
  /** Units with at least one file now, sorted. */
  listBusinessUnits(): Promise<readonly BusinessUnit[]>;
  /**
   * Makes the next snapshot in one transaction, or nothing.
   *
   * @param change.remove            ids of files that leave
   * @param change.refuse            files that are part of no snapshot and can never become one
   * @param change.expectedSnapshot  what the change was made from
   * @returns the id of the new snapshot
   * @throws Fault `conflict` when a file to remove is gone already, or files of a unit that it adds to came or
   *         left since `expectedSnapshot`
   * @throws Fault `limit` when the disk of the state is full; every Fault means that nothing was changed
   */
  commit(change: {
    readonly add: readonly NewLakeFile[];
    readonly remove: readonly string[];
    readonly refuse?: readonly NewLakeFile[];
    readonly expectedSnapshot?: number;
  }): Promise<number>;
  /** Every file the catalog knows, removed ones too. */
  listAllFiles(): Promise<readonly LakeFile[]>;
  /** Whether a snapshot can be read in full: it was made, and none of its files was forgotten. 0 always can. */
  isReadable(snapshotId: number): Promise<boolean>;
  /**
   * Says which snapshot is the oldest that a reader reads now, or none. A reader says it again while it reads,
   * so that the word of one that was killed grows old.
   */
  pin(readerId: string, snapshotId: number | null): Promise<void>;
  /**
   * Forgets files that left the lake, and with them the snapshots that they were part of.
   *
   * @param removedBeforeMs  files that left by this instant are forgotten
   * @param pinnedSinceMs    of readers that said so since; files of their snapshots stay
   * @returns paths of the forgotten files, whose bytes can go
   */
  expire(limits: { readonly removedBeforeMs: number; readonly pinnedSinceMs: number }): Promise<readonly string[]>;
}
