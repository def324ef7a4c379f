import { isFault, reportOf } from "#lib/model/fault.ts";
import type { PromotedScorer } from "#lib/model/promoted-scorer.ts";
import { dayOf, type ScoringPass, type ScoringRule } from "#lib/model/scoring-rule.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { PromotedScorers } from "#lib/ports/promoted-scorers.ts";
import type { RuleProgress, ScoringRules } from "#lib/ports/scoring-rules.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { type BatchOutcome, joinOutcomes, nothingScored, type RuleBatch, scoreBatches } from "./rule-batches.ts";
import { openDayBudget, openRuleScorer, type RuleScorer, type RuleScorerDoors } from "./rule-scorer.ts";
import { type ChosenTrace, chooseOlder, chooseTraces, leaveScored, loadCandidates } from "./rule-traces.ts";
import { type Candidate, firstDayOf, readWindow, ruleScope, type SettledSnapshot } from "./rule-window.ts";
import { parsePredicate } from "./traffic-predicate.ts";

/** What scoring by rules needs. */
export interface RuleDoors extends RuleScorerDoors {
  readonly lake: Pick<Lake, "append" | "openKernel" | "openArrivals" | "listArrivals">;
  readonly parser: SqlParser;
  readonly clock: Clock;
  readonly promotedScorers: Pick<PromotedScorers, "find">;
  readonly scoringRules: Pick<ScoringRules, "findActive" | "notePass" | "readCost">;
}

/** How far a pass came. */
export type PassEnd = "more" | "done" | "failed" | "capped";

/** Passes in a row that may score nothing before a rule pauses itself. */
const mostFailures = 3;

/** Older traces that are looked at in one pass. */
const olderAtOnce = 1_000;

const kernelBytes = 512 * 2 ** 20;

type Counted = Pick<ScoringPass, "seen" | "sampled"> & { readonly outcome: BatchOutcome };

/**
 * Scores what has arrived for a rule up to a snapshot, as far as the time reaches. Killed at any point, the next pass
 * finds the same traces and leaves those that have their score.
 *
 * @param arrivedMs  when the first of what is not dealt with came, as far as that is known
 */
export async function passArrivals(
  doors: RuleDoors,
  rule: ScoringRule,
  { settled, arrivedMs }: { readonly settled: SettledSnapshot; readonly arrivedMs: number },
  limits: { readonly signal: AbortSignal; readonly hasTime: () => boolean }
): Promise<PassEnd> {
  return logged(doors, rule, "arrivals", limits.signal, async (note) => {
    const promoted = await findPromoted(doors, rule);
    note.version = promoted.version;
    const predicate = await parsePredicate(doors.parser, rule.predicate);
    const nowMs = doors.clock.nowMs();
    const window = await readWindow(doors.lake, rule, predicate, promoted.name, settled, nowMs);
    try {
      const isApart = predicate.isOwn && promoted.kind === "code" && window.arrivals !== null;
      const ofArrivals = isApart ? window.candidates.filter(({ isWhole }) => isWhole) : [];
      const others = isApart ? window.candidates.filter(({ isWhole }) => !isWhole) : window.candidates;
      const counted = await scoreCandidates(doors, rule, promoted, limits, [
        { kernel: window.arrivals, candidates: ofArrivals },
        { kernel: null, candidates: others }
      ]);
      Object.assign(note, counted, { behindMs: doors.clock.nowMs() - arrivedMs });
      if (!counted.outcome.isWhole) return { end: "more" };
      const { snapshotId, atMs: seenAtMs } = window.upTo;
      const cursor = { ...rule.cursor, snapshotId, seenAtMs, waiting: window.waiting };
      return { cursor, end: window.hasMore ? "more" : "done" };
    } finally {
      await window.arrivals?.close();
    }
  });
}

