import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Reviewing } from "#lib/model/queue.ts";
import type { ReviewFlag } from "#lib/model/review.ts";
import type { Rubric } from "#lib/model/rubric.ts";
import type { Scope } from "#lib/model/scope.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openState, type State } from "#lib/server/state/state.ts";
import { QueueStatistics } from "#lib/work/queue-statistics.ts";

let [folder, state] = ["", null as unknown as State];
let statistics: QueueStatistics;
let nowMs = 0;
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-statistics-`);
  state = await openState({ dataFolder: folder, databaseUrl: null }, systemClock);
  statistics = new QueueStatistics({ ...state, elapsedMs: () => nowMs });
});
afterAll(async () => {
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

const person = (userId: string, businessUnits: readonly string[] = ["support"]): Scope => ({
  ...{ userId, roles: [], businessUnits }
});
const owner = person("owner");
const key = (at: number) => ({ traceId: `t${at}`, businessUnit: "support" });
const rubric = (labels: readonly string[], low = 1, high = 5): Rubric => ({
  labels: labels.map((name, at) => ({ name, meaning: "", hotkey: String(at + 1) })),
  scales: [{ name: "Level", meaning: "", hotkey: "t", low, high }],
  ...{ fields: [], needsJustification: false, hasFreeText: true }
});

async function makeQueue(items: number, asked: Rubric, reviewing: Partial<Reviewing>) {
  const selection = { kind: "cluster", mapId: "m", clusterId: 1 } as const;
  const { queueId } = await state.queues.create(owner, {
    ...{ title: "Numbers", rubric: asked, reviewing },
    origin: { selection, mapVersion: 1, sql: "select 1", snapshotId: 1 },
    rule: { count: items, by: { kind: "unit" }, spread: "equal", seed: 1 },
    items: Array.from({ length: items }, (_, at) => ({ ...key(at), stratum: "all", inclusionProbability: 1 }))
  });
  return queueId;
}

const judge = (
  ...[who, queueId, at, label, level = 1, durationMs = 1000, flags = []]: [
    ...[who: string, queueId: string, at: number, label: string],
    ...[level?: number, durationMs?: number, flags?: readonly ReviewFlag[]]
  ]
) =>
  state.reviews.submit(person(who), queueId, key(at), {
    ...{ rubricVersion: 1, baseVersion: 0, durationMs },
    judgement: {
      ...{ kind: "labelled", label, note: "", quotes: [], correctedOutput: null, flags, fields: {} },
      scales: { Level: level }
    }
  });

const read = (queueId: string, who: Scope = owner, administered: readonly string[] = ["support"]) =>
  statistics.read(who, administered, queueId);

const rounded = (value: number | null | undefined, digits = 4) =>
  value === null || value === undefined ? null : Number(value.toFixed(digits));

test.each([
  [[118, 5, 2, 0], { observed: 0.944, kappa: -0.0234, ac1: 0.9408 }],
  [[45, 15, 25, 15], { observed: 0.6, kappa: 0.1304, ac1: 0.2661 }]
] as const)("judgements of %j come out of the store with the agreement of the reference", async (table, expected) => {
  const n = table.reduce<number>((sum, count) => sum + count, 0);
  const queueId = await makeQueue(n, rubric(["yes", "no"]), { reviewsPerItem: 2 });
  let at = 0;
  for (const [cell, count] of table.entries()) {
    for (let done = 0; done < count; done++, at++) {
      await judge("ann", queueId, at, cell < 2 ? "yes" : "no");
      await judge("bob", queueId, at, cell % 2 === 0 ? "yes" : "no");
    }
  }
  const { agreement, verdicts } = await read(queueId);
  const [pair] = agreement!.pairs;
  expect(pair).toMatchObject({ first: "ann", second: "bob", n });
  expect(rounded(pair!.observed.value)).toBe(expected.observed);
  expect(rounded(pair!.kappa.value)).toBe(expected.kappa);
  expect(rounded(pair!.ac1.value)).toBe(expected.ac1);
  expect(rounded(agreement!.all.ac1.value)).toBe(expected.ac1);
  const [yes, first, second, no] = table;
  expect(agreement!.confusion).toEqual([
    [2 * yes, first + second],
    [first + second, 2 * no]
  ]);
  for (const { value, interval } of [pair!.kappa, pair!.ac1, agreement!.all.alpha]) {
    expect(interval![0]).toBeLessThanOrEqual(value!);
    expect(interval![1]).toBeGreaterThanOrEqual(value!);
  }
  expect(verdicts).toMatchObject({ unanimous: yes + no, contested: first + second });
});

test("the canonical judgements with missing ones come out with the alphas of the reference", async () => {
  const raters = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
    [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null]
  ];
  const queueId = await makeQueue(12, rubric(["1", "2", "3", "4", "5"]), { reviewsPerItem: 4 });
  for (const [rater, values] of raters.entries()) {
    for (const [at, value] of values.entries())
      if (value !== null) await judge(`rater ${rater}`, queueId, at, String(value), value);
  }
  const { agreement } = await read(queueId);
  expect(rounded(agreement!.all.alpha.value, 3)).toBe(0.743);
  expect(rounded(agreement!.scales[0]!.ordinal.value, 3)).toBe(0.815);
  expect(rounded(agreement!.scales[0]!.interval.value, 3)).toBe(0.849);
  expect(agreement!.scales[0]!.ordinal.interval).not.toBeNull();
  expect(agreement!.pairs).toHaveLength(6);
});

test("times are told by reviewer and by label, and the gold items of an owner say how often each was right", async () => {
  const queueId = await makeQueue(10, rubric(["good", "bad"]), { reviewsPerItem: 2 });
  for (let at = 0; at < 10; at++) {
    await judge("ann", queueId, at, at < 4 ? "bad" : "good", 1, 1000 * (at + 1));
    if (at < 5) await judge("bob", queueId, at, "good", 1, 500);
  }
  for (let at = 0; at < 5; at++) await state.goldItems.put(owner, queueId, key(at), "bad");
  await state.goldItems.put(owner, queueId, key(4), "good");
  await expect(state.goldItems.put(owner, queueId, key(4), "great")).rejects.toMatchObject({ code: "invalid" });
  const { reviewers, agreement, isOwner } = await read(queueId);
  expect(isOwner).toBe(true);
  expect(reviewers).toMatchObject([
    { userId: "ann", judgements: 10, medianMs: 5500, p90Ms: 9100, gold: { hits: 5, n: 5 } },
    { userId: "bob", judgements: 5, medianMs: 500, gold: { hits: 1, n: 5 } }
  ]);
  expect(rounded(reviewers[0]!.gold!.interval[0], 3)).toBe(0.566);
  expect(agreement!.byLabel).toMatchObject([
    { label: "good", judgements: 11 },
    { label: "bad", judgements: 4, medianMs: 2500 }
  ]);
  expect((await read(queueId, person("ann"), [])).reviewers.map(({ gold }) => gold)).toEqual([null, null]);
  await state.goldItems.put(owner, queueId, key(4), null);
  expect(await state.goldItems.list(owner, queueId)).toHaveLength(4);
  await expect(state.goldItems.list(person("lawyer", ["legal"]), queueId)).rejects.toMatchObject({ code: "missing" });
});

test("what compares reviewers in a blind queue is of items that all have judged, but for an administrator", async () => {
  const queueId = await makeQueue(3, rubric(["good", "bad"]), { reviewsPerItem: 2, adjudicators: ["judge"] });
  for (const at of [0, 1]) await judge("ann", queueId, at, "good", 1, 3000 * (at + 1));
  await judge("bob", queueId, 0, "bad", 1, 2000);
  await judge("bob", queueId, 2, "bad", 1, 4000, ["to be adjudicated"]);
  for (const who of ["bob", "eve"]) {
    const told = await read(queueId, person(who), []);
    expect(told).toMatchObject({ isHidden: true, isOwner: false, decides: false, agreement: { all: { n: 1 } } });
    expect(told.agreement!.byLabel).toMatchObject([
      { label: "good", judgements: 1 },
      { label: "bad", judgements: 1 }
    ]);
    expect(told.verdicts).toMatchObject({ open: 2, contested: 1 });
    expect(told.reviewers).toMatchObject([
      { userId: "ann", judgements: 2, medianMs: 3000, p90Ms: 3000 },
      { userId: "bob", judgements: 2, medianMs: who === "bob" ? 3000 : 2000 }
    ]);
  }
  for (const [who, administered] of [
    [owner, ["support"]],
    [person("judge"), []]
  ] as const) {
    const told = await read(queueId, who, administered);
    expect(told).toMatchObject({
      isHidden: false,
      decides: true,
      contested: 2,
      reviewers: [{ medianMs: 4500 }, { medianMs: 3000 }]
    });
    expect(told.agreement!.byLabel.map(({ judgements }) => judgements)).toEqual([2, 2]);
  }
  await judge("bob", queueId, 1, "good");
  expect(await read(queueId, person("bob"), [])).toMatchObject({ agreement: { all: { n: 2 } } });
  await expect(read(queueId, person("lawyer", ["legal"]), [])).rejects.toMatchObject({ code: "missing" });
});

test("numbers are counted anew when something changed, though not while that would take most of the time", async () => {
  const queueId = await makeQueue(2, rubric(["good", "bad"]), {});
  expect((await read(queueId)).reviewers).toEqual([]);
  await judge("ann", queueId, 0, "good");
  let lists = 0;
  const slow = new QueueStatistics({
    ...state,
    elapsedMs: () => nowMs,
    votes: {
      ...state.votes,
      list: (...ask) => {
        lists++;
        nowMs += 100;
        return state.votes.list(...ask);
      }
    }
  });
  const judged = async () => (await slow.read(owner, ["support"], queueId)).reviewers[0]?.judgements;
  expect(await judged()).toBe(1);
  await judge("ann", queueId, 1, "good");
  expect(await judged()).toBe(1);
  nowMs += 2001;
  expect([await judged(), await judged(), lists]).toEqual([2, 2, 2]);
});
