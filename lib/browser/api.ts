import type { FaultReport } from "#lib/model/fault.ts";
import { Fault, faultOf } from "#lib/model/fault.ts";
import type { PromotedScorer } from "#lib/model/promoted-scorer.ts";
import type { RunEvent } from "#lib/model/run.ts";
import type { HandfulReply, HandfulRequest, TryReply, TryRequest } from "#lib/wire/bench.ts";
import type { CellForecastReply, CellForecastRequest } from "#lib/wire/cell-forecast.ts";
import type { SchemaReply } from "#lib/wire/home.ts";
import { paths } from "#lib/wire/paths.ts";
import type {
  ComparisonEvent,
  ComparisonRequest,
  PromoteRequest,
  PromotionGroundReply,
  PromotionGroundRequest
} from "#lib/wire/promotion.ts";
import { windowHeaders } from "#lib/wire/window.ts";
import type {
  ConflictReply,
  CreateRequest,
  KernelReply,
  ProfileReply,
  ReadReply,
  RevisionsReply,
  RunRequest,
  SaveRequest,
  SelectionReply,
  SelectionRequest,
  TagReply,
  TagRequest,
  WorkbookReply,
  WorkbooksReply
} from "#lib/wire/workbook.ts";
import { readLines } from "./event-stream.ts";
import { openTable, type TableWindow } from "./table-window.ts";

/** Which rows of a table: `sort` names a column, null keeps the table's own order. */
export interface RowsAsked {
  readonly offset: number;
  readonly limit: number;
  readonly sort: string | null;
  readonly descending: boolean;
  /** Characters of a text at most; whole texts without it. */
  readonly characters?: number;
  /** Only these columns; all without it. */
  readonly only?: readonly string[];
}

/** A window of rows as Arrow bytes. */
export interface RowBytes {
  readonly bytes: Uint8Array;
  /** Rows of the whole table. */
  readonly total: number;
  /** The table's own columns. */
  readonly columns: number;
  /** Whether it ended before all its rows because of their size. */
  readonly cut: boolean;
}

/** What the page asks of the server. Every call rejects with a Fault; `broken` means the server did not answer. */
export const api = {
  listWorkbooks: () => ask<WorkbooksReply>(paths.workbooks()),
  openWorkbook: (slug: string) => ask<WorkbookReply>(paths.workbook(slug)),
  createWorkbook: (request: CreateRequest) => ask<WorkbookReply>(paths.workbooks(), "POST", request),
  removeWorkbook: (slug: string) => ask<null>(paths.workbook(slug), "DELETE"),
  listRevisions: (slug: string) => ask<RevisionsReply>(paths.revisions(slug)),
  openRevision: (slug: string, revision: number) => ask<Pick<WorkbookReply, "text">>(paths.revision(slug, revision)),
  readText: (slug: string, text: string) => ask<ReadReply>(paths.reading(slug), "POST", { text }),
  kernel: (slug: string) => ask<KernelReply>(paths.kernel(slug)),
  stop: (slug: string) => ask<null>(paths.run(slug), "DELETE"),
  profile: (slug: string, table: string) => ask<ProfileReply>(paths.cellProfile(slug, table)),
  select: (slug: string, map: string, request: SelectionRequest) =>
    ask<SelectionReply>(paths.selection(slug, map), "POST", request),
  forecastCell: (slug: string, cell: string, request: CellForecastRequest) =>
    ask<CellForecastReply>(paths.cellForecast(slug, cell), "POST", request),
  handful: (slug: string, cell: string, request: HandfulRequest, signal: AbortSignal) =>
    ask<HandfulReply>(paths.cellHandful(slug, cell), "POST", request, signal),
  tryScorer: (slug: string, cell: string, request: TryRequest, signal: AbortSignal) =>
    ask<TryReply>(paths.cellTry(slug, cell), "POST", request, signal),
  promotionGround: (slug: string, cell: string, request: PromotionGroundRequest) =>
    ask<PromotionGroundReply>(paths.cellPromotion(slug, cell), "POST", request),
  promote: (slug: string, cell: string, request: PromoteRequest) =>
    ask<PromotedScorer>(paths.cellPromotion(slug, cell), "PUT", request),
  tag: (request: TagRequest) => ask<TagReply>(paths.tags(), "POST", request),
  schema: () => ask<SchemaReply>(paths.schema()),
  packageTypes: async (name: string) =>
    (await (await send(paths.packageTypes(name), {})).json()) as Readonly<Record<string, string>>,
  contract: async () => (await send(paths.contract(), {})).text(),

  /** A save that came too late is no fault: it gives what stands now. */
  async save(slug: string, request: SaveRequest): Promise<WorkbookReply | ConflictReply> {
    const response = await fetchOrFault(paths.workbook(slug), jsonInit("PUT", request));
    const body: unknown = await response.json();
    if (response.status === 409 && isConflict(body)) return body;
    if (!response.ok) throw readFault(body, response.status);
    return body as WorkbookReply;
  },

  async rowBytes(slug: string, table: string, asked: RowsAsked): Promise<RowBytes> {
    const query = new URLSearchParams({ offset: String(asked.offset), limit: String(asked.limit) });
    if (asked.sort !== null) query.set("sort", asked.sort);
    if (asked.descending) query.set("descending", "true");
    if (asked.characters !== undefined) query.set("characters", String(asked.characters));
    for (const name of asked.only ?? []) query.append("column", name);
    const response = await send(`${paths.cellRows(slug, table)}?${query}`, {});
    const { headers } = response;
    return {
      bytes: new Uint8Array(await response.arrayBuffer()),
      total: Number(headers.get(windowHeaders.rows)),
      columns: Number(headers.get(windowHeaders.columns)),
      cut: headers.get(windowHeaders.cut) === "true"
    };
  },

  async rows(slug: string, table: string, asked: RowsAsked): Promise<TableWindow> {
    const { bytes, total, columns } = await this.rowBytes(slug, table, asked);
    return openTable(bytes, asked.offset, total, columns);
  },

  /** Runs cells; calls back for every event until the run has ended. */
  run: (slug: string, request: RunRequest, heard: (event: RunEvent) => void, signal: AbortSignal) =>
    follow(paths.run(slug), request, heard, signal),

  /** Compares a scorer with an earlier version; calls back for every event until it has ended. */
  compareScorer: (
    slug: string,
    cell: string,
    request: ComparisonRequest,
    heard: (event: ComparisonEvent) => void,
    signal: AbortSignal
  ) => follow(paths.cellComparison(slug, cell), request, heard, signal)
};

