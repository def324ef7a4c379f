import type { NewScoringRule } from "#lib/model/scoring-rule.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Model } from "#lib/ports/model.ts";
import { openSqlParser } from "#lib/server/lake/parser.ts";
import { OnlineScoring, type OnlineScoringDoors } from "#lib/work/online-scoring.ts";
import { openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { makeSpan } from "../spans.ts";
import { compiler, sandbox } from "./desk-fixture.ts";

export const scope = scopeOf(["claims", "support"]);

/** Where the clock of these tests begins. */
export const beginMs = Date.UTC(2026, 10, 20, 12);

/** A lake with a promoted scorer that fails traces that say "bad", and the work of its rules, step by step. */
export async function openRules(changes: Partial<OnlineScoringDoors> = {}) {
  let [nowMs, ids] = [beginMs, 0];
  const clock: Clock = {
    nowMs: () => nowMs,
    newId: () => `00000000-0000-7000-8000-${String(++ids).padStart(12, "0")}`
  };
  const fixture = await openLakeFixture({ clock });
  const { lake, state } = fixture;
  const parser = await openSqlParser();
  const enqueued: string[] = [];
  const doors: OnlineScoringDoors = {
    ...{ lake, parser, clock, compiler, sandbox, model: null as Model | null },
    limits: { scorerTimeoutMs: 1000, scorerMemoryBytes: 1e8 },
    promotedScorers: state.promotedScorers,
    scoringRules: state.scoringRules,
    jobs: {
      async enqueue(_queue, data) {
        enqueued.push((data as { readonly ruleId: string }).ruleId);
        return true;
      },
      work: async () => ({ stop: async () => undefined })
    },
    pause: async () => undefined,
    elapsedMs: () => nowMs,
    report: (error) => {
      throw error;
    },
    ...changes
  };
  const promoted = await state.promotedScorers.promote(
    scope,
    {
      ...{ name: "polite", businessUnits: ["claims", "support"], kind: "code", text: "bad", options: {} },
      ...{ scorerVersion: "1", origin: null, evidence: null, note: "" }
    },
    null
  );
  const open = () => new OnlineScoring(doors);
  let online = open();
  const append = (...spans: ReturnType<typeof makeSpan>[]) => lake.append(scope, { spans, scores: [] });
  const rules = {
    ...{ fixture, lake, state, doors, clock, promoted, enqueued, append },
    wait(ms: number) {
      nowMs += ms;
    },
    /** As after a restart of the process. */
    async restart() {
      online = open();
      await online.look();
    },
    makeRule: (asked: Partial<NewScoringRule> = {}) =>
      lake.snapshotId().then((snapshotId) =>
        state.scoringRules.create(scope, {
          ...{ scorerId: promoted.scorerId, version: null, businessUnits: ["claims", "support"], predicate: "true" },
          ...{ rate: 1, fromMs: null, dailyCapUsd: null, snapshotId, scoresOlder: false },
          ...asked
        })
      ),
    /** Looks, lets what came settle, looks again and works the rules that have something to do. */
    async work(signal = new AbortController().signal) {
      await online.look();
      nowMs += 2_500;
      enqueued.length = 0;
      await online.look();
      for (const ruleId of [...enqueued]) await online.takeTurn(ruleId, signal);
      return enqueued.length;
    },
    async rows(sql: string) {
      const kernel = await lake.openKernel(scope);
      try {
        return await kernel.rows(sql, {}, 100_000);
      } finally {
        await kernel.close();
      }
    },
    scores: () =>
      rules.rows(
        "select trace_id, business_unit, pass, status, reason, scorer_version, sampling_probability, detail from score_history order by trace_id, scored_at"
      ),
    async close() {
      await parser.close();
      await fixture.close();
    }
  };
  return rules;
}

/** A whole trace of one span; its word is its id, and it says something. */
export function tell(word: string, says: string, changes: Parameters<typeof change>[0] = {}) {
  return makeSpan({ traceId: word, spanId: `${word}-root`, parentSpanId: null, outputText: says, ...change(changes) });
}

function change(changes: {
  readonly unit?: string;
  readonly agent?: string;
  readonly atMs?: number;
  readonly parent?: string;
}) {
  const { unit, agent, atMs = beginMs, parent } = changes;
  return {
    startNs: BigInt(atMs) * 1_000_000n,
    ...(unit === undefined ? {} : { businessUnit: unit }),
    ...(agent === undefined ? {} : { agent }),
    ...(parent === undefined ? {} : { parentSpanId: parent, spanId: `${parent}-step` })
  };
}
