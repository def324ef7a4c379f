import { Fault } from "#lib/model/fault.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { TraceFilter } from "#lib/wire/trace-filter.ts";
import type { TracesReply } from "#lib/wire/traces.ts";
import { buildCondition, type Condition, type FacetName } from "./trace-question.ts";
import { number, type Row, readSummary, summaryColumns, text } from "./trace-rows.ts";

const slices = 60;
const facetLimit = 50;

/** One page of the list, newest first, with the counts beside its filters. @throws Fault `invalid` for a foreign cursor */
export async function listTraces(kernel: Kernel, filter: TraceFilter): Promise<TracesReply> {
  const condition = buildCondition(filter);
  const facet = (name: FacetName) => readFacet(kernel, filter, name);
  const [page, span, unit, agent, model, status, tool, scorer, label] = await Promise.all([
    readPage(kernel, filter, condition),
    readRange(kernel, condition),
    facet("unit"),
    facet("agent"),
    facet("model"),
    facet("status"),
    facet("tool"),
    facet("scorer"),
    facet("label")
  ]);
  const fromMs = filter.fromMs ?? span.fromMs;
  const toMs = Math.max(filter.toMs ?? span.toMs + 1, fromMs + 1);
  return {
    traces: page.slice(0, filter.limit).map(readSummary),
    next: page.length > filter.limit ? cursorOf(page[filter.limit - 1]) : null,
    total: span.total,
    facets: { unit, agent, model, status, tool, scorer, label },
    histogram: { fromMs, toMs, counts: await readHistogram(kernel, condition, fromMs, toMs) }
  };
}

async function readFacet(
  kernel: Kernel,
  filter: TraceFilter,
  name: FacetName
): Promise<readonly (readonly [string, number])[]> {
  const { sql, values } = buildCondition(filter, name);
  const rows = await kernel.rows(facetSql(name, sql), values, facetLimit);
  return rows.map((row) => [text(row, "choice") ?? "", number(row, "n") ?? 0] as const);
}

const facetColumns = {
  unit: "t.business_unit",
  agent: "coalesce(t.agent, '')",
  status: "t.status",
  model: "unnest(t.models)",
  tool: "unnest(t.tool_names)"
} as const;

function facetSql(name: FacetName, condition: string): string {
  const order = "group by choice order by n desc, choice";
  if (name === "scorer" || name === "label") {
    const [table, column] = name === "scorer" ? ["scores", "scorer"] : ["label_list", "label"];
    return `select g.${column} as choice, count(distinct g.trace_id) as n from ${table} g join trace_list t on t.trace_id = g.trace_id and t.business_unit = g.business_unit where ${condition} ${order}`;
  }
  return `select choice, count(*) as n from (select ${facetColumns[name]} as choice from trace_list t where ${condition}) ${order}`;
}

async function readPage(kernel: Kernel, filter: TraceFilter, condition: Condition): Promise<readonly Row[]> {
  const cursor = filter.before === null ? null : parseCursor(filter.before);
  const after = cursor
    ? "and (t.started_at < make_timestamp($beforeUs) or (t.started_at = make_timestamp($beforeUs) and t.trace_id < $beforeId))"
    : "";
  const rows = await kernel.rows(
    `select ${summaryColumns} from trace_list t where ${condition.sql} ${after} order by t.started_at desc, t.trace_id desc limit ${filter.limit + 1}`,
    cursor ? { ...condition.values, ...cursor } : condition.values,
    filter.limit + 1
  );
  return addTexts(kernel, rows);
}

/** Reads the texts of the rows that are shown, from their own days only. */
async function addTexts(kernel: Kernel, rows: readonly Row[]): Promise<readonly Row[]> {
  if (rows.length === 0) return rows;
  const days = [...new Set(rows.flatMap((row) => [text(row, "first_day"), text(row, "last_day")]))].filter(
    (day): day is string => day !== null && /^-?\d{4,6}-\d\d-\d\d$/.test(day)
  );
  const ids = Object.fromEntries(rows.map((row, at) => [`id${at}`, text(row, "trace_id")]));
  const texts = await kernel.rows(
    `select trace_id, business_unit, left(input, 300) as input, left(output, 300) as output from traces
     where "date" between date '${days.reduce((a, b) => (a < b ? a : b))}' and date '${days.reduce((a, b) => (a > b ? a : b))}' and trace_id in (${Object.keys(
       ids
     )
       .map((name) => `$${name}`)
       .join(", ")})`,
    ids,
    rows.length * 2
  );
  const byTrace = new Map(texts.map((row) => [`${row["business_unit"]}/${row["trace_id"]}`, row]));
  return rows.map((row) => ({ ...row, ...byTrace.get(`${row["business_unit"]}/${row["trace_id"]}`) }));
}

async function readRange(kernel: Kernel, { sql, values }: Condition) {
  const [row] = await kernel.rows(
    `select count(*) as total, epoch_ms(min(t.started_at)) as from_ms, epoch_ms(max(t.started_at)) as to_ms from trace_list t where ${sql}`,
    values,
    1
  );
  return {
    total: number(row ?? {}, "total") ?? 0,
    fromMs: number(row ?? {}, "from_ms") ?? 0,
    toMs: number(row ?? {}, "to_ms") ?? 0
  };
}

async function readHistogram(kernel: Kernel, { sql, values }: Condition, fromMs: number, toMs: number) {
  const rows = await kernel.rows(
    `select least(${slices - 1}, floor((epoch_ms(t.started_at) - $lowMs::double) * ${slices} / $widthMs::double))::integer as slice, count(*) as n from trace_list t where ${sql} group by slice`,
    { ...values, lowMs: fromMs, widthMs: toMs - fromMs },
    slices
  );
  const counts = new Array<number>(slices).fill(0);
  for (const row of rows) {
    const at = number(row, "slice") ?? 0;
    if (at >= 0 && at < slices) counts[at] = number(row, "n") ?? 0;
  }
  return counts;
}

function cursorOf(row: Row | undefined): string | null {
  return row ? `${row["started_us"]}-${row["trace_id"]}` : null;
}

function parseCursor(cursor: string): { readonly beforeUs: number; readonly beforeId: string } {
  const [, us, id] = /^(-?\d{1,17})-([0-9a-f]{32})$/.exec(cursor) ?? [];
  if (us === undefined || id === undefined) {
    throw new Fault("invalid", `"before" is "${cursor}", which no list of traces gave out`, {
      hint: "Start from the first page."
    });
  }
  return { beforeUs: Number(us), beforeId: id };
}