/** Posts a request and calls back for every event of its answer. @throws Fault of an event that tells of one */
async function follow<T extends { readonly kind: string }>(
  path: string,
  request: unknown,
  heard: (event: T) => void,
  signal: AbortSignal
): Promise<void> {
  const response = await send(path, { ...jsonInit("POST", request), signal });
  if (!response.body) throw new Fault("broken", "the server answered without a stream");
  for await (const line of readLines(response.body)) {
    const event = JSON.parse(line) as T | { readonly kind: "fault"; readonly fault: FaultReport };
    if (isFaultEvent(event)) throw faultOf(event.fault);
    heard(event);
  }
}

function isFaultEvent(event: {
  readonly kind: string;
}): event is { readonly kind: "fault"; readonly fault: FaultReport } {
  return event.kind === "fault";
}

/** JSON of one request. @throws Fault the server's own, or `broken` when it did not answer */
export async function ask<T>(path: string, method = "GET", body?: unknown, signal?: AbortSignal): Promise<T> {
  const init = body === undefined ? { method } : jsonInit(method, body);
  const response = await send(path, signal ? { ...init, signal } : init);
  return (await response.json()) as T;
}

function jsonInit(method: string, body: unknown): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Sends a request. @throws Fault as `ask` does */
export async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetchOrFault(path, init);
  if (response.ok) return response;
  const body: unknown = await response.json().catch((): null => null);
  throw readFault(body, response.status);
}

async function fetchOrFault(path: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(path, init);
    if (response.status === 401) goSignIn();
    return response;
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw new Fault("limit", "stopped", { cause: error });
    throw new Fault("broken", "the workbench does not answer", {
      hint: "Is it still running? What you typed is kept in this browser.",
      cause: error
    });
  }
}

/** The session has ended meanwhile: signing in again leads back to this very page. */
function goSignIn(): void {
  const { pathname, search } = location;
  if (!pathname.startsWith("/sign-in")) location.assign(`/sign-in?from=${encodeURIComponent(pathname + search)}`);
}

function isConflict(body: unknown): body is ConflictReply {
  return typeof body === "object" && body !== null && "current" in body;
}

function readFault(body: unknown, status: number): Fault {
  const report = (body as { readonly fault?: FaultReport } | null)?.fault;
  if (!report) return new Fault("broken", `the workbench answered ${status} without a reason`);
  return faultOf(report);
}
