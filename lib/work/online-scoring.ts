import type { ScoringRule } from "#lib/model/scoring-rule.ts";
import type { Jobs } from "#lib/ports/jobs.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { ScoringRules } from "#lib/ports/scoring-rules.ts";
import { type PassEnd, passArrivals, passOlder, type RuleDoors } from "./rule-pass.ts";
import { isDue, isForRule, ruleScope } from "./rule-window.ts";
import { SettledSnapshots } from "./settled-snapshots.ts";

/** The queue of rules that have something to do; data are `{ruleId}`. */
export const scoringQueue = "score-traffic";

/** What scoring traffic needs beside the rules' own doors. */
export interface OnlineScoringDoors extends Omit<RuleDoors, "lake" | "scoringRules"> {
  readonly lake: RuleDoors["lake"] & Pick<Lake, "snapshotId">;
  readonly scoringRules: RuleDoors["scoringRules"] & Pick<ScoringRules, "listActive">;
  readonly jobs: Pick<Jobs, "enqueue" | "work">;
  /** Ends early when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly elapsedMs: () => number;
  /** Is told of a look that failed; the next is made all the same. */
  readonly report: (error: unknown) => void;
}

/** How often is looked, and how long one rule may work before another gets its turn. */
export interface OnlineScoringPace {
  readonly lookMs: number;
  readonly turnMs: number;
  /** A trace is complete when nothing of it has come for so long. */
  readonly quietMs: number;
  /** Rules that are worked at once in this process. */
  readonly concurrency: number;
}

/** A rule rests so long after a turn, so that a steady stream is worked in a few large passes and not in many small ones. */
const restMs = 1_000;

const usualPace: OnlineScoringPace = { lookMs: 500, turnMs: 20_000, quietMs: 2_000, concurrency: 2 };

/** A cursor is moved on so often where nothing came, so that what comes later can still be told apart. */
const moveOnMs = 60_000;

/** Wait after a failed pass, four times as long after each further one; and until a used-up cap is looked at again. */
const [failedMs, cappedMs] = [5_000, 60_000];

/**
 * Scores traffic by rules as it arrives, until stopped. Any number of processes may do so: each looks whose rules have
 * something to do, and the queue gives a rule to one of them at a time.
 */
export class OnlineScoring {
  readonly #doors: OnlineScoringDoors;
  readonly #pace: OnlineScoringPace;
  readonly #settled: SettledSnapshots;
  readonly #notBefore = new Map<string, number>();

  constructor(doors: OnlineScoringDoors, pace: Partial<OnlineScoringPace> = {}) {
    this.#doors = doors;
    this.#pace = { ...usualPace, ...pace };
    this.#settled = new SettledSnapshots(this.#pace.quietMs);
  }

  /** Looks and works until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { jobs, pause, report } = this.#doors;
    const worker = await jobs.work(
      scoringQueue,
      async ({ data, signal: stopped }) =>
        this.takeTurn(String((data as { readonly ruleId: string }).ruleId), AbortSignal.any([stopped, signal])),
      { concurrency: this.#pace.concurrency }
    );
    while (!signal.aborted) {
      await this.look().catch(report);
      await pause(this.#pace.lookMs, signal);
    }
    await worker.stop();
  }

  /** Enqueues every rule that has something to do. */
  async look(): Promise<void> {
    const { lake, scoringRules, jobs, clock } = this.#doors;
    const nowMs = clock.nowMs();
    this.#settled.note(await lake.snapshotId(), nowMs);
    for (const rule of await scoringRules.listActive()) {
      const { ruleId } = rule;
      if ((this.#notBefore.get(ruleId) ?? 0) > nowMs || !(await this.#hasWork(rule, nowMs))) continue;
      await jobs.enqueue(scoringQueue, { ruleId }, { id: `${scoringQueue} ${ruleId}`, group: ruleId, again: true });
    }
  }

  /** Works one rule until it has nothing to do, or its turn is over. */
  async takeTurn(ruleId: string, signal: AbortSignal): Promise<void> {
    const { scoringRules, elapsedMs, clock } = this.#doors;
    const until = elapsedMs() + this.#pace.turnMs;
    const limits = { signal, hasTime: () => elapsedMs() < until };
    while (!signal.aborted) {
      const rule = await scoringRules.findActive(ruleId);
      if (!rule) return;
      const end = await this.#pass(rule, limits);
      this.#notBefore.set(ruleId, clock.nowMs() + restMs);
      if (end === "failed") this.#notBefore.set(ruleId, clock.nowMs() + failedMs * 4 ** rule.cursor.failures);
      if (end === "capped") this.#notBefore.set(ruleId, clock.nowMs() + cappedMs);
      if (end !== "more" || !limits.hasTime()) return;
    }
  }

  /** What has just arrived comes first; older traces get what is left of the time. */
  async #pass(
    rule: ScoringRule,
    limits: { readonly signal: AbortSignal; readonly hasTime: () => boolean }
  ): Promise<PassEnd> {
    const settled = this.#settled.newest(this.#doors.clock.nowMs());
    if (settled && (await this.#hasArrivals(rule, this.#doors.clock.nowMs()))) {
      const arrivedMs = this.#settled.firstAfter(rule.cursor.snapshotId) ?? rule.cursor.seenAtMs;
      const end = await passArrivals(this.#doors, rule, { settled, arrivedMs }, limits);
      if (end !== "done" || !rule.backfill || rule.backfill.isDone) return end;
      return "more";
    }
    return passOlder(this.#doors, rule, limits);
  }

  async #hasWork(rule: ScoringRule, nowMs: number): Promise<boolean> {
    return (rule.backfill !== null && !rule.backfill.isDone) || this.#hasArrivals(rule, nowMs);
  }

  async #hasArrivals(rule: ScoringRule, nowMs: number): Promise<boolean> {
    const { cursor, predicate } = rule;
    const settled = this.#settled.newest(nowMs);
    if (!settled) return false;
    if (cursor.waiting.some((trace) => isDue(trace, nowMs))) return true;
    if (settled.snapshotId <= cursor.snapshotId) return false;
    if (nowMs - cursor.seenAtMs > moveOnMs) return true;
    const arrived = await this.#doors.lake.listArrivals(ruleScope(rule), cursor.snapshotId);
    const reads = { readsPlaces: /placements|areas/i.test(predicate), readsScores: /score/i.test(predicate) };
    return (
      arrived === undefined ||
      arrived.some(
        (arrival) => arrival.snapshotId <= settled.snapshotId && isForRule(arrival, { ...reads, isOwn: false })
      )
    );
  }
}
