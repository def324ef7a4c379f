import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { SpanKind } from "#lib/model/span.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { TraceFilter } from "#lib/wire/trace-filter.ts";
import type { SpanHead, SpanReply, TraceReply, TracesReply } from "#lib/wire/traces.ts";
import { ScopeKernels } from "./scope-kernels.ts";
import { orderTree } from "./span-tree.ts";
import { buildTurns } from "./trace-conversation.ts";
import { buildCondition, type Condition, type FacetName } from "./trace-question.ts";
import {
  headColumns,
  json,
  number,
  type Row,
  readDocuments,
  readHead,
  readScore,
  readSpoken,
  readSummary,
  spokenColumns,
  summaryColumns,
  text
} from "./trace-rows.ts";

/** Spans of one trace that the page gets. */
const mostSpans = 25_000;
/** Spans whose texts make the conversation unless more are asked for. */
const firstSpoken = 600;
/** Kinds of spans that turns are made of; a root may speak for a trace that has none of them. */
const spokenKinds: readonly SpanKind[] = ["llm", "tool", "retriever", "reranker"];
/** Characters of a span's texts that travel at once. */
const mostCharacters = 1_000_000;
const slices = 60;
const facetLimit = 50;

/** What a page of traces and an opened trace are read with. */
export interface TraceBrowserDoors {
  readonly lake: Lake;
  readonly annotations: Annotations;
}

/** Finds and opens traces. Holds one kernel per scope, renewed when the lake has moved on. */
export class TraceBrowser {
  readonly #doors: TraceBrowserDoors;
  readonly #kernels: ScopeKernels;
  /** Which labels a kernel holds. */
  readonly #labels = new WeakMap<Kernel, string>();

  constructor(doors: TraceBrowserDoors, kernels = new ScopeKernels(doors.lake)) {
    this.#doors = doors;
    this.#kernels = kernels;
  }

