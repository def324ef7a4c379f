import { expect, test } from "vitest";
import type { NewScoringRule, PassCounts, ScoringPass } from "#lib/model/scoring-rule.ts";
import type { ScoringRules } from "#lib/ports/scoring-rules.ts";

const scope = { userId: "ann", roles: ["lead"], businessUnits: ["sales", "support"] } as const;
const salesOnly = { userId: "bob", roles: ["lead"], businessUnits: ["sales"] } as const;

const rule = (changes: Partial<NewScoringRule> = {}): NewScoringRule => ({
  scorerId: "scorer-1",
  version: null,
  businessUnits: ["support", "sales"],
  predicate: "agent = 'refunds'",
  rate: 0.25,
  fromMs: 1_700_000_000_000,
  dailyCapUsd: null,
  snapshotId: 7,
  scoresOlder: false,
  ...changes
});

const nothing: PassCounts = { seen: 0, sampled: 0, scored: 0, unscored: 0, costUsd: 0 };

const pass = (n: number, changes: Partial<ScoringPass> = {}): ScoringPass => ({
  passId: `pass-${String(n).padStart(6, "0")}`,
  kind: "arrivals",
  version: 1,
  startedAtMs: Date.UTC(2026, 10, 24) + n,
  endedAtMs: Date.UTC(2026, 10, 24) + n + 5,
  behindMs: 2_000,
  fault: null,
  ...nothing,
  ...changes
});