/** Scores a slice of older traces, from the newest back. */
export async function passOlder(
  doors: RuleDoors,
  rule: ScoringRule,
  limits: { readonly signal: AbortSignal; readonly hasTime: () => boolean }
): Promise<PassEnd> {
  const { backfill } = rule;
  if (!backfill || backfill.isDone) return "done";
  return logged(doors, rule, "backfill", limits.signal, async (note) => {
    const promoted = await findPromoted(doors, rule);
    note.version = promoted.version;
    const firstDay = rule.fromMs === null ? {} : { firstDay: dayOf(rule.fromMs) };
    const kernel = await doors.lake.openKernel(ruleScope(rule), { memoryLimitBytes: kernelBytes, ...firstDay });
    try {
      const matching = await chooseOlder(kernel, rule, backfill.after, olderAtOnce, limits.signal);
      const sampled = matching.filter(({ isSampled }) => isSampled);
      const outcome = await withBatch(doors, rule, promoted, limits, kernel, sampled, async (batch) => {
        const left = await leaveScored(kernel, rule, nameOf(promoted, batch.scorer), sampled, limits.signal);
        if (left.length === 0) return nothingScored;
        await loadCandidates(kernel, left);
        return scoreBatches(doors, batch, kernel, left, true);
      });
      Object.assign(note, countPass(matching.length, sampled.length, outcome));
      const done = backfill.done + outcome.scored + outcome.unscored;
      if (!outcome.isWhole) return { end: outcome.isOverCap ? "capped" : "more", backfill: { ...backfill, done } };
      const last = matching.at(-1);
      const isDone = matching.length < olderAtOnce;
      const after = last ? { startedUs: last.startedUs, traceId: last.traceId } : backfill.after;
      return { end: isDone ? "done" : "more", backfill: { ...backfill, after, done, isDone } };
    } finally {
      await kernel.close();
    }
  });
}

function findPromoted({ promotedScorers }: RuleDoors, rule: ScoringRule): Promise<PromotedScorer> {
  return promotedScorers.find(ruleScope(rule), rule.scorerId, rule.version ?? undefined);
}

const nameOf = ({ name }: PromotedScorer, { version }: RuleScorer) => ({ scorer: name, version });

/** @param parts  candidates with the kernel that holds them; null for the lake of their days */
async function scoreCandidates(
  doors: RuleDoors,
  rule: ScoringRule,
  promoted: PromotedScorer,
  limits: Pick<RuleBatch, "signal" | "hasTime">,
  parts: readonly { readonly kernel: Kernel | null; readonly candidates: readonly Candidate[] }[]
): Promise<Counted> {
  const opened = new Map<"whole" | "scores", Kernel>();
  const days = parts.flatMap(({ candidates }) => candidates.map(({ day }) => day));
  const openDays = async (what: "whole" | "scores") => {
    const limits = { firstDay: firstDayOf(days), memoryLimitBytes: kernelBytes };
    const held = opened.get("whole") ?? opened.get(what);
    const kernel =
      held ?? (await doors.lake.openKernel(ruleScope(rule), what === "whole" ? limits : { ...limits, only: what }));
    opened.set(what, kernel);
    return kernel;
  };
  try {
    const chosen: { readonly kernel: Kernel; readonly traces: readonly ChosenTrace[] }[] = [];
    let seen = 0;
    for (const { kernel, candidates } of parts) {
      if (candidates.length === 0) continue;
      const holder = kernel ?? (await openDays("whole"));
      const matching = await chooseTraces(holder, rule, candidates, limits.signal);
      seen += matching.length;
      chosen.push({ kernel: holder, traces: matching.filter(({ isSampled }) => isSampled) });
    }
    const all = chosen.flatMap(({ traces }) => traces);
    const examples = promoted.kind === "judge" && all.length > 0 ? await openDays("whole") : null;
    const outcome = await withBatch(doors, rule, promoted, limits, examples, all, async (batch) => {
      let sum = nothingScored;
      for (const { kernel, traces } of chosen) {
        const scores = await openDays("scores");
        const left = await leaveScored(scores, rule, nameOf(promoted, batch.scorer), traces, limits.signal);
        sum = joinOutcomes(sum, await scoreBatches(doors, batch, kernel, left, false));
      }
      return sum;
    });
    return countPass(seen, all.length, outcome);
  } finally {
    for (const kernel of new Set(opened.values())) await kernel.close();
  }
}

