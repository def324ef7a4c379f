import type { KeyObject } from "node:crypto";
import type { AuditCheckpoint, AuditDefect, AuditEntry, AuditVerdict } from "#lib/model/audit.ts";
import { isFault } from "#lib/model/fault.ts";
import type { Json } from "#lib/model/span.ts";
import { linkHash, parseEntry, saltedDigest } from "./chain.ts";
import { findErased } from "./erasure.ts";
import { countSeqs, pushSeq, type SeqRange, subtract, unite } from "./seq-ranges.ts";

/** Defects that a verdict names; where one link is broken, others after it are of no interest. */
const mostDefects = 20;

/** Records of erasures that a verdict names. */
const mostErasures = 20;

/** One link as it lies in the state or in an exported file. */
export interface KeptLink {
  readonly seq: number;
  readonly hash: string;
  /** Canonical JSON of the entry. */
  readonly body: string;
  /** What is kept beside it; null where nothing was found. */
  readonly kept: { readonly salt: string; readonly payload: Json } | null;
  /** By which the state finds it; absent in a file. */
  readonly columns?: LinkColumns;
  /** Left out of an export, as it tells of units that its reader does not audit. */
  readonly isCut?: boolean;
}

/** What entries are looked for by: nothing that their body does not say. */
export interface LinkColumns {
  readonly atMs: number;
  readonly actorId: string;
  readonly action: string;
  readonly outcome: string;
  /** Each unit between commas. */
  readonly businessUnits: string;
}

const columnWords: Readonly<Record<keyof LinkColumns, string>> = {
  atMs: "time",
  actorId: "actor",
  action: "action",
  outcome: "outcome",
  businessUnits: "list of business units"
};
const columnNames = Object.keys(columnWords) as readonly (keyof LinkColumns)[];

/** The columns of an entry. */
export function linkColumns({ at, actor, action, outcome, units }: AuditEntry): LinkColumns {
  return {
    atMs: Date.parse(at),
    actorId: actor.id,
    action,
    outcome,
    businessUnits: units.length === 0 ? "" : `,${units.join(",")},`
  };
}

/**
 * Walks a chain link by link and notes what does not hold.
 *
 * Memory is bounded by the number of checkpoints and of erasures, not by that of entries.
 */
export class ChainCheck {
  readonly #defects: AuditDefect[] = [];
  readonly #signed = new Map<number, Set<string>>();
  readonly #isPartial: boolean;
  readonly #isWhole: boolean;
  readonly #trusted: ReadonlyMap<string, KeyObject>;
  /** Places beside which something is kept, and beside which nothing is though something was. */
  readonly #kept: SeqRange[] = [];
  readonly #gone: SeqRange[] = [];
  readonly #erased: SeqRange[] = [];
  readonly #erasures = new Set<number>();
  #first: number | null = null;
  #seq = 0;
  #hash: string | null = null;
  #at = "";
  #entries = 0;
  #checkpoints = 0;
  #lastSigned = 0;
  #clockSetBack = 0;

  /**
   * @param isPartial  true for entries picked by a filter: gaps between them are no defect
   * @param isWhole    true where the first link has to be the first of the trail
   * @param trusted    keys whose records of erasures hold
   */
  constructor({
    trusted,
    isPartial = false,
    isWhole = false
  }: {
    readonly trusted: ReadonlyMap<string, KeyObject>;
    readonly isPartial?: boolean;
    readonly isWhole?: boolean;
  }) {
    this.#trusted = trusted;
    this.#isPartial = isPartial;
    this.#isWhole = isWhole;
  }

  /** Notes a checkpoint whose signature was checked; all come before the links. */
  sign({ seq, hash }: Pick<AuditCheckpoint, "seq" | "hash">): void {
    this.#checkpoints += 1;
    this.#lastSigned = Math.max(this.#lastSigned, seq);
    this.expect(seq, hash);
  }

  /** Notes what else says which hash an entry has, as the head of the chain does. */
  expect(seq: number, hash: string): void {
    this.#signed.set(seq, (this.#signed.get(seq) ?? new Set()).add(hash));
  }

