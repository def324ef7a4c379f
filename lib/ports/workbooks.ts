import type { Scope } from "../model/scope.ts";
import type { WorkbookAccess } from "../model/share.ts";

/** A workbook as it is kept: its newest text and where that stands. */
export interface StoredWorkbook {
  /** Lower-case letters, digits and dashes; in URLs and on the command line. */
  readonly slug: string;
  readonly title: string;
  readonly text: string;
  /** From 1, one more for every save. */
  readonly revision: number;
  /** Who saved it last. */
  readonly userId: string;
  /** Who made it. */
  readonly ownerId: string;
  readonly savedAtMs: number;
  /** What the one who asks may do with it. */
  readonly access: WorkbookAccess;
}

/** One saved text of a workbook. Revisions are never changed. */
export interface Revision {
  readonly revision: number;
  readonly userId: string;
  readonly savedAtMs: number;
  readonly text: string;
}

/** What became of a save. A conflict changes nothing and gives both texts' whereabouts. */
export type SaveOutcome =
  | { readonly kind: "saved"; readonly workbook: StoredWorkbook }
  | { readonly kind: "conflict"; readonly current: StoredWorkbook };

/**
 * The workbooks of the state, with every revision of each. One that is neither the asker's own nor shared with them is
 * everywhere as if it did not exist; who administers every unit sees all.
 */
export interface Workbooks {
  list(scope: Scope): Promise<readonly Omit<StoredWorkbook, "text">[]>;
  find(scope: Scope, slug: string): Promise<StoredWorkbook | undefined>;
  /** What the one who asks may do with a workbook, without its text. */
  accessTo(scope: Scope, slug: string): Promise<WorkbookAccess | undefined>;
  /** @throws Fault `conflict` when the slug is taken */
  create(scope: Scope, slug: string, title: string, text: string): Promise<StoredWorkbook>;
  /**
   * Saves only when `baseRevision` is still the newest; the same text again changes nothing.
   *
   * @throws Fault `missing`; `denied` for who may not edit it
   */
  save(scope: Scope, slug: string, title: string, text: string, baseRevision: number): Promise<SaveOutcome>;
  /** The newest first, at most 200. */
  listRevisions(scope: Scope, slug: string): Promise<readonly Omit<Revision, "text">[]>;
  findRevision(scope: Scope, slug: string, revision: number): Promise<Revision | undefined>;
  /** @throws Fault `denied` for one that others own */
  remove(scope: Scope, slug: string): Promise<void>;
}