/** Opens scorer and purse for some traces, and neither where there are none. */
async function withBatch(
  doors: RuleDoors,
  rule: ScoringRule,
  promoted: PromotedScorer,
  limits: Pick<RuleBatch, "signal" | "hasTime">,
  examples: Kernel | null,
  traces: readonly ChosenTrace[],
  work: (batch: RuleBatch) => Promise<BatchOutcome>
): Promise<BatchOutcome> {
  if (traces.length === 0) return nothingScored;
  const scorer = await openRuleScorer(doors, promoted, examples, limits.signal);
  try {
    const spent = await doors.scoringRules.readCost(rule.ruleId, dayOf(doors.clock.nowMs()));
    const budget = openDayBudget(doors.model, scorer.isPaid ? rule.dailyCapUsd : null, spent);
    return await work({ ...limits, rule, scorer, budget, version: promoted.version });
  } finally {
    await scorer.close();
  }
}

/** What is counted of a pass: what an earlier one dealt with, or this one leaves to the next, is not counted twice. */
function countPass(matching: number, sampled: number, outcome: BatchOutcome): Counted {
  const { traces, isWhole } = outcome;
  return { seen: isWhole ? matching - (sampled - traces) : traces, sampled: traces, outcome };
}

interface PassNote {
  version: number | null;
  seen: number;
  sampled: number;
  outcome: BatchOutcome;
  behindMs: number | null;
}

/** Runs a pass and keeps what it did; a rule whose passes score nothing again and again is paused. */
async function logged(
  { scoringRules, clock }: RuleDoors,
  rule: ScoringRule,
  kind: ScoringPass["kind"],
  signal: AbortSignal,
  work: (note: PassNote) => Promise<RuleProgress & { readonly end: PassEnd }>
): Promise<PassEnd> {
  const startedAtMs = clock.nowMs();
  const note: PassNote = { version: null, seen: 0, sampled: 0, outcome: nothingScored, behindMs: null };
  const describe = (fault: string | null): ScoringPass => {
    const { version, seen, sampled, outcome } = note;
    const { scored, unscored, costUsd } = outcome;
    const behindMs = kind === "arrivals" && scored + unscored > 0 ? note.behindMs : null;
    const times = { startedAtMs, endedAtMs: clock.nowMs() };
    return {
      passId: clock.newId(),
      kind,
      version,
      ...times,
      seen,
      sampled,
      scored,
      unscored,
      costUsd,
      behindMs,
      fault
    };
  };
  const failedBefore = rule.cursor.failures;
  try {
    const { end, cursor = rule.cursor, backfill } = await work(note);
    const { problem, scored, unscored } = note.outcome;
    const failures = problem !== null ? failedBefore + 1 : scored + unscored > 0 ? 0 : failedBefore;
    const isInteresting = note.seen + scored + unscored > 0;
    await scoringRules.notePass(rule.ruleId, isInteresting ? describe(null) : null, {
      cursor: { ...cursor, failures },
      ...(backfill ? { backfill } : {}),
      ...pauseAfter(failures, `The last ${failures} passes scored nothing: ${problem}`)
    });
    return problem === null ? end : "failed";
  } catch (error) {
    if (signal.aborted) throw error;
    const { message } = reportOf(error);
    // A full disk or a busy engine is not the rule's doing: it waits, and goes on by itself.
    const isOwn = !(isFault(error) && (error.code === "limit" || error.code === "conflict"));
    const failures = isOwn ? failedBefore + 1 : Math.max(1, failedBefore);
    await scoringRules.notePass(rule.ruleId, describe(message), {
      cursor: { ...rule.cursor, failures },
      ...(isOwn ? pauseAfter(failures, `The last ${failures} passes failed: ${message}`) : {})
    });
    return "failed";
  }
}

function pauseAfter(failures: number, because: string): { readonly pauseBecause?: string } {
  return failures >= mostFailures ? { pauseBecause: because } : {};
}
