import type { Span } from "../model/span.ts";
import type { SpanEvent } from "./attribute-sources.ts";
import { fillAgents, fillAgentsByRoot } from "./fill-agents.ts";
import type { LogMessage } from "./imported.ts";
import { normaliseAttributes } from "./otlp-attributes.ts";

/** Characters of spans that are held at most; more is given on as it stands. */
const heldCharacters = 32 * 2 ** 20;

/**
 * Holds spans of records that may belong to one trace, so that a step knows the agent above it also when that
 * agent stands in a later record, and has the messages that came in logs beside it. A trace that does not
 * fit is given on in parts.
 */
export class SpanGatherer {
  #spans: Span[] = [];
  readonly #messages = new Map<string, readonly SpanEvent[]>();
  #characters = 0;

  /** Takes spans and gives those that can be held no longer. */
  add(spans: readonly Span[]): readonly Span[] {
    for (const span of spans) {
      this.#spans.push(span);
      this.#characters += 2 * ((span.inputText?.length ?? 0) + (span.outputText?.length ?? 0)) + 2000;
    }
    return this.#characters > heldCharacters ? this.release() : [];
  }

  /** Takes messages for spans that are held, or are still to come. */
  addMessages(messages: readonly LogMessage[]): void {
    for (const { traceId, spanId, event } of messages) {
      const key = `${traceId}/${spanId}`;
      this.#messages.set(key, [...(this.#messages.get(key) ?? []), event]);
    }
  }

  /** Messages whose span has not come. */
  get unclaimed(): number {
    return [...this.#messages.values()].reduce((sum, events) => sum + events.length, 0);
  }

  /** Gives everything held. */
  release(): readonly Span[] {
    const spans = fillAgentsByRoot(fillAgents(this.#spans.map((span) => this.#claim(span))));
    this.#spans = [];
    this.#characters = 0;
    return spans;
  }

  /** What the span says itself goes before what logs say of it. */
  #claim(span: Span): Span {
    const key = `${span.traceId}/${span.spanId}`;
    const events = this.#messages.get(key);
    if (!events) return span;
    this.#messages.delete(key);
    const { input, output, inputText, outputText } = normaliseAttributes({}, events, span.name).fields;
    return {
      ...span,
      ...(span.input === null && input ? { input, inputText: inputText ?? null } : {}),
      ...(span.output === null && output ? { output, outputText: outputText ?? null } : {})
    };
  }
}
