import type { Budget } from "#lib/model/budget.ts";
import type { PassCounts, ScoringRule } from "#lib/model/scoring-rule.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { RuleScorer } from "./rule-scorer.ts";
import { type ChosenTrace, candidateTable, type RuleDetail } from "./rule-traces.ts";
import { keyOf, ruleScope } from "./rule-window.ts";
import { buildRecords, type GivenVerdict, type GivenVerdicts } from "./score-table.ts";

/** Whose traces are scored, by what, and for how much. */
export interface RuleBatch {
  readonly rule: ScoringRule;
  /** Of the promoted scorer. */
  readonly version: number;
  readonly scorer: RuleScorer;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  /** Whether there is time for another batch. */
  readonly hasTime: () => boolean;
}

/** What came of some batches. */
export interface BatchOutcome extends Pick<PassCounts, "scored" | "unscored" | "costUsd"> {
  /** Traces that were dealt with. */
  readonly traces: number;
  /** Whether every trace was dealt with. */
  readonly isWhole: boolean;
  /** Whether the day's money is used up. */
  readonly isOverCap: boolean;
  /** Why the first that failed did; null where none did, or any was scored. */
  readonly problem: string | null;
}

/** What came of no batch. */
export const nothingScored: BatchOutcome = {
  ...{ traces: 0, scored: 0, unscored: 0, costUsd: 0 },
  ...{ isWhole: true, isOverCap: false, problem: null }
};

/** Two outcomes together. */
export function joinOutcomes(one: BatchOutcome, other: BatchOutcome): BatchOutcome {
  const scored = one.scored + other.scored;
  return {
    traces: one.traces + other.traces,
    scored,
    unscored: one.unscored + other.unscored,
    costUsd: one.costUsd + other.costUsd,
    isWhole: one.isWhole && other.isWhole,
    isOverCap: one.isOverCap || other.isOverCap,
    problem: scored > 0 ? null : (one.problem ?? other.problem)
  };
}

/**
 * Scores traces, some at a time; what one batch gave is in the lake before the next begins.
 *
 * @param kernel    holds the traces, and their ids in `rule_candidates`
 * @param waitsCap  leaves traces alone that the day's money does not reach, where they are unscored otherwise
 */
export async function scoreBatches(
  { lake, clock }: { readonly lake: Pick<Lake, "append">; readonly clock: Clock },
  batch: RuleBatch,
  kernel: Kernel,
  traces: readonly ChosenTrace[],
  waitsCap: boolean
): Promise<BatchOutcome> {
  const { rule, scorer, budget, signal, hasTime } = batch;
  const scope = ruleScope(rule);
  let outcome = nothingScored;
  for (let start = 0; start < traces.length; start += scorer.batchTraces) {
    // One batch at least, however long it took to find the traces: else a slow machine never got on.
    if ((start > 0 && !hasTime()) || signal.aborted) return { ...outcome, isWhole: false };
    const only = traces.slice(start, start + scorer.batchTraces);
    const given = keepMeant(await scorer.score({ kernel, signal, scope, only }, candidateTable, budget), only);
    const capped = given.verdicts.some(isOverCap);
    const kept = waitsCap && capped ? keepVerdicts(given, (_, verdict) => !isOverCap(verdict)) : given;
    await lake.append(scope, { spans: [], scores: toRecords(batch, kept, only, clock.nowMs()) });
    const isCut = kept.verdicts.length < given.verdicts.length;
    outcome = joinOutcomes(outcome, { ...tally(kept, capped), traces: isCut ? kept.verdicts.length : only.length });
    if (signal.aborted || isCut) return { ...outcome, isWhole: false };
  }
  return outcome;
}

function toRecords(
  { rule, version }: RuleBatch,
  given: GivenVerdicts,
  traces: readonly ChosenTrace[],
  scoredAtMs: number
) {
  const states = new Map(traces.map((trace) => [keyOf(trace), trace.state]));
  return buildRecords(
    given,
    { runId: null, samplingProbability: rule.rate, scoredAtMs },
    ({ detail = null }, subject) => {
      const own: RuleDetail = { rule: rule.ruleId, version, state: states.get(keyOf(subject))! };
      return { ...own, ...(detail as object | null) };
    }
  );
}

/** Another unit of the rule may have a trace of the same id. */
function keepMeant(given: GivenVerdicts, traces: readonly ChosenTrace[]): GivenVerdicts {
  const meant = new Set(traces.map(keyOf));
  return keepVerdicts(given, (subject) => meant.has(keyOf(subject)));
}

function keepVerdicts(
  given: GivenVerdicts,
  isKept: (subject: GivenVerdicts["subjects"][number], verdict: GivenVerdict) => boolean
): GivenVerdicts {
  const rows = [...given.verdicts.keys()].filter((row) => isKept(given.subjects[row]!, given.verdicts[row]!));
  return {
    ...given,
    subjects: rows.map((row) => given.subjects[row]!),
    verdicts: rows.map((row) => given.verdicts[row]!)
  };
}

const isOverCap = ({ score }: GivenVerdict): boolean =>
  score.kind === "unscored" && score.reason.startsWith("over budget");

function tally({ verdicts }: GivenVerdicts, isCapped: boolean): Omit<BatchOutcome, "traces"> {
  const scored = verdicts.filter(({ score }) => score.kind === "scored").length;
  const failed = verdicts.find(
    (verdict) => verdict.score.kind === "unscored" && verdict.score.status === "error" && !isOverCap(verdict)
  );
  const skips = verdicts.some(({ score }) => score.kind === "unscored" && score.status === "skipped");
  return {
    scored,
    unscored: verdicts.length - scored,
    costUsd: verdicts.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0),
    isWhole: true,
    isOverCap: isCapped,
    problem: scored > 0 || skips ? null : (failed?.score.reason ?? null)
  };
}
