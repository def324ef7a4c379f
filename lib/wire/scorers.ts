import { Fault } from "../model/fault.ts";
import type { PromotedScorer } from "../model/promoted-scorer.ts";
import type { ScoringLog, ScoringRule } from "../model/scoring-rule.ts";
import { boolean, type Fields, integer, number, object, optional, text } from "./parse.ts";
import type { Names } from "./people.ts";

/** A pass rate, or a mean of values, of all traffic from what was scored of it. Shares in 0..1. */
export interface ScoredRate {
  readonly rate: number | null;
  readonly interval: readonly [number, number];
  /** Verdicts. */
  readonly n: number;
  /** As many of equal chance would be as certain. */
  readonly effectiveN: number;
}

/** A promoted scorer in the list. */
export interface ScorerRow extends Pick<PromotedScorer, "scorerId" | "name" | "kind" | "version" | "businessUnits"> {
  readonly promotedAtMs: number;
  readonly evidence: PromotedScorer["evidence"];
  readonly rulesActive: number;
  readonly rulesPaused: number;
  /** Of what rules scored in the last 24 hours. */
  readonly lastDay: ScoredRate;
}

/** GET /api/scorers */
export interface ScorersReply {
  readonly scorers: readonly ScorerRow[];
}

/** A rule as its page shows it. */
export interface RuleReply {
  readonly rule: Omit<ScoringRule, "cursor"> & { readonly waiting: number };
  readonly log: ScoringLog;
  /** For how long something has been there that is not dealt with, ms; 0 where all is, null while it is paused. */
  readonly lagMs: number | null;
}

/** A day of a version's scores. */
export interface RatePoint extends ScoredRate {
  /** `YYYY-MM-DD`, UTC: when the traces began. */
  readonly day: string;
  /** Of the promoted scorer. */
  readonly version: number;
}

/** GET /api/scorers/:scorerId */
export interface ScorerReply {
  /** The newest first. */
  readonly versions: readonly PromotedScorer[];
  readonly rules: readonly RuleReply[];
  /** By day and version, the earliest first; what rules scored. */
  readonly days: readonly RatePoint[];
  /** Areas of kept maps as conditions, for a new rule. */
  readonly areas: readonly { readonly title: string; readonly predicate: string }[];
  /** Of those who promoted versions or paused rules, and have a role in a unit of the reader. */
  readonly names: Names;
}

/** POST /api/scorers/:scorerId/rules */
export type RuleRequest = Pick<
  ScoringRule,
  "version" | "businessUnits" | "predicate" | "rate" | "fromMs" | "dailyCapUsd"
> & { readonly scoresOlder: boolean };

/** POST /api/scorers/:scorerId/forecast */
export interface RuleForecastRequest extends Omit<RuleRequest, "dailyCapUsd" | "scoresOlder"> {
  /** Whether a few traces are scored to see how long it takes. */
  readonly tries: boolean;
}

/** What a rule would find in the lake as it is. */
export interface RuleForecastReply {
  /** Traces that match. */
  readonly traces: number;
  /** Of those, the ones of its sample. */
  readonly sampled: number;
  /** Matching traces that began in the last day with any. */
  readonly lastDay: number;
  /** To score one trace, measured on a few; null where none was tried. */
  readonly msPerTrace: number | null;
  /** To score the sample; null where it is not known. */
  readonly seconds: number | null;
  /** US dollars for the sample; 0 for code, null where it is not known. */
  readonly costUsd: number | null;
}

/** PATCH /api/rules/:ruleId */
export interface RuleChange {
  readonly action: "pause" | "resume" | "scoreOlder";
}

const actions: readonly string[] = ["pause", "resume", "scoreOlder"];

/** @throws Fault `invalid` */
export function parseRuleChange(value: unknown): RuleChange {
  const action = text(object(value, "the request"), "action");
  if (actions.includes(action)) return { action: action as RuleChange["action"] };
  throw new Fault("invalid", `"action" is "${action.slice(0, 80)}", and not ${actions.join(", ")}`);
}

/** @throws Fault `invalid` */
export function parseRuleRequest(value: unknown): RuleRequest {
  const fields = object(value, "the request");
  return {
    ...readMeaning(fields),
    dailyCapUsd: optional(fields, "dailyCapUsd", number) ?? null,
    scoresOlder: optional(fields, "scoresOlder", boolean) ?? false
  };
}

/** @throws Fault `invalid` */
export function parseRuleForecastRequest(value: unknown): RuleForecastRequest {
  const fields = object(value, "the request");
  return { ...readMeaning(fields), tries: optional(fields, "tries", boolean) ?? false };
}

function readMeaning(fields: Fields) {
  const units = fields["businessUnits"];
  if (!Array.isArray(units) || !units.every((unit) => typeof unit === "string"))
    throw new Fault("invalid", `"businessUnits" is no list of texts`);
  return {
    version: optional(fields, "version", integer) ?? null,
    businessUnits: units as readonly string[],
    predicate: text(fields, "predicate"),
    rate: number(fields, "rate"),
    fromMs: optional(fields, "fromMs", integer) ?? null
  };
}
