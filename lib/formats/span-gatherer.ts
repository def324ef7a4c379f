import type { Span } from "../model/span.ts";
import type { SpanEvent } from "./attribute-sources.ts";
import { completeSpan } from "./complete-span.ts";
import { fillAgents, fillAgentsByRoot } from "./fill-agents.ts";
import type { LogMessage } from "./imported.ts";
import { addTableRoots } from "./table-roots.ts";

/** Characters of spans that are held at most; more is given on as it stands. */
const heldCharacters = 32 * 2 ** 20;

/** Messages that wait for their spans at most, and their characters; of more the earliest are dropped. */
const defaultBounds = { messages: 200_000, characters: 64 * 2 ** 20 };

/** Messages of one span that has not come yet. */
interface Waiting {
  readonly events: SpanEvent[];
  characters: number;
}

/**
 * Holds spans of records that may belong to one trace, so that a step knows the agent above it also when that
 * agent stands in a later record, and has the messages that came in logs beside it. A trace that does not
 * fit is given on in parts.
 */
export class SpanGatherer {
  #spans: Span[] = [];
  /** Spans that were put above rows of tables, by their traces. */
  readonly #roots = new Map<string, Span>();
  readonly #messages = new Map<string, Waiting>();
  #characters = 0;
  #waitingCharacters = 0;
  #waitingMessages = 0;
  #dropped = 0;
  readonly #bounds: typeof defaultBounds;

  constructor(bounds = defaultBounds) {
    this.#bounds = bounds;
  }

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
      const waiting = this.#messages.get(key) ?? { events: [], characters: 0 };
      this.#messages.set(key, waiting);
      const characters = JSON.stringify(event).length;
      waiting.events.push(event);
      waiting.characters += characters;
      this.#waitingCharacters += characters;
      this.#waitingMessages += 1;
    }
    for (const key of this.#messages.keys()) {
      const { messages: most, characters } = this.#bounds;
      if (this.#waitingMessages <= most && this.#waitingCharacters <= characters) return;
      this.#dropped += this.#take(key).length;
    }
  }

  /** Messages whose span has not come, those that could wait no longer among them. */
  get unclaimed(): number {
    return this.#dropped + this.#waitingMessages;
  }

  /** Gives everything held. */
  release(): readonly Span[] {
    const claimed = this.#spans.map((span) => this.#claim(span));
    const spans = fillAgentsByRoot(fillAgents(addTableRoots(claimed, this.#roots)));
    this.#spans = [];
    this.#characters = 0;
    return spans;
  }

  /** What the span says itself goes before what logs say of it. */
  #claim(span: Span): Span {
    const events = this.#take(`${span.traceId}/${span.spanId}`);
    return events.length === 0 ? span : completeSpan(span, events);
  }

  #take(key: string): readonly SpanEvent[] {
    const waiting = this.#messages.get(key);
    if (!waiting) return [];
    this.#messages.delete(key);
    this.#waitingCharacters -= waiting.characters;
    this.#waitingMessages -= waiting.events.length;
    return waiting.events;
  }
}
