import { afterEach, beforeEach, expect, test } from "vitest";
import type { Model } from "#lib/ports/model.ts";
import type { RuleForecastRequest, RuleRequest } from "#lib/wire/scorers.ts";
import { forecastRule } from "#lib/work/forecast-rule.ts";
import { ScopeKernels } from "#lib/work/scope-kernels.ts";
import { makeRule, readScorer, readScorers, type ScorerPageDoors } from "#lib/work/scorer-pages.ts";
import { scopeOf } from "../server/lake/fixture.ts";
import { beginMs, openRules, scope, tell } from "./rule-fixture.ts";

/** A judge that passes what does not say "bad", at half a dollar a question. */
const model: Model = {
  ...{ modelId: "m-1", price: { inputUsd: 1, outputUsd: 1 }, atOnce: 1 },
  async ask(_scope, { user }, budget) {
    const reserve = budget.reserve(250_000, 250_000, this.price);
    const nothing = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
    if (!reserve) return { kind: "failed", why: "over budget", reason: "the budget is used up", spent: nothing };
    const spent = { inputTokens: 250_000, outputTokens: 250_000, costUsd: 0.5 };
    reserve.settle(spent);
    const value = { reason: "So it is.", evidence: [], label: user.includes("bad") ? "fail" : "pass" };
    return { kind: "answered", value, modelId: "m-1", spent, isCached: false };
  }
};

const criterion = "criterion: The answer is polite.\nsees: [output]\n";

let rules: Awaited<ReturnType<typeof openRules>>;
let kernels: ScopeKernels;
let pages: ScorerPageDoors;
beforeEach(async () => {
  rules = await openRules({ model });
  kernels = new ScopeKernels(rules.lake);
  pages = {
    ...rules.state,
    ...rules.doors,
    promotedScorers: rules.state.promotedScorers,
    scoringRules: rules.state.scoringRules,
    kernels
  };
});
afterEach(async () => {
  await kernels.close();
  await rules.close();
});

const request = (changes: Partial<RuleRequest> = {}): RuleRequest => ({
  ...{ version: null, businessUnits: ["support"], predicate: "true", rate: 1, fromMs: null },
  ...{ dailyCapUsd: null, scoresOlder: false },
  ...changes
});
const forecast = (changes: Partial<RuleForecastRequest> = {}, scorerId = rules.promoted.scorerId) =>
  forecastRule(
    { ...rules.doors, elapsedMs: () => performance.now() },
    scope,
    scorerId,
    { ...request(), tries: false, ...changes },
    new AbortController().signal
  );
const promoteJudge = () =>
  rules.state.promotedScorers.promote(
    scope,
    { ...rules.promoted, name: "judged", kind: "judge", text: criterion, evidence: null },
    null
  );

test("the list shows each scorer with its rules and the weighted rate of the last day", async () => {
  const { scorerId } = rules.promoted;
  await makeRule(pages, scope, scorerId, request({ predicate: "agent = 'odd'" }));
  const common = await makeRule(pages, scope, scorerId, request({ rate: 0.25 }));
  await makeRule(pages, scope, scorerId, request()).then(({ ruleId }) => rules.state.scoringRules.pause(scope, ruleId));
  await rules.append(
    ...Array.from({ length: 10 }, (_, at) => tell(`odd${at}`, "bad", { agent: "odd" })),
    ...Array.from({ length: 200 }, (_, at) => tell(`t${at}`, "fine"))
  );
  await rules.work();
  const { scorers } = await readScorers(pages, scope);
  const [row] = scorers;
  expect(row).toMatchObject({ name: "polite", rulesActive: 2, rulesPaused: 1 });
  // The odd ones were all scored, and count once each; the others count for four.
  expect(row!.lastDay.rate!).toBeGreaterThan(0.9);
  expect(row!.lastDay.n).toBeGreaterThan(20);
  expect(row!.lastDay.effectiveN).toBeLessThanOrEqual(row!.lastDay.n);
  const people = { namesOf: async (ids: readonly string[]) => new Map(ids.map((id) => [id, `who is ${id}`])) };
  const page = await readScorer({ ...pages, people }, scope, scorerId);
  expect(page.names).toEqual({ [scope.userId]: `who is ${scope.userId}` });
  expect(page.days).toMatchObject([{ day: "2026-11-20", version: 1, rate: row!.lastDay.rate }]);
  const own = page.rules.find(({ rule }) => rule.ruleId === common.ruleId)!;
  expect(own).toMatchObject({ lagMs: 0, rule: { waiting: 0 }, log: { days: [{ seen: 210 }] } });
  await rules.append(tell("later", "fine"));
  rules.wait(4_000);
  expect((await readScorer(pages, scope, scorerId)).rules.map(({ lagMs }) => lagMs === null || lagMs >= 4_000)).toEqual(
    [true, true, true]
  );
  const stranger = scopeOf(["claims"], "scientist");
  expect((await readScorers(pages, stranger)).scorers).toMatchObject([{ rulesActive: 0, lastDay: { n: 0 } }]);
  expect((await readScorer(pages, stranger, scorerId)).rules).toEqual([]);
});

