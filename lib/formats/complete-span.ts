import type { Json, Span } from "../model/span.ts";
import type { SpanEvent } from "./attribute-sources.ts";
import { normaliseAttributes } from "./otlp-attributes.ts";

/** Fields of a span that messages in logs may fill. */
const filled = ["input", "output", "systemInstructions", "toolDefinitions"] as const satisfies readonly (keyof Span)[];

/**
 * Fills what a span does not say itself with what logs say of it.
 *
 * @param events   all that logs say of the span, in the order in which it was said
 * @param earlier  those of them that the span was filled with before: what came from them may be said anew
 * @returns the same span where nothing changes
 */
export function completeSpan(span: Span, events: readonly SpanEvent[], earlier: readonly SpanEvent[] = []): Span {
  const said = normaliseAttributes({}, events, span.name).fields;
  const before = earlier.length === 0 ? null : normaliseAttributes({}, earlier, span.name).fields;
  const news: Record<string, Json> = {};
  for (const field of filled) {
    const value = said[field] ?? null;
    if (value === null || isSame(span[field], value)) continue;
    if (span[field] !== null && !(before && isSame(span[field], before[field] ?? null))) continue;
    news[field] = value;
    if (field === "input" || field === "output") news[`${field}Text`] = said[`${field}Text`] ?? null;
  }
  return Object.keys(news).length === 0 ? span : { ...span, ...news };
}

const isSame = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);
