import type { Json, Span, SpanKind } from "../../model/span.ts";

/** What a rule may fill: a column of spans. */
export type Column = Exclude<keyof Span, "kind" | "traceId" | "spanId" | "parentSpanId" | "attributes" | "resource">;

/** What a decoder may ask about the span. */
export interface RuleSpan {
  readonly kind: SpanKind;
  /** Nanoseconds since 1970; null where it is not known. */
  readonly startNs: bigint | null;
  /** Told by a decoder that read a part of its value: the attribute stays. */
  readonly keep: () => void;
}

/** @returns undefined where the value is not what the column holds; the next rule is asked then */
export type Decoder = (value: Json, span: RuleSpan) => unknown;

/**
 * One way in which a dialect fills a column. A source is
 * - the name of an attribute;
 * - `name.*`: everything below a name, as a tree with lists where the names are numbers;
 * - `a + b`: several attributes, as an object by the last word of their names;
 * - `events: a, b`: the span's events of these names, in order.
 *
 * Attributes whose value was taken leave the rest, unless the rule says `keep`: then it read only a part.
 */
export type Rule = readonly [column: Column, sources: readonly string[], decode: Decoder, keep?: "keep"];

/** What the values of an attribute say about a span's kind, in lower case. */
export type KindRule = readonly [attribute: string, kinds: Readonly<Record<string, SpanKind>>];
