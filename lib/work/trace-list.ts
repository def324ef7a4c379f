import { Fault } from "#lib/model/fault.ts";
import type { Kernel, SqlValues } from "#lib/ports/kernel.ts";
import { quoteText } from "#lib/sql/quote.ts";
import { parseSearch } from "#lib/sql/search-query.ts";
import { listTerms } from "#lib/sql/search-terms.ts";
import type { SortColumn, TraceFilter, TraceSort } from "#lib/wire/trace-filter.ts";
import type { TraceRow, TracesReply } from "#lib/wire/traces.ts";
import { buildCondition, conjunction, dayBound } from "./trace-question.ts";
import { type Row, readSummary, shownColumns } from "./trace-rows.ts";
import { addExcerpts } from "./trace-search.ts";

/** What a column is ordered by, over `traces t`. */
const sortKeys: Readonly<Record<SortColumn, string>> = {
  began: "t.started_at",
  unit: "t.business_unit",
  status: "t.status",
  agent: "coalesce(t.agent, t.name)",
  duration: "t.duration_ms",
  spans: "t.spans",
  llmCalls: "t.llm_calls",
  toolCalls: "t.tool_calls",
  errors: "t.errors",
  tokens: "coalesce(t.tokens_in + t.tokens_out, t.tokens_in, t.tokens_out)",
  cost: "t.cost_usd"
};

/** One page of the list in the order of the filter. @throws Fault `invalid` for a foreign cursor */
export async function listTraces(kernel: Kernel, filter: TraceFilter, signal?: AbortSignal): Promise<TracesReply> {
  for (const fromMs of await listBegins(kernel, filter, signal)) {
    const page = await listPage(kernel, { ...filter, fromMs }, signal);
    if (page.next !== null) return page;
  }
  return listPage(kernel, filter, signal);
}

/** Days back from the newest trace in which phrases are looked for before they are in all of the range. */
const searchedDays = [1, 4, 16];

/**
 * Where to begin, ms since 1970, before the whole range is asked. Telling whether a trace says a phrase takes
 * reading it, and a page of the newest is mostly filled by a few days; asking for them first costs at most a
 * third more where it is not.
 */
async function listBegins(kernel: Kernel, filter: TraceFilter, signal?: AbortSignal): Promise<readonly number[]> {
  if (filter.sort.column !== "began" || !filter.sort.isDescending || !holdsPhrase(filter.text)) return [];
  const cursor = filter.before === null ? null : parseCursor(filter.before);
  const [row] = await kernel.rows(`select epoch_ms(max("date"))::double as newest from traces`, {}, 1, signal);
  const bounds = [
    Number(row?.["newest"] ?? 0) + dayMs,
    filter.toMs,
    typeof cursor?.key === "number" ? cursor.key / 1000 : null
  ];
  const newestMs = Math.min(...bounds.filter((bound) => bound !== null));
  return searchedDays
    .map((days) => Math.floor(newestMs / dayMs - days) * dayMs)
    .filter((fromMs) => filter.fromMs === null || fromMs > filter.fromMs);
}

/** Whether words have to follow one another, which the index does not tell. */
const holdsPhrase = (text: string): boolean => parseSearch(text).some((piece) => listTerms(piece.text).length > 1);

const dayMs = 86_400_000;

async function listPage(kernel: Kernel, filter: TraceFilter, signal?: AbortSignal): Promise<TracesReply> {
  const condition = buildCondition(filter);
  const cursor = filter.before === null ? null : parseCursor(filter.before);
  const key = sortKeys[filter.sort.column];
  const direction = filter.sort.isDescending ? "desc" : "asc";
  const order = `order by ${key} ${direction} nulls last, t.trace_id desc, t.business_unit desc limit ${filter.limit + 1}`;
  const where = `${condition.sql}${cursor ? ` and ${afterCursor(filter.sort, key, cursor)}` : ""}`;
  const values = { ...condition.values, ...(cursor ? bindCursor(cursor) : {}) };
  // Where something is hidden, texts are read of the page's traces alone: to hide takes longer than to read.
  const among = kernel.maskKey === "" ? where : await amongPage(kernel, where, order, values, filter.limit + 1, signal);
  const rows = await kernel.rows(
    `select ${shownColumns}, ${filter.sort.column === "began" ? "epoch_us(t.started_at)" : key} as sort_key from traces t
     where ${among} ${order}`,
    values,
    filter.limit + 1,
    signal
  );
  return {
    traces: await addExcerpts(kernel, filter.text, rows.slice(0, filter.limit).map(readRow), signal),
    next: rows.length > filter.limit ? formatCursor(rows[filter.limit - 1]!) : null,
    snapshotId: kernel.snapshotId
  };
}

