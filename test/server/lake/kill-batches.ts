import type { Span } from "#lib/model/span.ts";
import { makeSpan } from "../../spans.ts";

/** Unit of all that the killed writers write. */
export const killedUnit = "support";

/** Batches between two flushes of a writer. */
export const flushEvery = 3;

const step = (writer: string, trace: number, span: string, name: string): Span =>
  makeSpan({
    traceId: `${writer}/${trace}`,
    spanId: span,
    parentSpanId: span === "root" ? null : "root",
    businessUnit: killedUnit,
    name,
    inputTokens: trace,
    outputText: `${name} `.repeat(1 + (trace % 50) * 20)
  });

/** The batch that a writer sends as its nth: a new trace, a late step of the one before, now and then a correction. */
export function batchOf(writer: string, n: number): Span[] {
  const spans = ["root", "a", "b"].map((span) => step(writer, n, span, `${span} of ${n}`));
  if (n > 0) spans.push(step(writer, n - 1, "late", `late in ${n}`));
  if (n > 1 && n % 3 === 0) spans.push(step(writer, n - 2, "a", `corrected in ${n}`));
  return spans;
}

/** What the lake holds after the first `count` batches of a writer, as `<trace> <span> <name>`, in no order. */
export function heldAfter(writer: string, count: number): string[] {
  const held = new Map<string, string>();
  for (let n = 0; n < count; n++)
    for (const { traceId, spanId, name } of batchOf(writer, n)) held.set(`${traceId} ${spanId}`, name);
  return [...held].map(([key, name]) => `${key} ${name}`);
}
