import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { scopeOf } from "../server/lake/fixture.ts";
import { hexId } from "../spans.ts";
import { beginMs, openRules, scope, tell } from "./rule-fixture.ts";

let rules: Awaited<ReturnType<typeof openRules>>;
beforeEach(async () => {
  rules = await openRules();
});
afterEach(() => rules.close());

const logOf = (ruleId: string) => rules.state.scoringRules.readLog(scope, ruleId);
const words = (rows: readonly Readonly<Record<string, unknown>>[]) => rows.map((row) => row["trace_id"]).sort();
const many = (n: number, prefix = "t") =>
  Array.from({ length: n }, (_, at) => tell(`${prefix}${at}`, at % 3 === 0 ? "bad" : "fine"));

test("a trace is scored once it is complete, and the rule says what it saw", async () => {
  await rules.append(tell("before", "fine"));
  const { ruleId } = await rules.makeRule({ predicate: "agent = 'refunds'" });
  expect(await rules.work()).toBe(0);
  await rules.append(tell("a", "bad", { agent: "refunds" }), tell("b", "fine", { agent: "refunds" }), tell("c", "bad"));
  expect(await rules.work()).toBe(1);
  const scores = await rules.scores();
  expect(scores.map(({ trace_id, pass }) => [trace_id, pass])).toEqual([
    [hexId("b", 32), true],
    [hexId("a", 32), false]
  ]);
  expect(JSON.parse(String(scores[0]!["detail"]))).toMatchObject({ rule: ruleId, version: 1 });
  const { passes } = await logOf(ruleId);
  expect(passes).toMatchObject([
    { kind: "arrivals", version: 1, seen: 2, sampled: 2, scored: 2, unscored: 0, fault: null }
  ]);
  expect(passes[0]!.behindMs).toBeLessThan(5_000);
  expect(await rules.work()).toBe(0);
  rules.wait(61_000);
  await rules.work();
  expect(await rules.scores()).toHaveLength(2);
});

test("a sample is the same however often it is drawn, a smaller one lies within a larger, and carries its chance", async () => {
  const small = await rules.makeRule({ rate: 0.3 });
  const large = await rules.makeRule({ rate: 0.6 });
  await rules.append(...many(120));
  await rules.work();
  const scores = await rules.scores();
  const of = (ruleId: string) => new Set(words(scores.filter(({ detail }) => String(detail).includes(ruleId))));
  const inSample = (traceId: unknown, rate: number) =>
    Number(createHash("md5").update(`${rules.promoted.scorerId}${traceId}`).digest().readBigUInt64LE(0)) / 2 ** 64 <
    rate;
  const all = words(await rules.rows("select trace_id from traces"));
  expect(of(small.ruleId).isSubsetOf(of(large.ruleId))).toBe(true);
  expect(of(small.ruleId).size).toBeGreaterThan(20);
  expect(of(large.ruleId).size).toBeLessThan(95);
  expect([...of(small.ruleId)]).toEqual(all.filter((traceId) => inSample(traceId, 0.3)));
  const seen = await rules.rows("select distinct sampling_probability as p from scores order by 1");
  // A trace of both samples had the chance of the larger.
  expect(seen).toEqual([{ p: 0.6 }]);
  expect(await logOf(small.ruleId)).toMatchObject({ days: [{ seen: 120, sampled: of(small.ruleId).size }] });
});

test("a pass that dies after scores were written, before the rule moved on, scores nothing twice and skips nothing", async () => {
  const { ruleId } = await rules.makeRule();
  await rules.append(...many(700));
  const { scoringRules, lake } = rules.doors;
  const [note, append] = [scoringRules.notePass, lake.append.bind(lake)];
  let appends = 0;
  Object.assign(rules.doors.scoringRules, { notePass: () => Promise.reject(new Error("killed")) });
  Object.assign(rules.doors.lake, {
    append: async (...batch: Parameters<typeof append>) => {
      // The second of two batches is cut off.
      if (++appends > 1) throw new Error("killed");
      return append(...batch);
    }
  });
  await expect(rules.work()).rejects.toThrow("killed");
  expect(await rules.scores()).toHaveLength(500);
  Object.assign(rules.doors.scoringRules, { notePass: note });
  Object.assign(rules.doors.lake, { append });
  await rules.restart();
  await rules.work();
  expect(words(await rules.scores())).toEqual([...new Set(words(await rules.rows("select trace_id from traces")))]);
  expect(await rules.scores()).toHaveLength(700);
  expect((await logOf(ruleId)).passes).toMatchObject([{ seen: 200, sampled: 200, scored: 200 }]);
});

test("a flush, a fresh look and a restart score nothing twice", async () => {
  await rules.makeRule();
  await rules.append(tell("a-step", "bad", { parent: "a-root" }), tell("b", "fine"));
  await rules.work();
  await rules.append({ ...tell("a-step", "fine"), spanId: hexId("a-root", 16), parentSpanId: null });
  await rules.work();
  await rules.lake.flush();
  await rules.restart();
  await rules.work();
  rules.wait(70_000);
  await rules.work();
  expect(await rules.scores()).toHaveLength(2);
});

test("a trace without its root waits for it, is scored as it is after a minute, and again when it grows", async () => {
  await rules.makeRule();
  const step = tell("a", "bad", { parent: "root" });
  await rules.append(step);
  await rules.work();
  expect(await rules.scores()).toEqual([]);
  rules.wait(60_000);
  await rules.work();
  expect((await rules.scores()).map(({ pass }) => pass)).toEqual([false]);
  await rules.append({ ...step, spanId: hexId("root", 16), parentSpanId: null, outputText: "fine" });
  await rules.work();
  expect(await rules.scores()).toHaveLength(2);
  expect(await rules.rows("select * from scores")).toHaveLength(1);
});

