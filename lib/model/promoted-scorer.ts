import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";
import type { Json } from "./span.ts";

/** The cell that a version was promoted from. A slug is given once, so it names the workbook for ever. */
export interface ScorerOrigin {
  readonly slug: string;
  readonly revision: number;
  readonly cell: string;
}

/** One version of a scorer or judge that left its workbook; rules score live traffic with it. Versions never change. */
export interface PromotedScorer {
  readonly scorerId: string;
  /** What its scores carry in the column `scorer`. */
  readonly name: string;
  /** Units it belongs to, sorted; of these the ones that the reader may see. */
  readonly businessUnits: readonly BusinessUnit[];
  /** From 1, one more with each promotion. */
  readonly version: number;
  readonly kind: "code" | "judge";
  /** TypeScript of the scorer cell, or YAML of the judge cell. */
  readonly text: string;
  /** What the score cell said over the scorer's own options. */
  readonly options: Readonly<Record<string, Json>>;
  /** Hash that its scores carry in the column `scorer_version`. */
  readonly scorerVersion: string;
  readonly origin: ScorerOrigin | null;
  /** What was measured when it was promoted; null where nothing was, or where the reader may not see all its units. */
  readonly evidence: Json;
  /** Why it was promoted; may be empty. */
  readonly note: string;
  readonly userId: string;
  readonly promotedAtMs: number;
}

/** What is needed to have a scorer score. */
export type ScorerText = Pick<PromotedScorer, "name" | "kind" | "text" | "options">;

/** A version to be promoted. */
export type NewPromotion = Omit<PromotedScorer, "scorerId" | "version" | "userId" | "promotedAtMs">;

/** The version that a promotion goes on from. */
export type PromotionBase = Pick<PromotedScorer, "scorerId" | "version">;

const nameLimit = 63;
const textLimit = 200_000;
const noteLimit = 2000;
const evidenceLimit = 200_000;

/** A promotion as it is kept: units sorted, the note without space around it. @throws Fault `invalid` */
export function checkPromotion(next: NewPromotion): NewPromotion {
  const businessUnits = [...new Set(next.businessUnits)].sort();
  const note = next.note.trim();
  if (next.name === "" || next.name.length > nameLimit) {
    throw new Fault(
      "invalid",
      `a promoted scorer has a name of 1 to ${nameLimit} characters, not ${next.name.length}`,
      { hint: "Give the cell a name: the word after its kind." }
    );
  }
  if (businessUnits.length === 0) {
    throw new Fault("invalid", `the scorer "${next.name}" belongs to no business unit`, {
      hint: "Choose at least one."
    });
  }
  checkLength("the text of a promoted scorer", next.text, textLimit);
  checkLength("the note of a promotion", note, noteLimit);
  checkLength("what was measured of a scorer", JSON.stringify(next.evidence), evidenceLimit);
  return { ...next, businessUnits, note };
}

function checkLength(what: string, text: string, limit: number): void {
  if (text.length <= limit) return;
  const [most, has] = [limit, text.length].map((n) => n.toLocaleString("en-US"));
  throw new Fault("invalid", `${what} has ${most} characters at most, not ${has}`);
}