/** The condition that holds for the traces of one page alone; values of `where` are bound in it, too. */
async function amongPage(
  kernel: Kernel,
  where: string,
  order: string,
  values: SqlValues,
  limit: number,
  signal: AbortSignal | undefined
): Promise<string> {
  const places = await kernel.rows(
    `select t.trace_id, t."date"::varchar as day from traces t where ${where} ${order}`,
    values,
    limit,
    signal
  );
  const days = places.map((row) => String(row["day"])).sort();
  const ids = places.map((row) => quoteText(String(row["trace_id"])));
  const near = `t."date" between date '${days[0]}' and date '${days.at(-1)}' and t.trace_id in (${ids.join(", ")})`;
  return ids.length === 0 ? `false and ${where}` : `${near} and ${where}`;
}

/** A trace of which something came into the lake. */
export interface ArrivedTrace {
  readonly traceId: string;
  readonly businessUnit: string;
  /** `YYYY-MM-DD`, UTC: day of what came. */
  readonly day: string;
}

/** A trace that goes on longer after its begin is not looked for when something of it comes. */
const longestTraceMs = 7 * 86_400_000;

/** Those of some traces that a filter shows, the newest first. */
export async function listThese(
  kernel: Kernel,
  filter: TraceFilter,
  traces: readonly ArrivedTrace[],
  signal?: AbortSignal
): Promise<readonly TraceRow[]> {
  const condition = buildCondition(filter);
  const earliestMs = Math.min(...traces.map(({ day }) => Date.parse(day)));
  const where = conjunction([
    ...dayBound('t."date" >=', earliestMs - longestTraceMs),
    `t.trace_id in (select unnest(from_json($ids, '["VARCHAR"]')))`,
    condition.sql
  ]);
  const rows = await kernel.rows(
    `select ${shownColumns} from traces t where ${where} order by t.started_at desc, t.trace_id desc, t.business_unit desc`,
    { ...condition.values, ids: JSON.stringify(traces.map(({ traceId }) => traceId)) },
    traces.length * 2,
    signal
  );
  const asked = new Set(traces.map(({ businessUnit, traceId }) => `${businessUnit}/${traceId}`));
  const shown = rows.map(readRow).filter(({ businessUnit, traceId }) => asked.has(`${businessUnit}/${traceId}`));
  return addExcerpts(kernel, filter.text, shown, signal);
}

/** A row of `shownColumns` as the list shows it. */
export function readRow(row: Row): TraceRow {
  return { ...readSummary(row), excerpt: null };
}

/** Where a page ended: the value it was ordered by, and the trace that bore it. */
interface Cursor {
  readonly key: number | string | null;
  readonly traceId: string;
  readonly unit: string;
}

/** What comes after the cursor's row; what has no value comes last. */
function afterCursor({ column, isDescending }: TraceSort, key: string, cursor: Cursor): string {
  const later = "(t.trace_id < $lastId or (t.trace_id = $lastId and t.business_unit < $lastUnit))";
  if (cursor.key === null) return `(${key} is null and ${later})`;
  const value = column === "began" ? "make_timestamp($lastKey::bigint)" : "$lastKey";
  const beyond = `${key} ${isDescending ? "<" : ">"} ${value}`;
  return `(${beyond} or ${column === "began" ? "" : `${key} is null or `}(${key} = ${value} and ${later}))`;
}

function bindCursor({ key, traceId, unit }: Cursor) {
  return { ...(key === null ? {} : { lastKey: key }), lastId: traceId, lastUnit: unit };
}

function formatCursor(row: Row): string {
  const key = row["sort_key"];
  const parts = [typeof key === "bigint" ? Number(key) : (key ?? null), row["trace_id"], row["business_unit"]];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

function parseCursor(text: string): Cursor {
  const parts = readJson(Buffer.from(text, "base64url").toString());
  if (Array.isArray(parts) && parts.length === 3) {
    const [key, traceId, unit] = parts as readonly unknown[];
    const isKey = key === null || typeof key === "string" || (typeof key === "number" && Number.isFinite(key));
    if (isKey && typeof traceId === "string" && typeof unit === "string") return { key, traceId, unit };
  }
  throw new Fault("invalid", `"before" is "${text.slice(0, 80)}", which no list of traces gave out`, {
    hint: "Start from the first page."
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
