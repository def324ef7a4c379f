import { Fault } from "#lib/model/fault.ts";
import { recall } from "#lib/model/recall.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { SpanKind } from "#lib/model/span.ts";
import type { TraceSummary } from "#lib/model/trace.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { Kernel, Near } from "#lib/ports/kernel.ts";
import type { ConversationReply, OpenedTraceReply, SpanRow } from "#lib/wire/trace.ts";
import type { SpanReply } from "#lib/wire/traces.ts";
import { buildTurns } from "./trace-conversation.ts";
import {
  headColumns,
  json,
  number,
  placeColumns,
  type Row,
  readDocuments,
  readHead,
  readScore,
  readSpoken,
  readSummary,
  shownColumns,
  spokenColumns,
  text
} from "./trace-rows.ts";

/** Spans of one trace that the page gets at most. */
const mostSpans = 25_000;
/** Spans that come with the trace, so that a long one shows its first rows before all of it has arrived. */
const firstSpans = 1000;
/** Spans whose texts make the conversation unless more are asked for. */
export const firstSpoken = 600;
/** Kinds of spans that turns are made of; a root may speak for a trace that has none of them. */
const spokenKinds: readonly SpanKind[] = ["llm", "tool", "retriever", "reranker"];
const isSpoken = `(kind in (${spokenKinds.map((kind) => `'${kind}'`).join(", ")}) or parent_span_id is null)`;
/** Characters of a span's texts that travel at once. */
const mostCharacters = 1_000_000;

/** One trace with the first of its spans, scores and annotations; no text of a span. @throws Fault `missing` */
export async function openTrace(
  kernel: Kernel,
  annotations: Annotations,
  scope: Scope,
  traceId: string
): Promise<Omit<OpenedTraceReply, "names">> {
  const found = await findTrace(kernel, traceId);
  const values = valuesOf(found);
  const [summary, { rows, service }, scores, said] = await Promise.all([
    summarise(kernel, found),
    readRows(kernel, found, firstSpans),
    kernel.rows(
      `select *, epoch_ms(scored_at) as scored_ms from scores where trace_id = $id and business_unit = $unit order by scored_at desc, scorer`,
      values,
      1000,
      undefined,
      { traceIds: [values.id] }
    ),
    annotations.list(scope, { traceId: values.id })
  ]);
  return {
    trace: summary,
    service,
    rows: JSON.parse(rows) as readonly SpanRow[],
    rowsCut: spansOf(found) > firstSpans,
    scores: scores.map(readScore),
    annotations: said.filter(({ businessUnit }) => businessUnit === values.unit)
  };
}

/**
 * The tree of a trace, up to 25,000 spans, as the JSON of a SpanRowsReply: the engine writes it, so that
 * nobody waits while this process reads and writes megabytes.
 *
 * @throws Fault `missing`
 */
export async function readTree(kernel: Kernel, traceId: string): Promise<string> {
  const found = await findTrace(kernel, traceId);
  const { rows } = await readRows(kernel, found, mostSpans);
  return `{"rows":${rows},"rowsCut":${spansOf(found) > mostSpans}}`;
}

/**
 * The conversation that a trace's spans hold.
 *
 * @param most  spans whose texts it is made from, 1..25,000
 * @throws Fault `missing`
 */
export async function readConversation(kernel: Kernel, traceId: string, most: number): Promise<ConversationReply> {
  const found = await findTrace(kernel, traceId);
  const where = whereSpans(found);
  const values = valuesOf(found);
  const limit = Math.min(most, mostSpans);
  const spoken = await kernel.rows(
    `select ${headColumns}, ${spokenColumns} from spans where ${where} and ${isSpoken} order by start_ts, span_id limit ${limit}`,
    { ...values, startUs: startUs(found) },
    limit,
    undefined,
    nearSpans(found)
  );
  const [counted] =
    spoken.length < limit
      ? []
      : await kernel.rows(
          `select count(*) as n from spans where ${where} and ${isSpoken}`,
          values,
          1,
          undefined,
          nearSpans(found)
        );
  return {
    turns: buildTurns(spoken.map(readSpoken)),
    spoken: { shown: spoken.length, total: number(counted ?? {}, "n") ?? spoken.length }
  };
}

