import type { Span } from "../model/span.ts";
import { fillAgents } from "./fill-agents.ts";

/** Characters of spans that are held at most; more is given on as it stands. */
const heldCharacters = 32 * 2 ** 20;

/**
 * Holds spans of records that may belong to one trace, so that a step knows the agent above it also when that
 * agent stands in a later record. A trace that does not fit is given on in parts.
 */
export class SpanGatherer {
  #spans: Span[] = [];
  #characters = 0;

  /** Takes spans and gives those that can be held no longer. */
  add(spans: readonly Span[]): readonly Span[] {
    for (const span of spans) {
      this.#spans.push(span);
      this.#characters += 2 * ((span.inputText?.length ?? 0) + (span.outputText?.length ?? 0)) + 2000;
    }
    return this.#characters > heldCharacters ? this.release() : [];
  }

  /** Gives everything held. */
  release(): readonly Span[] {
    const spans = fillAgents(this.#spans);
    this.#spans = [];
    this.#characters = 0;
    return spans;
  }
}
