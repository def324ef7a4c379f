import type {
  AuditCheckpoint,
  AuditFilter,
  AuditFormat,
  AuditVerdict,
  NewAuditEntry,
  SeenAuditEntry
} from "../model/audit.ts";
import type { Scope } from "../model/scope.ts";

/** Entries of a list, the newest first. */
export interface AuditPart {
  readonly entries: readonly SeenAuditEntry[];
  /** Where to look on, null at the beginning of the trail. A part may be empty and have a next: the search takes turns. */
  readonly before: number | null;
}

/** Who did what: entries are only ever added, and each is chained to the one before. */
export interface Audit {
  /**
   * Adds an entry for something that has been read. Whoever reads waits for it before the answer leaves.
   *
   * @throws Fault `broken` where it could not be kept: then the answer is not given
   */
  record(scope: Scope, entry: NewAuditEntry): Promise<void>;
  /**
   * The newest first: of the scope's units, cut to them; all where the scope holds `audit` in every unit.
   *
   * @param part.before  only entries before this one
   */
  list(
    scope: Scope,
    filter: AuditFilter,
    part: { readonly before?: number; readonly limit: number }
  ): Promise<AuditPart>;
  /**
   * A file of all of them, the oldest first, as `list` cuts them; in parts, however many there are.
   *
   * @param format  `ndjson` can be verified by itself, `csv` is a table for people
   */
  export(scope: Scope, filter: AuditFilter, format: AuditFormat, signal: AbortSignal): AsyncIterable<string>;
  /** Walks the whole chain and holds it against every checkpoint; what was found is told as `list` shows entries. */
  verify(scope: Scope, signal: AbortSignal): Promise<AuditVerdict>;
  /** Signs where the chain stands, in the state and outside it; undefined where nothing was added since the last. */
  checkpoint(): Promise<AuditCheckpoint | undefined>;
}
