import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { SpanKind } from "#lib/model/span.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { SpanReply, SpansReply, TraceReply } from "#lib/wire/traces.ts";
import { orderTree } from "./span-tree.ts";
import { buildTurns } from "./trace-conversation.ts";
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

/** One trace with the beginning of its tree, its conversation, scores and annotations. @throws Fault `missing` */
export async function openTrace(
  kernel: Kernel,
  annotations: Annotations,
  scope: Scope,
  traceId: string,
  mostSpoken: number
): Promise<TraceReply> {
  const found = await findTrace(kernel, traceId);
  const where = whereSpans(found);
  const values = valuesOf(found);
  const [spans, spoken, total, scores, texts, said] = await Promise.all([
    readHeads(kernel, found, firstSpans),
    kernel.rows(
      `select ${headColumns}, ${spokenColumns} from spans where ${where} and ${isSpoken} order by start_ts, span_id`,
      { ...values, startUs: startUs(found) },
      Math.min(mostSpoken, mostSpans)
    ),
    kernel.rows(`select count(*) as n from spans where ${where} and ${isSpoken}`, values, 1),
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
    annotations.list(scope, { traceId: values.id })
  ]);
  return {
    trace: readSummary({ ...found, ...texts[0] }),
    ...spans,
    conversation: buildTurns(spoken.map(readSpoken)),
    spoken: { shown: spoken.length, total: number(total[0] ?? {}, "n") ?? spoken.length },
    scores: scores.map(readScore),
    annotations: said.filter(({ businessUnit }) => businessUnit === values.unit)
  };
}

/** The whole tree of a trace, up to 25,000 spans. @throws Fault `missing` */
export async function readTree(kernel: Kernel, traceId: string): Promise<SpansReply> {
  return readHeads(kernel, await findTrace(kernel, traceId), mostSpans);
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
}

/** The row of `traces` with this id, in any case of its letters. @throws Fault `missing` */
export async function findTrace(kernel: Kernel, traceId: string): Promise<Row> {
  const [found] = await kernel.rows(
    `select ${summaryColumns} from traces t where t.trace_id = $id order by t.business_unit`,
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

function valuesOf(found: Row): { readonly id: string; readonly unit: string } {
  return { id: found["trace_id"] as string, unit: found["business_unit"] as string };
}

function startUs(found: Row): number {
  return number(found, "started_us") ?? 0;
}

/** The first spans by start, in the order of their tree. */
async function readHeads(kernel: Kernel, found: Row, most: number): Promise<SpansReply> {
  const heads = await kernel.rows(
    `select ${headColumns} from spans where ${whereSpans(found)} order by start_ts, span_id limit ${most + 1}`,
    { ...valuesOf(found), startUs: startUs(found) },
    most + 1
  );
  return { spans: orderTree(heads.slice(0, most).map(readHead)), spansCut: heads.length > most };
}
