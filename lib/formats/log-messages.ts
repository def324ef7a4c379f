import { isFault } from "../model/fault.ts";
import type { Json } from "../model/span.ts";
import { type Fields, isFields, listAt, textAt } from "./fields.ts";
import type { FieldLoss, ImportContext, Imported, LogMessage } from "./imported.ts";
import { idAt, instantAt, isSpanId, isTraceId, parseAttributes } from "./otlp.ts";
import { evaluationEvent, parseEvaluation } from "./otlp-logs.ts";

const messageEvents = /^gen_ai\.((system|user|assistant|tool)\.message|choice|client\.inference\.operation\.details)$/;

/** What instruments write in place of a content that they were told not to capture. */
const elided = "<elided>";

/** True for one element of `resourceLogs`. */
export function isOtlpLogs(value: Fields): boolean {
  return Array.isArray(value.scopeLogs);
}

/** One element of `resourceLogs` in a file: messages for the spans beside it, and evaluations as scores. */
export function parseFileLogs(value: Fields, context: ImportContext): Imported {
  const messages: LogMessage[] = [];
  const losses: FieldLoss[] = [];
  const scores: Imported["scores"][number][] = [];
  const rejected: string[] = [];
  for (const record of listRecords(value)) {
    if (!isFields(record)) continue;
    const found = readRecord(record);
    if (found.kind === "evaluation") {
      const score = parseEvaluation(record, context);
      if (typeof score === "string") rejected.push(score);
      else scores.push(score);
    } else if (found.kind === "message") messages.push(found.message);
    else {
      const left = found.kind === "elided" ? ", content left out by its sender" : "";
      losses.push({ field: `log ${found.name || "without a name"}${left}`, fate: "dropped", count: 1 });
    }
  }
  return { spans: [], scores, rejected, messages, losses };
}

/**
 * One element of `resourceLogs` as a program sends it: what is neither a message of a span nor an evaluation
 * is rejected with a sentence. A message whose content its sender left out is taken, and says nothing.
 */
export function parseSentLogs(value: unknown, context: ImportContext): Imported {
  if (!isFields(value)) return { spans: [], scores: [], rejected: ["an element of resourceLogs is no object"] };
  const messages: LogMessage[] = [];
  const scores: Imported["scores"][number][] = [];
  const rejected: string[] = [];
  for (const record of listRecords(value)) {
    if (!isFields(record)) {
      rejected.push("a log record is no object");
      continue;
    }
    const found = tryRecord(record);
    if (typeof found === "string") rejected.push(found);
    else if (found.kind === "evaluation") {
      const score = parseEvaluation(record, context);
      if (typeof score === "string") rejected.push(score);
      else scores.push(score);
    } else if (found.kind === "other") {
      rejected.push(`the log "${found.name.slice(0, 80)}" is neither a message of a model nor a ${evaluationEvent}`);
    } else if (found.kind === "message") {
      const { traceId, spanId, event } = found.message;
      if (isTraceId(traceId) && isSpanId(spanId)) messages.push(found.message);
      else rejected.push(`the log "${event.name}" does not say which span it is of`);
    }
  }
  return { spans: [], scores, rejected, messages };
}

function listRecords(value: Fields): readonly unknown[] {
  return listAt(value, "scopeLogs").flatMap((scope) => (isFields(scope) ? listAt(scope, "logRecords") : []));
}

/** What a log record is for us. */
type FoundRecord =
  | { readonly kind: "evaluation" }
  | { readonly kind: "message"; readonly message: LogMessage }
  | { readonly kind: "elided" | "other"; readonly name: string };

/** A record that cannot be read costs itself, not the others. */
function tryRecord(record: Fields): FoundRecord | string {
  try {
    return readRecord(record);
  } catch (error) {
    // A RangeError is the stack's answer to what nests too deeply.
    if (!isFault(error) && !(error instanceof RangeError)) throw error;
    return `log "${textAt(record, "eventName") ?? ""}": ${error.message}`;
  }
}

function readRecord(record: Fields): FoundRecord {
  const { body, ...own } = parseAttributes({
    attributes: [...listAt(record, "attributes"), { key: "body", value: record.body }]
  });
  const name = textAt(record, "eventName") || textAt(own, "event.name") || "";
  if (name === evaluationEvent) return { kind: "evaluation" };
  if (!messageEvents.test(name)) return { kind: "other", name };
  const content = isFields(body) ? (body as Record<string, Json>) : { content: body ?? null };
  if (content.content === elided) return { kind: "elided", name };
  return {
    kind: "message",
    message: {
      traceId: idAt(record, "traceId"),
      spanId: idAt(record, "spanId"),
      timeNs: instantAt(record, "timeUnixNano") || instantAt(record, "observedTimeUnixNano") || 0n,
      event: { name, attributes: { ...own, ...content } }
    }
  };
}