test("a rule is refused for a unit that is not the scorer's, a version that is not there, or a condition that cannot be asked", async () => {
  const { scorerId } = rules.promoted;
  const make = (changes: Partial<RuleRequest>) => makeRule(pages, scope, scorerId, request(changes));
  await expect(make({ businessUnits: ["legal"] })).rejects.toMatchObject({ message: expect.stringContaining("legal") });
  await expect(make({ version: 9 })).rejects.toMatchObject({ code: "missing" });
  await expect(make({ predicate: "nothing_such = 1" })).rejects.toMatchObject({ position: { line: 1, column: 1 } });
  expect(await rules.state.scoringRules.list(scope)).toEqual([]);
});

test("a forecast counts what matches and what the sample holds, and measures how long a few take", async () => {
  const day = 86_400_000;
  await rules.append(
    ...Array.from({ length: 90 }, (_, at) => tell(`t${at}`, "fine", { atMs: beginMs - (at % 3) * day })),
    tell("theirs", "fine", { unit: "claims" })
  );
  expect(await forecast()).toEqual({
    ...{ traces: 90, sampled: 90, lastDay: 30, msPerTrace: null, seconds: null, costUsd: 0 }
  });
  const tried = await forecast({ tries: true, rate: 0.5, fromMs: beginMs - 1.5 * day });
  expect(tried.traces).toBe(60);
  expect(tried.sampled).toBeGreaterThan(15);
  expect(tried.sampled).toBeLessThan(45);
  expect(tried.seconds).toBeCloseTo((tried.sampled * tried.msPerTrace!) / 1000, 9);
  await expect(forecast({ predicate: "agent = " })).rejects.toMatchObject({ code: "invalid" });
  expect(await rules.scores()).toEqual([]);
  const { scorerId } = await promoteJudge();
  const priced = await forecast({ tries: true }, scorerId);
  expect(priced).toMatchObject({ traces: 90, msPerTrace: null, seconds: null });
  expect(priced.costUsd).toBeGreaterThan(0);
});

test("a judge keeps to its daily cap: what it does not reach is unscored with the reason, older traces wait for the next day", async () => {
  const { scorerId } = await promoteJudge();
  const { ruleId } = await rules.makeRule({ scorerId, dailyCapUsd: 1.2 });
  await rules.append(tell("a", "bad"), tell("b", "fine"), tell("c", "fine"), tell("d", "fine"));
  await rules.work();
  const scores = await rules.scores();
  expect(scores.map(({ status }) => status).sort()).toEqual(["error", "error", "ok", "ok"]);
  expect(scores.find(({ status }) => status === "error")!["reason"]).toContain("over budget");
  const find = () => rules.state.scoringRules.find(scope, ruleId);
  expect(await find()).toMatchObject({ pause: null, cursor: { failures: 0 } });
  expect((await rules.state.scoringRules.readLog(scope, ruleId)).passes).toMatchObject([
    { costUsd: 1, scored: 2, unscored: 2 }
  ]);
  const waits = await rules.makeRule({ scorerId, dailyCapUsd: 1.2, scoresOlder: true });
  const backfill = async () => (await rules.state.scoringRules.find(scope, waits.ruleId)).backfill!;
  await rules.work();
  expect(await backfill()).toMatchObject({ done: 2, isDone: false });
  rules.wait(86_400_000);
  await rules.work();
  expect(await backfill()).toMatchObject({ done: 4, isDone: true });
});

test("a judge without a model, or with a cap and no price, pauses its rule and says why", async () => {
  const { scorerId } = await promoteJudge();
  const { ruleId } = await rules.makeRule({ scorerId, dailyCapUsd: 1 });
  Object.assign(rules.doors, { model: { ...model, price: null } });
  await rules.append(tell("a", "bad"));
  await rules.work();
  expect((await rules.state.scoringRules.readLog(scope, ruleId)).passes[0]!.fault).toContain("cannot keep to its cap");
  Object.assign(rules.doors, { model: null });
  for (let round = 0; round < 2; round++) {
    rules.wait(400_000);
    await rules.work();
  }
  expect((await rules.state.scoringRules.find(scope, ruleId)).pause!.because).toBe(
    "The last 3 passes failed: a judge asks a model, and none is configured"
  );
  expect(await rules.scores()).toEqual([]);
});
