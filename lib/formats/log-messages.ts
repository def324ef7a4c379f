import type { Json } from "../model/span.ts";
import { type Fields, isFields, listAt, textAt } from "./fields.ts";
import type { FieldLoss, ImportContext, Imported, LogMessage } from "./imported.ts";
import { idAt, parseAttributes } from "./otlp.ts";
import { evaluationEvent, parseResourceLogs } from "./otlp-logs.ts";

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
  const evaluations: Fields[] = [];
  for (const record of listAt(value, "scopeLogs").flatMap((scope) =>
    isFields(scope) ? listAt(scope, "logRecords") : []
  )) {
    if (!isFields(record)) continue;
    const { body, ...own } = parseAttributes({
      attributes: [...listAt(record, "attributes"), { key: "body", value: record.body }]
    });
    const name = textAt(record, "eventName") || textAt(own, "event.name") || "";
    const content = isFields(body) ? (body as Record<string, Json>) : { content: body ?? null };
    if (name === evaluationEvent) evaluations.push(record);
    else if (!messageEvents.test(name))
      losses.push({ field: `log ${name || "without a name"}`, fate: "dropped", count: 1 });
    else if (content.content === elided)
      losses.push({ field: `log ${name}, content left out by its sender`, fate: "dropped", count: 1 });
    else {
      messages.push({
        traceId: idAt(record, "traceId"),
        spanId: idAt(record, "spanId"),
        event: { name, attributes: { ...own, ...content } }
      });
    }
  }
  const scored = parseResourceLogs({ scopeLogs: [{ logRecords: evaluations }] }, context);
  return { ...scored, messages, losses };
}