/** One span with everything in it. @throws Fault `missing` */
export async function readSpan(kernel: Kernel, traceId: string, spanId: string): Promise<SpanReply> {
  const found = await findTrace(kernel, traceId);
  const payloads = ["input", "output", "tool_args", "tool_result", "attributes", "events"];
  const [row] = await kernel.rows(
    `select ${headColumns}, status_message, ${payloads
      .map((name) => `left(${name}, ${mostCharacters}) as ${name}, coalesce(length(${name}), 0) as ${name}_size`)
      .join(", ")}, to_json(retrieved_docs)::varchar as documents
    from spans where ${whereSpans(found)} and span_id = $span`,
    { ...valuesOf(found), span: spanId.toLowerCase(), startUs: startUs(found) },
    1,
    undefined,
    nearSpans(found)
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
}

/** What each kernel has found, so that the requests of one page look only once. */
const foundBy = new WeakMap<Kernel, Map<string, Promise<Row | undefined>>>();
/** Traces that are remembered of a kernel. */
const mostFound = 64;

/**
 * Where the trace of an id lies, in any case of its letters: trace_id, business_unit, first_day, last_day, started_us
 * and spans, and none of its texts, which take longer to read than all else.
 *
 * @throws Fault `missing`
 */
export async function findTrace(kernel: Kernel, traceId: string): Promise<Row> {
  const found = await recall(heldOf(foundBy, kernel), traceId.toLowerCase(), mostFound, async (id) => {
    const [row] = await kernel.rows(
      `select ${placeColumns} from traces t where t.trace_id = $id order by t.business_unit`,
      { id },
      1,
      undefined,
      { traceIds: [id] }
    );
    return row;
  });
  if (found) return found;
  throw new Fault("missing", `there is no trace "${traceId}" in your business units`, {
    hint: "Check the id; a trace that was just sent is visible within a second."
  });
}

const summaryBy = new WeakMap<Kernel, Map<string, Promise<TraceSummary>>>();

/** What the list says of a found trace. */
export function summarise(kernel: Kernel, found: Row): Promise<TraceSummary> {
  const { id, unit } = valuesOf(found);
  return recall(heldOf(summaryBy, kernel), `${unit} ${id}`, mostFound, async () => {
    const [row = {}] = await kernel.rows(
      `select ${shownColumns} from traces t where t.trace_id = $id and t.business_unit = $unit${onDay(text(found, "first_day"))}`,
      { id, unit },
      1,
      undefined,
      { traceIds: [id] }
    );
    return readSummary(row);
  });
}

/** Spans of a found trace. */
export function whereSpans(found: Row): string {
  return `trace_id = $id and business_unit = $unit${onDay(text(found, "first_day"), text(found, "last_day"))}`;
}

/** Where they lie. */
export function nearSpans(found: Row): Near | undefined {
  const [unit, firstDay, lastDay] = ["business_unit", "first_day", "last_day"].map((name) => text(found, name));
  return unit && firstDay && lastDay ? { businessUnit: unit, firstDay, lastDay } : undefined;
}

/** The condition that a row is of these days. They are written out, because the engine skips files only by constants. */
function onDay(first: string | null, last = first): string {
  const isDay = (day: string | null) => day !== null && /^\d{4}-\d\d-\d\d$/.test(day);
  return isDay(first) && isDay(last) ? ` and "date" between date '${first}' and date '${last}'` : "";
}

/** What `whereSpans` is asked with. */
export function valuesOf(found: Row): { readonly id: string; readonly unit: string } {
  return { id: found["trace_id"] as string, unit: found["business_unit"] as string };
}

function startUs(found: Row): number {
  return number(found, "started_us") ?? 0;
}

function spansOf(found: Row): number {
  return number(found, "spans") ?? 0;
}

/** The spans of a trace: the JSON of a list of SpanRow, about 120 bytes a span, and the first span's service. */
interface ReadRows {
  readonly rows: string;
  readonly service: string | null;
}

const rowsBy = new WeakMap<Kernel, Map<string, Promise<ReadRows>>>();
const mostTrees = 4;

/** The first spans by start, in any order. */
function readRows(kernel: Kernel, found: Row, most: number): Promise<ReadRows> {
  const { id, unit } = valuesOf(found);
  return recall(heldOf(rowsBy, kernel), `${most} ${unit} ${id}`, mostTrees, async () => {
    const cut = spansOf(found) > most ? `order by start_ts, span_id limit ${most}` : "";
    const [row = {}] = await kernel.rows(
      `select '[' || coalesce(string_agg(json_array(${rowColumns})::varchar, ','), '') || ']' as rows,
         arg_min(service_name, start_ts) as service
       from (select ${headColumns}, service_name, start_ts from spans where ${whereSpans(found)} ${cut})`,
      { id, unit, startUs: startUs(found) },
      1,
      undefined,
      nearSpans(found)
    );
    return { rows: text(row, "rows") ?? "[]", service: text(row, "service") };
  });
}

/** The order of SpanRow. */
const rowColumns =
  "span_id, parent_span_id, name, kind, status, start_ms, duration_ms, model, tool_name, tokens_in, tokens_out, cost_usd";

/** What is remembered of a kernel, which stands for one scope at one snapshot. */
function heldOf<T>(memory: WeakMap<Kernel, Map<string, Promise<T>>>, kernel: Kernel): Map<string, Promise<T>> {
  const held = memory.get(kernel) ?? new Map<string, Promise<T>>();
  memory.set(kernel, held);
  return held;
}