/** What every database keeps of scoring rules. @param open  the door, once the tests run */
export function scoringRulesContract(open: () => ScoringRules): void {
  test("a scoring rule is kept as it was made, and found by its scorer", async () => {
    const rules = open();
    const made = await rules.create(scope, rule({ predicate: " true ", rate: 1, fromMs: null, dailyCapUsd: 2.5 }));
    expect(made).toMatchObject({
      ...{ scorerId: "scorer-1", version: null, businessUnits: ["sales", "support"], predicate: "true", rate: 1 },
      ...{ fromMs: null, dailyCapUsd: 2.5, userId: "ann", pause: null, backfill: null },
      cursor: { snapshotId: 7, waiting: [], failures: 0 }
    });
    const other = await rules.create(scope, rule({ scorerId: "scorer-2", version: 3 }));
    expect(await rules.find(scope, made.ruleId)).toEqual(made);
    expect((await rules.list(scope, "scorer-2")).map(({ ruleId, version }) => [ruleId, version])).toEqual([
      [other.ruleId, 3]
    ]);
    expect((await rules.list(scope)).map(({ ruleId }) => ruleId)).toEqual(
      expect.arrayContaining([made.ruleId, other.ruleId])
    );
  });

  test("a rule shows to those who see all its units, for what it counts is of all", async () => {
    const rules = open();
    const both = await rules.create(scope, rule());
    const own = await rules.create(salesOnly, rule({ businessUnits: ["sales"] }));
    const seen = (await rules.list(salesOnly)).map(({ ruleId }) => ruleId);
    expect([seen.includes(own.ruleId), seen.includes(both.ruleId)]).toEqual([true, false]);
    for (const ask of [
      () => rules.find(salesOnly, both.ruleId),
      () => rules.pause(salesOnly, both.ruleId),
      () => rules.resume(salesOnly, both.ruleId),
      () => rules.scoreOlder(salesOnly, both.ruleId),
      () => rules.readLog(salesOnly, both.ruleId),
      () => rules.remove(salesOnly, both.ruleId)
    ])
      await expect(ask()).rejects.toMatchObject({ code: "missing" });
    await expect(rules.create(salesOnly, rule())).rejects.toMatchObject({ code: "denied" });
  });

  test("a rule without units, with a rate of none or more than all, or an empty condition is refused", async () => {
    const rules = open();
    for (const wrong of [
      { businessUnits: [] },
      { rate: 0 },
      { rate: 1.5 },
      { rate: Number.NaN },
      { predicate: "  " },
      { predicate: "x".repeat(20_001) },
      { dailyCapUsd: 0 }
    ])
      await expect(rules.create(scope, rule(wrong))).rejects.toMatchObject({ code: "invalid" });
  });

  test("a paused rule is not worked, says who paused it or why, and goes on where it stopped", async () => {
    const rules = open();
    const { ruleId, cursor } = await rules.create(scope, rule());
    const isActive = async () => (await rules.listActive()).some((active) => active.ruleId === ruleId);
    expect(await isActive()).toBe(true);
    await rules.pause(scope, ruleId);
    const paused = await rules.find(scope, ruleId);
    expect(paused.pause).toMatchObject({ userId: "ann", because: null });
    await rules.pause({ ...scope, userId: "eve" }, ruleId);
    expect(await rules.find(scope, ruleId)).toEqual(paused);
    expect([await isActive(), await rules.findActive(ruleId)]).toEqual([false, undefined]);
    await rules.resume(scope, ruleId);
    expect(await rules.findActive(ruleId)).toMatchObject({ pause: null, cursor: { snapshotId: 7 } });
    await rules.notePass(ruleId, null, { cursor: { ...cursor, failures: 3 }, pauseBecause: "it scored nothing" });
    expect((await rules.find(scope, ruleId)).pause).toMatchObject({ userId: null, because: "it scored nothing" });
    await rules.resume(scope, ruleId);
    expect(await rules.findActive(ruleId)).toMatchObject({ cursor: { failures: 0 } });
  });

  test("a pass moves the rule on and is counted, both or neither; none moves it back", async () => {
    const rules = open();
    const { ruleId, cursor } = await rules.create(scope, rule());
    const waiting = [{ traceId: "t1", businessUnit: "sales", day: "2026-11-24", sinceMs: 5 }];
    const moved = { ...cursor, snapshotId: 12, seenAtMs: 99, waiting };
    await rules.notePass(ruleId, pass(1, { seen: 9, sampled: 4, scored: 3, unscored: 1, costUsd: 0.5 }), {
      cursor: moved
    });
    await rules.notePass(ruleId, pass(2, { seen: 100 }), { cursor: { ...cursor, snapshotId: 11 } });
    await rules.notePass(ruleId, null, { cursor: { ...moved, snapshotId: 13 } });
    await rules.notePass(ruleId, pass(3, { costUsd: 0.25, fault: "it rained" }), {});
    expect((await rules.find(scope, ruleId)).cursor).toEqual({ ...moved, snapshotId: 13 });
    const { passes, days } = await rules.readLog(scope, ruleId);
    expect(passes.map(({ passId }) => passId)).toEqual(["pass-000003", "pass-000001"]);
    expect(days).toEqual([
      { day: "2026-11-24", passes: 2, faults: 1, seen: 9, sampled: 4, scored: 3, unscored: 1, costUsd: 0.75 }
    ]);
    expect([await rules.readCost(ruleId, "2026-11-24"), await rules.readCost(ruleId, "2026-11-25")]).toEqual([0.75, 0]);
  });

  test("older traces are asked for at the beginning or later, and begin anew each time", async () => {
    const rules = open();
    const { ruleId, backfill } = await rules.create(scope, rule({ scoresOlder: true }));
    expect(backfill).toMatchObject({ after: null, done: 0, isDone: false });
    const ended = { ...backfill!, after: { startedUs: 1_600_000_000_000_000, traceId: "a" }, done: 5, isDone: true };
    await rules.notePass(ruleId, pass(10, { kind: "backfill", behindMs: null }), { backfill: ended });
    expect((await rules.find(scope, ruleId)).backfill).toEqual(ended);
    await rules.scoreOlder(scope, ruleId);
    expect((await rules.find(scope, ruleId)).backfill).toMatchObject({ after: null, done: 0, isDone: false });
  });

  test("the log keeps the last passes one by one and all by day; with the rule it goes, and later passes are lost", async () => {
    const rules = open();
    const { ruleId } = await rules.create(scope, rule());
    for (let n = 0; n < 205; n++) await rules.notePass(ruleId, pass(1000 + n, { seen: 1 }), {});
    const { passes, days } = await rules.readLog(scope, ruleId);
    expect([passes.length, passes[0]!.passId, passes.at(-1)!.passId]).toEqual([200, "pass-001204", "pass-001005"]);
    expect(days).toMatchObject([{ passes: 205, seen: 205 }]);
    await rules.remove(scope, ruleId);
    await rules.notePass(ruleId, pass(2000), {});
    await expect(rules.readLog(scope, ruleId)).rejects.toMatchObject({ code: "missing" });
    expect(await rules.readCost(ruleId, "2026-11-24")).toBe(0);
  });
}