  /** Notes a defect that was found elsewhere. */
  note(seq: number, problem: string): void {
    if (this.#defects.length < mostDefects) this.#defects.push({ seq, problem });
  }

  /** Notes what the record of an erasure covers; it is signed, so it counts wherever it was found. */
  erase(entry: AuditEntry): void {
    const erased = findErased(entry, this.#trusted);
    if (typeof erased === "string") this.note(entry.seq, erased);
    else if (!this.#erasures.has(entry.seq)) {
      this.#erasures.add(entry.seq);
      this.#erased.push(...erased);
    }
  }

  /** The next link. */
  take(link: KeptLink): void {
    this.#first ??= link.seq;
    const follows = link.seq === this.#seq + 1;
    if ((this.#entries > 0 || this.#isWhole) && !follows) {
      if (link.seq <= this.#seq) this.note(link.seq, `the entry comes after entry ${this.#seq}, out of order`);
      else if (!this.#isPartial) this.note(this.#seq + 1, this.#say(this.#seq + 1, link.seq - 1));
    }
    this.#entries += 1;
    if (!link.isCut) this.#check(link, follows);
    else if (!this.#isPartial) this.note(link.seq, "parts of the entry are left out, so it cannot be checked");
    this.#seq = link.seq;
    this.#hash = link.hash;
    const signed = this.#signed.get(link.seq);
    if (signed && [...signed].some((hash) => hash !== link.hash)) {
      this.note(link.seq, "the entry is not the one that was signed here: what comes before it was written anew");
    }
    this.#signed.delete(link.seq);
  }

  #say(from: number, to: number): string {
    return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
  }

  #check(link: KeptLink, follows: boolean): void {
    const { seq } = link;
    const entry = readEntry(link.body);
    if (!entry) {
      this.note(seq, "the entry cannot be read");
      return;
    }
    if (entry.seq !== seq) this.note(seq, `entry ${entry.seq} was put in the place of entry ${seq}`);
    else if (linkHash(entry.previousHash, link.body) !== link.hash) {
      this.note(seq, "the entry is not what was recorded: its hash differs");
    } else if (follows && this.#hash !== null && entry.previousHash !== this.#hash) {
      this.note(seq, `the entry does not follow entry ${seq - 1}: one of the two was exchanged`);
    } else if (seq === 1 && this.#signed.get(0)?.has(entry.previousHash) === false) {
      this.note(seq, "the trail does not begin where it was first signed");
    }
    if (entry.at < this.#at) this.note(seq, `the entry is dated ${entry.at}, before entry ${this.#seq}`);
    this.#at = entry.at;
    if (entry.clockAt !== null) this.#clockSetBack += 1;
    const { columns, kept } = link;
    const recorded = linkColumns(entry);
    const differing = columns && columnNames.find((name) => columns[name] !== recorded[name]);
    if (differing) this.note(seq, `the entry is listed with a different ${columnWords[differing]} than was recorded`);
    if (entry.action === "erasure.completed") this.erase(entry);
    if (entry.payloadSha256 === null) return;
    pushSeq(kept === null ? this.#gone : this.#kept, seq);
    if (kept !== null && saltedDigest(kept.salt, kept.payload) !== entry.payloadSha256) {
      this.note(seq, "what is kept beside the entry is not what was recorded");
    }
  }

  /** What was found. */
  end(): AuditVerdict {
    for (const seq of [...this.#signed.keys()].sort((left, right) => left - right)) {
      if (seq <= this.#seq || this.#isPartial) continue;
      this.note(this.#seq + 1, `${this.#say(this.#seq + 1, seq)}: the end was cut off, entry ${seq} was there`);
      break;
    }
    const [kept, gone, erased] = [unite(this.#kept), unite(this.#gone), unite(this.#erased)];
    const lost = subtract(gone, erased);
    for (const [first, last] of lost) this.note(first, `what was kept beside ${sayRange(first, last)} is gone`);
    for (const [first, last] of subtract(kept, subtract(kept, erased)))
      this.note(first, `what was erased beside ${sayRange(first, last)} is there again`);
    const defects = this.#defects.toSorted((left, right) => left.seq - right.seq);
    return {
      isIntact: defects.length === 0,
      isCut: false,
      entries: this.#entries,
      first: this.#first,
      last: this.#first === null ? null : this.#seq,
      checkpoints: this.#checkpoints,
      unsigned: Math.max(0, this.#seq - this.#lastSigned),
      clockSetBack: this.#clockSetBack,
      erased: countSeqs(gone) - countSeqs(lost),
      erasures: [...this.#erasures].sort((left, right) => left - right).slice(0, mostErasures),
      defects
    };
  }
}

function sayRange(first: number, last: number): string {
  return first === last ? "the entry" : `entries ${first} to ${last}`;
}

function readEntry(body: string) {
  try {
    return parseEntry(JSON.parse(body));
  } catch (error) {
    if (isFault(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