test("what arrives while a rule is paused is scored when it goes on, even where that can only be told from the spans", async () => {
  const { ruleId } = await rules.makeRule();
  await rules.state.scoringRules.pause(scope, ruleId);
  await rules.append(tell("a", "bad"));
  expect(await rules.work()).toBe(0);
  const { listArrivals } = rules.doors.lake;
  await rules.state.scoringRules.resume(scope, ruleId);
  Object.assign(rules.doors.lake, { listArrivals: async () => undefined });
  await rules.work();
  Object.assign(rules.doors.lake, { listArrivals });
  expect(words(await rules.scores())).toHaveLength(1);
  await rules.append(tell("b", "fine"));
  await rules.work();
  expect(await rules.scores()).toHaveLength(2);
});

test("older traces are scored from the newest back, each once, between what arrives, and those before a date not at all", async () => {
  const day = 86_400_000;
  await rules.append(...Array.from({ length: 30 }, (_, at) => tell(`old${at}`, "fine", { atMs: beginMs - at * day })));
  const { ruleId } = await rules.makeRule({ scoresOlder: true, fromMs: beginMs - 9 * day });
  await rules.append(tell("new", "bad"));
  await rules.work();
  expect(await rules.scores()).toHaveLength(11);
  expect((await rules.state.scoringRules.find(scope, ruleId)).backfill).toMatchObject({ done: 10, isDone: true });
  const { passes } = await logOf(ruleId);
  expect(passes.map(({ kind, scored, behindMs }) => [kind, scored, behindMs === null])).toEqual([
    ["backfill", 10, true],
    ["arrivals", 1, false]
  ]);
  await rules.state.scoringRules.scoreOlder(scope, ruleId);
  await rules.work();
  expect(await rules.scores()).toHaveLength(11);
});

test("a new version scores what arrives from then on, and the old scores stay", async () => {
  const newest = await rules.makeRule();
  const pinned = await rules.makeRule({ version: 1, predicate: "agent = 'pinned'" });
  await rules.append(tell("a", "bad"));
  await rules.work();
  const { promoted } = rules;
  await rules.state.promotedScorers.promote(scope, { ...promoted, text: "awful", note: "stricter" }, promoted);
  await rules.append(tell("b", "bad", { agent: "pinned" }));
  await rules.work();
  const version = (row: Readonly<Record<string, unknown>>) =>
    (JSON.parse(String(row["detail"])) as { version: number }).version;
  const scores = await rules.scores();
  expect(
    scores.map((row) => [String(row["detail"]).includes(newest.ruleId), version(row), row["pass"]]).sort()
  ).toEqual([
    [false, 1, false],
    [true, 1, false],
    [true, 2, true]
  ]);
  await rules.state.scoringRules.scoreOlder(scope, newest.ruleId);
  await rules.work();
  expect(await rules.rows("select distinct scorer_version from scores")).toHaveLength(2);
  expect((await rules.scores()).filter((row) => version(row) === 2)).toHaveLength(2);
  expect(pinned.version).toBe(1);
});

test("a rule sees the traces of its own units alone, also through a condition that asks for all", async () => {
  await rules.makeRule({ businessUnits: ["support"], predicate: "trace_id in (select trace_id from traces)" });
  await rules.append(tell("mine", "bad"), tell("theirs", "bad", { unit: "claims" }));
  await rules.work();
  expect((await rules.scores()).map(({ business_unit }) => business_unit)).toEqual(["support"]);
});

test("a scorer that fails everything pauses its rule with the sentence, and what is unscored says why", async () => {
  const promoted = await rules.state.promotedScorers.promote(
    scopeOf(["support"]),
    { ...rules.promoted, name: "broken", text: "throws", businessUnits: ["support"] },
    null
  );
  const { ruleId } = await rules.makeRule({ scorerId: promoted.scorerId, businessUnits: ["support"] });
  for (let round = 0; round < 4; round++) {
    await rules.append(tell(`trace 3 ${round}`, "trace 3"));
    await rules.work();
    rules.wait(400_000);
  }
  const rule = await rules.state.scoringRules.find(scope, ruleId);
  expect(rule.pause).toMatchObject({
    userId: null,
    because: "The last 3 passes scored nothing: TypeError: no output"
  });
  expect((await rules.scores()).map(({ status, pass }) => [status, pass])).toEqual(Array(3).fill(["error", null]));
});

test("a condition that the engine refuses and a scorer that does not compile end in a paused rule that says so", async () => {
  const wrong = await rules.makeRule({ predicate: "nothing_such > 3" });
  await rules.append(tell("a", "bad"));
  for (let round = 0; round < 3; round++) {
    await rules.work();
    rules.wait(400_000);
  }
  const { pause } = await rules.state.scoringRules.find(scope, wrong.ruleId);
  expect(pause!.because).toMatch(/^The last 3 passes failed: the condition cannot be asked: .*nothing_such/);
  expect((await logOf(wrong.ruleId)).passes).toHaveLength(3);
  expect(await rules.scores()).toEqual([]);
  await rules.state.scoringRules.resume(scope, wrong.ruleId);
  expect((await rules.state.scoringRules.find(scope, wrong.ruleId)).cursor.failures).toBe(0);
});
