import { Fault } from "../model/fault.ts";
import { checkSides, type LabelSides } from "../model/label-sides.ts";
import type { PromotedScorer, PromotionBase } from "../model/promoted-scorer.ts";
import type { ChangedScore, ScorerComparison } from "../model/scorer-comparison.ts";
import type { AnswersForecast } from "./cell-forecast.ts";
import { type Fields, integer, object, optional, text } from "./parse.ts";

/** Traces drawn by chance beside the labelled ones, at most; and labelled ones. */
export const [mostRandom, mostLabelled] = [500, 500];

/** POST promotion: what a scorer or judge could be promoted as. */
export interface PromotionGroundRequest {
  /** The workbook as it is written now. */
  readonly text: string;
}

/** A label that people gave, and on how many traces. */
export interface SeenLabel {
  readonly label: string;
  readonly traces: number;
}

/** A scorer that a promotion can go on from. */
export type PromotionHead = Pick<
  PromotedScorer,
  "scorerId" | "name" | "businessUnits" | "version" | "kind" | "text" | "note" | "userId" | "promotedAtMs"
>;

export interface PromotionGroundReply {
  /** What a new scorer would be called. */
  readonly name: string;
  readonly kind: PromotedScorer["kind"];
  /** Score cells whose options it can be promoted with. */
  readonly uses: readonly string[];
  /** Units that it can be promoted for: those of the workbook that the asker sees. */
  readonly units: readonly string[];
  readonly heads: readonly PromotionHead[];
  /** The one that it seems to go on from; null for a new scorer. */
  readonly suggested: string | null;
  readonly labels: readonly SeenLabel[];
  /** What the labels seem to mean; a person has to say so. */
  readonly sides: LabelSides;
  /** What is different outside the workbook. */
  readonly notes: readonly string[];
}

/** What is promoted as what. */
export interface PromotionChoice {
  /** Null for a new scorer. */
  readonly base: PromotionBase | null;
  /** The score cell whose options it takes; null for none. */
  readonly use: string | null;
  readonly units: readonly string[];
}

/** POST comparison: the scorer as it is written now beside the version that it goes on from; replies ComparisonEvents as lines. */
export interface ComparisonRequest extends PromotionGroundRequest, PromotionChoice {
  /** Null where no label counts. */
  readonly sides: LabelSides | null;
  /** Traces drawn by chance. */
  readonly random: number;
  readonly seed: number;
  /** What asking a model may cost, US dollars; null asks nothing and tells what it would cost. */
  readonly budgetUsd: number | null;
}

export type ComparisonEvent =
  | { readonly kind: "progress"; readonly done: number; readonly total: number; readonly step: string }
  /** It asks a model, and nobody said yet what that may cost. */
  | { readonly kind: "forecast"; readonly traces: number; readonly answers: AnswersForecast }
  | {
      readonly kind: "compared";
      /** Names it when the scorer is promoted. */
      readonly comparisonId: string;
      readonly comparison: ScorerComparison;
      readonly changed: readonly ChangedScore[];
      readonly durationMs: number;
    };

/** PUT promotion: replies the PromotedScorer. */
export interface PromoteRequest extends PromotionChoice {
  /** The saved text that holds the scorer. */
  readonly revision: number;
  readonly note: string;
  /** What was measured; null where nothing was. */
  readonly comparisonId: string | null;
}

/** @throws Fault `invalid` naming the field */
export function parsePromotionGroundRequest(body: unknown): PromotionGroundRequest {
  return { text: text(object(body, "the promotion"), "text") };
}

/** @throws Fault `invalid` naming the field */
export function parseComparisonRequest(body: unknown): ComparisonRequest {
  const fields = object(body, "the comparison");
  const random = integer(fields, "random");
  if (random < 0 || random > mostRandom)
    throw new Fault("invalid", `a comparison draws 0 to ${mostRandom} traces by chance, not ${random}`);
  const budgetUsd = optional(fields, "budgetUsd", (all, name) => all[name]) ?? null;
  if (budgetUsd !== null && !(typeof budgetUsd === "number" && budgetUsd >= 0 && Number.isFinite(budgetUsd)))
    throw new Fault("invalid", '"budgetUsd" is no amount of US dollars');
  return {
    ...{ text: text(fields, "text"), ...parseChoice(fields), random, seed: integer(fields, "seed"), budgetUsd },
    sides: optional(fields, "sides", (all, name) => parseSides(object(all[name], `"${name}"`))) ?? null
  };
}

/** @throws Fault `invalid` naming the field */
export function parsePromoteRequest(body: unknown): PromoteRequest {
  const fields = object(body, "the promotion");
  return {
    ...parseChoice(fields),
    revision: integer(fields, "revision"),
    note: optional(fields, "note", text) ?? "",
    comparisonId: optional(fields, "comparisonId", text) ?? null
  };
}

function parseChoice(fields: Fields): PromotionChoice {
  const base = optional(fields, "base", (all, name) => object(all[name], `"${name}"`));
  return {
    base: base ? { scorerId: text(base, "scorerId"), version: integer(base, "version") } : null,
    use: optional(fields, "use", text) ?? null,
    units: texts(fields, "units")
  };
}

function parseSides(fields: Fields): LabelSides {
  return checkSides({ wrong: texts(fields, "wrong"), fine: texts(fields, "fine") });
}

function texts(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value as string[];
  throw new Fault("invalid", `"${name}" is not a list of texts`);
}
