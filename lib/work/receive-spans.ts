import type { Imported } from "../formats/imported.ts";
import { liftAnnotations } from "../formats/span-annotations.ts";
import { keepStorable } from "../formats/storable.ts";
import { isFault } from "../model/fault.ts";
import type { IngestKey } from "../model/ingest-key.ts";
import { roles, type Scope } from "../model/scope.ts";
import type { Span } from "../model/span.ts";
import type { Annotations } from "../ports/annotations.ts";
import type { Clock } from "../ports/clock.ts";
import { formatAnnotation } from "./format-annotation.ts";
import { type JoinDoors, joinMessages } from "./join-messages.ts";
import { RateLimit } from "./rate-limit.ts";

/** What became of one export request. */
export type Receipt =
  /** In the lake, synced. `reasons` say why records were rejected, the first few of them. */
  | { readonly kind: "accepted"; readonly rejected: number; readonly reasons: readonly string[] }
  /** Not taken in for now; the sender keeps it and tries again. */
  | {
      readonly kind: "later";
      readonly why: "rate" | "disk" | "conflict";
      readonly message: string;
      readonly retryAfterSeconds: number;
    };

/** Spans that one append takes in at most. */
const appendSpans = 20_000;

const shownReasons = 5;

/** What is received into. */
export interface ReceiveDoors extends JoinDoors {
  readonly clock: Clock;
  /** Where what people said of spans goes; without it that stays among the attributes of the spans. */
  readonly annotations?: Annotations;
}

interface Waiting {
  readonly businessUnit: string;
  readonly imported: Imported;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Takes decoded export requests into the lake. Requests that arrive while an append is under way share
 * the next one, so that the cost of a durable write is paid by many.
 */
export class SpanReceiver {
  readonly #doors: ReceiveDoors;
  readonly #rates: RateLimit;
  #waiting: Waiting[] = [];
  #working: Promise<void> | null = null;

  constructor(doors: ReceiveDoors) {
    this.#doors = doors;
    this.#rates = new RateLimit(doors.clock);
  }

  /** Resolves when the records are durable, or are not taken in. @throws what is a defect of the lake */
  async receive(key: IngestKey, sent: Imported): Promise<Receipt> {
    const imported = keepStorable(this.#lift(key, sent));
    const messages = imported.messages?.length ?? 0;
    const waits = this.#rates.take(key.keyId, imported.spans.length + messages, key.spansPerSecond);
    if (waits > 0) {
      return {
        kind: "later",
        why: "rate",
        message: `the ingest key "${key.name}" sends more than its ${key.spansPerSecond} spans per second`,
        retryAfterSeconds: waits
      };
    }
    if (imported.spans.length + imported.scores.length + messages === 0) return accepted(imported);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ businessUnit: key.businessUnit, imported, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** What was said of spans on the spans themselves, as annotations and scores. */
  #lift({ businessUnit }: IngestKey, sent: Imported): Imported {
    const { annotations, clock } = this.#doors;
    return annotations ? liftAnnotations(sent, { businessUnit, environment: null, nowMs: clock.nowMs() }) : sent;
  }

  /** Resolves when nothing is under way. */
  async settle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#takeTogether();
      const failed = await this.#append(together);
      // One request that the lake refuses must not cost the others theirs.
      if (failed === null) continue;
      if (together.length === 1) together[0]!.reject(failed.error);
      else
        for (const one of together) {
          const alone = await this.#append([one]);
          if (alone) one.reject(alone.error);
        }
    }
    // In the same breath as the look at what waits: a request that came between the two would wait for ever.
    this.#working = null;
  }

  #takeTogether(): readonly Waiting[] {
    let spans = 0;
    const end = this.#waiting.findIndex(({ imported }, at) => {
      spans += imported.spans.length;
      return at > 0 && spans > appendSpans;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  /** @returns null when every request has its answer */
  async #append(together: readonly Waiting[]): Promise<{ readonly error: unknown } | null> {
    const scores = together.flatMap(({ imported }) => imported.scores);
    try {
      const { spans, joined } = await this.#join(together);
      await this.#doors.lake.append(scopeOf(spans, scores), { spans, scores });
      const said = together.flatMap(({ imported }) => imported.annotations ?? []);
      if (said.length > 0) await this.#doors.annotations?.append(scopeOf(said), said.map(formatAnnotation));
      await this.#doors.logMessages.markJoined(joined);
      for (const { imported, resolve } of together) resolve(accepted(imported));
      return null;
    } catch (error) {
      if (!isFault(error) || (error.code !== "limit" && error.code !== "conflict")) return { error };
      for (const { resolve } of together) {
        resolve({
          kind: "later",
          why: error.code === "limit" ? "disk" : "conflict",
          message: error.message,
          retryAfterSeconds: error.code === "limit" ? 30 : 1
        });
      }
      return null;
    }
  }

  /** The spans of some requests, with the messages that came in logs. */
  async #join(together: readonly Waiting[]) {
    const spans: Span[] = [];
    const joined: string[] = [];
    for (const [unit, requests] of Map.groupBy(together, ({ businessUnit }) => businessUnit)) {
      const found = await joinMessages(
        this.#doors,
        unit,
        requests.flatMap(({ imported }) => imported.spans),
        requests.flatMap(({ imported }) => imported.messages ?? [])
      );
      spans.push(...found.spans);
      joined.push(...found.joined);
    }
    return { spans, joined };
  }
}

function accepted({ rejected }: Imported): Receipt {
  return { kind: "accepted", rejected: rejected.length, reasons: rejected.slice(0, shownReasons) };
}

/** An ingest key writes to its own unit and reads nothing. */
function scopeOf(...records: readonly (readonly { readonly businessUnit: string }[])[]): Scope {
  const businessUnits = [...new Set(records.flat().map(({ businessUnit }) => businessUnit))].sort();
  return { userId: "ingest", roles: roles.slice(-1), businessUnits };
}