  /** One page of the list, newest first, with the counts beside its filters. @throws Fault `invalid` for a foreign cursor */
  list(scope: Scope, filter: TraceFilter): Promise<TracesReply> {
    return this.#use(scope, async (kernel) => {
      await this.#loadLabels(kernel, scope);
      const condition = buildCondition(filter);
      const facet = (name: FacetName) => this.#facet(kernel, filter, name);
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
    });
  }

  /**
   * One trace with its tree, conversation, scores and annotations.
   *
   * @param mostSpoken  spans whose texts make the conversation, 1..25,000
   * @throws Fault `missing`
   */
  open(scope: Scope, traceId: string, mostSpoken = firstSpoken): Promise<TraceReply> {
    return this.#use(scope, async (kernel) => {
      const found = await findTrace(kernel, traceId);
      const where = whereSpans(found);
      const values = { id: found["trace_id"] as string, unit: found["business_unit"] as string };
      const startUs = number(found, "started_us") ?? 0;
      const [heads, spoken, scores, texts, annotations] = await Promise.all([
        kernel.rows(
          `select ${headColumns} from spans where ${where} order by start_ts, span_id`,
          { ...values, startUs },
          mostSpans + 1
        ),
        kernel.rows(
          `select ${headColumns}, ${spokenColumns} from spans where ${where} and (kind in (${spokenKinds.map((kind) => `'${kind}'`).join(", ")}) or parent_span_id is null) order by start_ts, span_id`,
          { ...values, startUs },
          Math.min(mostSpoken, mostSpans)
        ),
        kernel.rows(
          `select *, epoch_ms(scored_at) as scored_ms from scores where trace_id = $id and business_unit = $unit order by scored_at desc, scorer`,
          values,
          1000
        ),
        kernel.rows(
          `select left(input, 300) as input, left(output, 300) as output from traces where trace_id = $id and business_unit = $unit and "date" = $day::date`,
          { ...values, day: text(found, "first_day") },
          1
        ),
        this.#doors.annotations.list(scope, { traceId: values.id })
      ]);
      return {
        trace: readSummary({ ...found, ...texts[0] }),
        spans: orderTree(heads.slice(0, mostSpans).map(readHead)),
        spansCut: heads.length > mostSpans,
        conversation: buildTurns(spoken.map(readSpoken)),
        spoken: {
          shown: spoken.length,
          total: Math.max(spoken.length, heads.filter((row) => isSpoken(readHead(row))).length)
        },
        scores: scores.map(readScore),
        annotations: annotations.filter(({ businessUnit }) => businessUnit === values.unit)
      };
    });
  }

  /** One span with everything in it. @throws Fault `missing` */
  span(scope: Scope, traceId: string, spanId: string): Promise<SpanReply> {
    return this.#use(scope, async (kernel) => {
      const found = await findTrace(kernel, traceId);
      const payloads = ["input", "output", "tool_args", "tool_result", "attributes", "events"];
      const [row] = await kernel.rows(
        `select ${headColumns}, status_message, ${payloads
          .map((name) => `left(${name}, ${mostCharacters}) as ${name}, coalesce(length(${name}), 0) as ${name}_size`)
          .join(", ")}, to_json(retrieved_docs)::varchar as documents
        from spans where ${whereSpans(found)} and span_id = $span`,
        {
          id: found["trace_id"] as string,
          unit: found["business_unit"] as string,
          span: spanId.toLowerCase(),
          startUs: number(found, "started_us") ?? 0
        },
        1
      );
      if (!row) {
        throw new Fault("missing", `trace ${traceId} has no span "${spanId}"`, { hint: "Choose one from its tree." });
      }
      return {
        span: readHead(row),
        statusMessage: text(row, "status_message"),
        input: json(row, "input"),
        output: json(row, "output"),
        toolArgs: json(row, "tool_args"),
        toolResult: json(row, "tool_result"),
        documents: readDocuments(row),
        attributes: json(row, "attributes"),
        events: json(row, "events"),
        cut: payloads.some((name) => (number(row, `${name}_size`) ?? 0) > mostCharacters)
      };
    });
  }

  /** Runs work on the scope's kernel, which has `trace_list`; for other pages of the same scope. */
  use<T>(scope: Scope, work: (kernel: Kernel) => Promise<T>): Promise<T> {
    return this.#use(scope, work);
  }

  close(): Promise<void> {
    return this.#kernels.close();
  }

  #use<T>(scope: Scope, work: (kernel: Kernel) => Promise<T>): Promise<T> {
    return this.#kernels.use(scope, work);
  }

  /** Labels change without the lake moving on, so they are read anew, and loaded where they differ. */
  async #loadLabels(kernel: Kernel, scope: Scope): Promise<void> {
    const found = await this.#doors.annotations.list(scope);
    const newest = found.at(-1);
    const version = `${found.length} ${newest?.annotationId} ${newest?.version}`;
    if (this.#labels.get(kernel) === version) return;
    await kernel.load("label_list", [
      { name: "business_unit", type: "VARCHAR", values: found.map(({ businessUnit }) => businessUnit) },
      { name: "trace_id", type: "VARCHAR", values: found.map(({ traceId }) => traceId) },
      { name: "label", type: "VARCHAR", values: found.map(({ label }) => label) }
    ]);
    this.#labels.set(kernel, version);
  }

  async #facet(kernel: Kernel, filter: TraceFilter, name: FacetName): Promise<readonly (readonly [string, number])[]> {
    const { sql, values } = buildCondition(filter, name);
    const rows = await kernel.rows(facetSql(name, sql), values, facetLimit);
    return rows.map((row) => [text(row, "choice") ?? "", number(row, "n") ?? 0] as const);
  }
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

function isSpoken({ kind, parentSpanId }: SpanHead): boolean {
  return spokenKinds.includes(kind) || parentSpanId === null;
}

async function findTrace(kernel: Kernel, traceId: string): Promise<Row> {
  const [found] = await kernel.rows(
    `select ${summaryColumns} from trace_list t where t.trace_id = $id order by t.business_unit`,
    { id: traceId.toLowerCase() },
    1
  );
  if (found) return found;
  throw new Fault("missing", `there is no trace "${traceId}" in your business units`, {
    hint: "Check the id; a trace that was just sent is visible within a second."
  });
}

/** Spans of a found trace. The days are written out, because the engine skips files only by constants. */
function whereSpans(found: Row): string {
  const day = (name: string) => {
    const value = text(found, name) ?? "";
    return /^\d{4}-\d\d-\d\d$/.test(value) ? value : null;
  };
  const [first, last] = [day("first_day"), day("last_day")];
  const days = first && last ? `"date" between date '${first}' and date '${last}' and ` : "";
  return `${days}trace_id = $id and business_unit = $unit`;
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
