import type { CellKind, ParamSpec, ParamValue, ScheduleSpec } from "../model/cell.ts";
import { Fault, type FaultReport } from "../model/fault.ts";
import { refuseMasked } from "../model/mask.ts";
import type { CellState } from "../model/run.ts";
import type { Picked, Selection } from "../model/selection.ts";
import type { WorkbookAccess } from "../model/share.ts";
import { type Fields, integer, object, optional, record, text } from "./parse.ts";
import { parsePicked, parseSelection } from "./selections.ts";

/** A workbook for the page. */
export interface WorkbookReply {
  readonly slug: string;
  readonly title: string;
  readonly text: string;
  readonly revision: number;
  readonly userId: string;
  readonly ownerId: string;
  readonly savedAtMs: number;
  /** What the reader may do with it. */
  readonly access: WorkbookAccess;
  /** As people call who saved it last, and who owns it. */
  readonly savedBy: string;
  readonly owner: string;
}

/** GET /api/workbooks */
export interface WorkbooksReply {
  readonly workbooks: readonly Omit<WorkbookReply, "text">[];
}

/** POST /api/workbooks */
export interface CreateRequest {
  readonly title: string;
  /** A starting text; a small example when absent. */
  readonly text?: string;
}

/** PUT /api/workbooks/:slug. A conflict is HTTP 409 with a ConflictReply. */
export interface SaveRequest {
  readonly text: string;
  readonly baseRevision: number;
}

/** What stands now where a save came too late. */
export interface ConflictReply {
  readonly fault: FaultReport;
  readonly current: WorkbookReply;
}

/** POST reading */
export interface ReadRequest {
  readonly text: string;
}

/** One cell as the page draws it. */
export interface CellReading {
  readonly key: string;
  readonly kind: CellKind;
  readonly name: string | null;
  readonly text: string;
  readonly line: number;
  /** Keys of cells it reads. */
  readonly reads: readonly string[];
  readonly fault: FaultReport | null;
  /** Of a map cell: the model that its vectors would come from; absent where they are made here. */
  readonly vectorModel?: string;
  /** Of a map cell with a facet: the model that it would be asked of. */
  readonly facetModel?: string;
  /** Of a score cell whose scorer is a judge: the model that it would ask. */
  readonly judgeModel?: string;
}

/** What a text means. `fault` is one that concerns the whole text; then `cells` may be empty. */
export interface ReadReply {
  readonly title: string;
  readonly businessUnits: readonly string[];
  readonly params: Readonly<Record<string, ParamSpec>>;
  /** Values to choose from, for params of type `choice`. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  readonly schedule: ScheduleSpec | null;
  readonly cells: readonly CellReading[];
  readonly fault: FaultReport | null;
}

/** POST run */
export interface RunRequest {
  readonly text: string;
  /** `all`, `stale`, or the keys asked for; what they read runs first where it is stale. */
  readonly cells: "all" | "stale" | readonly string[];
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** GET kernel: cells that have a result, so that a reload shows them. */
export interface KernelReply {
  readonly running: boolean;
  readonly snapshotId: number | null;
  /** True when the lake holds newer data than the results stand on: run all or stale to see it. */
  readonly moved?: boolean;
  readonly cells: Readonly<Record<string, KernelCell>>;
}

/** A result and what it was made from. */
export interface KernelCell {
  readonly text: string;
  readonly cell: CellState;
  /** Parameters as given or defaulted; absent for a cell that runs now. */
  readonly params?: Readonly<Record<string, ParamValue>>;
}

/** GET revisions */
export interface RevisionsReply {
  readonly revisions: readonly { readonly revision: number; readonly savedBy: string; readonly savedAtMs: number }[];
}

/** POST what is picked on a map: a polygon in map coordinates, at least three corners; or traces one by one. */
export type SelectionRequest = Picked;

export interface SelectionReply {
  readonly table: string;
  readonly rows: number;
}

/** POST /api/tags: ids, a selection, or all rows of a table of a workbook's kernel that has `trace_id`. */
export interface TagRequest {
  readonly traceIds?: readonly string[];
  readonly selection?: Selection;
  readonly workbook?: string;
  readonly table?: string;
  readonly label: string;
  readonly note: string;
}

export interface TagReply {
  readonly added: number;
}

/** GET profile: one entry per column. */
export interface ProfileReply {
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly nulls: number;
    readonly distinct: number | null;
    /** Bin counts for numbers and times, of equal width from `low` to `high`. */
    readonly bins: readonly number[] | null;
    readonly low: number | string | null;
    readonly high: number | string | null;
    /** The commonest values with counts, for text. */
    readonly top: readonly (readonly [string, number])[] | null;
  }[];
}

export interface DiagnosticsReply {
  readonly diagnostics: readonly { readonly message: string; readonly line: number; readonly column: number }[];
}

/** @throws Fault `invalid` naming the field */
export function parseCreateRequest(body: unknown): CreateRequest {
  const fields = object(body, "the new workbook");
  const start = optional(fields, "text", text);
  return { title: text(fields, "title"), ...(start === undefined ? {} : { text: start }) };
}

/** @throws Fault `invalid` naming the field */
export function parseSaveRequest(body: unknown): SaveRequest {
  const fields = object(body, "the save");
  return { text: text(fields, "text"), baseRevision: integer(fields, "baseRevision") };
}

/** @throws Fault `invalid` naming the field */
export function parseReadRequest(body: unknown): ReadRequest {
  return { text: text(object(body, "the reading"), "text") };
}

/** @throws Fault `invalid` naming the field */
export function parseRunRequest(body: unknown): RunRequest {
  const fields = object(body, "the run");
  const cells = fields["cells"];
  const params = record(fields, "params");
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && !["string", "number", "boolean"].includes(typeof value)) {
      throw new Fault("invalid", `parameter "${name}" is not a text, number, boolean or null`);
    }
  }
  if (
    cells !== "all" &&
    cells !== "stale" &&
    !(Array.isArray(cells) && cells.every((key) => typeof key === "string"))
  ) {
    throw new Fault("invalid", `"cells" is neither "all", "stale" nor a list of cell keys`);
  }
  return { text: text(fields, "text"), cells, params: params as RunRequest["params"] };
}

/** @throws Fault `invalid` naming the field */
export function parseSelectionRequest(body: unknown): SelectionRequest {
  return parsePicked(object(body, "the selection"));
}

/** @throws Fault `invalid` naming the field */
export function parseTagRequest(body: unknown): TagRequest {
  const fields: Fields = object(body, "the tag");
  const traceIds = fields["traceIds"];
  if (traceIds !== undefined && !(Array.isArray(traceIds) && traceIds.every((id) => typeof id === "string"))) {
    throw new Fault("invalid", `"traceIds" is not a list of trace ids`);
  }
  const label = text(fields, "label").trim();
  if (label === "" || label.length > 100)
    throw new Fault("invalid", `a label has 1 to 100 characters, not ${label.length}`);
  refuseMasked(optional(fields, "note", text), "a note");
  const workbook = optional(fields, "workbook", text);
  const table = optional(fields, "table", text);
  const selection = optional(fields, "selection", (all, name) => parseSelection(all[name]));
  return {
    label,
    note: optional(fields, "note", text) ?? "",
    ...(traceIds === undefined ? {} : { traceIds: traceIds as string[] }),
    ...(selection === undefined ? {} : { selection }),
    ...(workbook === undefined ? {} : { workbook }),
    ...(table === undefined ? {} : { table })
  };
}
