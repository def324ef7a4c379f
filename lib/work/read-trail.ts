import type { NewAuditEntry } from "../model/audit.ts";
import type { Fault } from "../model/fault.ts";
import type { BusinessUnit, Scope } from "../model/scope.ts";
import type { Audit } from "../ports/audit.ts";
import type { TraceFilter } from "../wire/trace-filter.ts";

/** A page asks for what it shows in many pieces, and again as it scrolls: within this time they are one reading. */
const onceMs = 60_000;

/** Readings that are remembered at most; one that is forgotten is recorded once more. */
const mostRemembered = 10_000;

/** What is read, without whose data it is where that has to be looked up. */
export type Reading = Omit<NewAuditEntry, "units"> & {
  readonly units: readonly BusinessUnit[] | (() => Promise<readonly BusinessUnit[]>);
};

/** Records what is read, before the answer leaves: an answer that cannot be recorded is not given. */
export class ReadTrail {
  readonly #audit: Pick<Audit, "record">;
  readonly #nowMs: () => number;
  /** When each reading was recorded last, the oldest first. */
  readonly #recorded = new Map<string, { readonly atMs: number; readonly done: Promise<void> }>();

  constructor(audit: Pick<Audit, "record">, nowMs: () => number) {
    this.#audit = audit;
    this.#nowMs = nowMs;
  }

  /** Records a reading, once a minute for one reader and one thing. @throws Fault `broken` where it cannot be kept */
  note(scope: Scope, reading: Reading): Promise<void> {
    const { action, object, outcome } = reading;
    const reader = scope.via?.sessionId ?? scope.via?.kind ?? "program";
    const key = JSON.stringify([scope.userId, reader, action, object.kind, object.id, object.version, outcome]);
    const known = this.#recorded.get(key);
    if (known && this.#nowMs() - known.atMs < onceMs) return known.done;
    const done = this.each(scope, reading);
    this.#recorded.delete(key);
    this.#recorded.set(key, { atMs: this.#nowMs(), done });
    // What was not recorded is not known: the next to ask tries again.
    done.catch(() => {
      if (this.#recorded.get(key)?.done === done) this.#recorded.delete(key);
    });
    const [oldest] = this.#recorded.keys();
    if (this.#recorded.size > mostRemembered && oldest !== undefined) this.#recorded.delete(oldest);
    return done;
  }

  /** Records a reading each time, as for what leaves as a file. */
  async each(scope: Scope, { units, ...entry }: Reading): Promise<void> {
    await this.#audit.record(scope, { ...entry, units: typeof units === "function" ? await units() : units });
  }

  /** Records that somebody asked for what is not theirs, or not there, which they are told in the same words. */
  async refuse(scope: Scope, route: string, { code }: Pick<Fault, "code">): Promise<void> {
    if (code !== "denied" && code !== "missing") return;
    const outcome = code === "denied" ? "denied" : "error";
    const object = { kind: "route", id: route };
    await this.note(scope, { action: "access.deny", object, units: [], outcome, reason: code });
  }
}

/** Records that traces were searched for words. A list without words shows no more than what there is. */
export async function noteSearch(
  reads: Pick<ReadTrail, "note">,
  scope: Scope,
  { text, units }: Pick<TraceFilter, "text" | "units">,
  rows: number
): Promise<void> {
  if (text.trim() === "") return;
  const own = scope.businessUnits.filter((unit) => units.length === 0 || units.includes(unit));
  const object = { kind: "words", id: await hashText(text) };
  await reads.note(scope, { action: "trace.search", object, units: own, facts: { rows } });
}

/** SHA-256 of a text in hex: tells that two were the same, and not what they say. */
export async function hashText(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
