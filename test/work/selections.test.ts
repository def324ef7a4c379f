import { afterAll, beforeAll, expect, test } from "vitest";
import { pointInPolygon } from "#lib/math/polygon.ts";
import type { Opponent, SampleRule } from "#lib/model/queue.ts";
import { plainRubric } from "#lib/model/rubric.ts";
import type { ScoreRecord } from "#lib/model/score.ts";
import type { Selection } from "#lib/model/selection.ts";
import type { ReviewRequest } from "#lib/wire/review.ts";
import { exportDataset, openDataset } from "#lib/work/dataset-page.ts";
import { fillQueue, planSample } from "#lib/work/fill-queue.ts";
import { makeDataset, renewDataset } from "#lib/work/make-dataset.ts";
import { openQueue } from "#lib/work/queue-page.ts";
import { review } from "#lib/work/review-item.ts";
import { tagTraces } from "#lib/work/tag-traces.ts";
import { scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";
import { byHand, collect, scope } from "./desk-fixture.ts";
import { gridMap, openKeptMap } from "./kept-map-fixture.ts";

let bench: Awaited<ReturnType<typeof openKeptMap>>;
beforeAll(async () => {
  bench = await openKeptMap();
});
afterAll(() => bench.close());

const supportOnly = scopeOf(["support"], "scientist");
const legalOnly = scopeOf(["legal"], "scientist");

const polygon = [
  [-0.5, -0.5],
  [6.5, 0.25],
  [6.5, 2.5],
  [2.5, 1.5],
  [-0.5, 3.5]
] as const;
const lasso: Selection = { kind: "lasso", mapId: gridMap, version: 1, polygon };
const all = Array.from({ length: 40 }, (_, index) => index);
const inside = all.filter((index) => pointInPolygon(index % 10, Math.floor(index / 10), polygon));
const idOf = (index: number) => hexId(`t${index}`, 32);
const sorted = (indices: readonly number[]) => indices.map(idOf).sort();

const rule: SampleRule = { count: 6, by: { kind: "cluster" }, spread: "proportional", seed: 5 };
const wish = {
  splits: [
    { name: "train", share: 0.6 },
    { name: "test", share: 0.4 }
  ],
  seed: 2,
  keepsAnswers: false
};

async function rows(sql: string, who = scope) {
  const kernel = await bench.lake.openKernel(who);
  try {
    return await kernel.rows(sql, {}, 1000);
  } finally {
    await kernel.close();
  }
}

test("a queue holds a stratified sample with the chances that the plan told, and SQL sees the same", async () => {
  expect(inside.length).toBeGreaterThan(10);
  const plan = await planSample(bench.doors, scope, { selection: lasso, rule });
  expect(plan.traces).toBe(inside.length);
  expect(plan.strata.reduce((sum, { taken }) => sum + taken, 0)).toBe(6);
  expect(plan.strata.some(({ stratum }) => stratum.startsWith("cluster 1: support words 0"))).toBe(true);
  const asked = { title: "Look at these", selection: lasso, rule, rubric: plainRubric };
  const queue = await fillQueue(bench.doors, scope, asked);
  const items = await bench.state.queues.listItems(scope, queue.queueId, { offset: 0, limit: 100 });
  expect(items.every(({ traceId }) => sorted(inside).includes(traceId))).toBe(true);
  for (const { businessUnit, stratum, taken, traces, inclusionProbability } of plan.strata) {
    const own = items.filter((item) => item.businessUnit === businessUnit && item.stratum === stratum);
    expect(own).toHaveLength(taken);
    expect(own.every((item) => item.inclusionProbability === inclusionProbability)).toBe(true);
    expect(own.reduce((sum, item) => sum + 1 / item.inclusionProbability, 0)).toBeCloseTo(traces, 9);
  }
  const seen = await rows(`select trace_id, business_unit, stratum, inclusion_probability, state from queue_items
    where queue_id = '${queue.queueId}' order by position, business_unit`);
  expect(seen).toEqual(
    items.map(({ traceId, businessUnit, stratum, inclusionProbability, state }) => ({
      trace_id: traceId,
      business_unit: businessUnit,
      stratum,
      inclusion_probability: inclusionProbability,
      state
    }))
  );
  const [estimate] = await rows(
    `select sum(1 / inclusion_probability) as n from queue_items where queue_id = '${queue.queueId}'`
  );
  expect(estimate?.["n"]).toBeCloseTo(inside.length, 9);
  const again = await fillQueue(bench.doors, scope, asked);
  expect(await bench.state.queues.listItems(scope, again.queueId, { offset: 0, limit: 100 })).toEqual(items);
  await expect(fillQueue(bench.doors, scope, { ...asked, rule: { ...rule, count: 1 } })).rejects.toMatchObject({
    code: "limit",
    message: "1 traces cannot stand for 2 business units"
  });
});

test("a trace of another unit inside the polygon never enters, is never counted, and gives no words", async () => {
  const own = inside.filter((index) => index % 2 === 0);
  const plan = await planSample(bench.doors, supportOnly, { selection: lasso, rule: { ...rule, count: 100 } });
  expect(plan.traces).toBe(own.length);
  expect(JSON.stringify(plan)).not.toContain("claims");
  const asked = { title: "Mine", selection: lasso, rule: { ...rule, count: 100 }, rubric: plainRubric };
  const queue = await fillQueue(bench.doors, supportOnly, asked);
  const items = await bench.state.queues.listItems(scope, queue.queueId, { offset: 0, limit: 100 });
  expect(items.map(({ traceId }) => traceId).sort()).toEqual(sorted(own));
  const dataset = await makeDataset(bench.doors, supportOnly, { ...wish, title: "Mine", selection: lasso });
  expect(dataset.versions[0]?.examples).toBe(own.length);
  await tagTraces({ ...bench.doors, annotations: bench.state.annotations }, supportOnly, {
    selection: lasso,
    label: "mine",
    note: ""
  });
  const tagged = (await bench.state.annotations.list(scope)).filter(({ label }) => label === "mine");
  expect(tagged.map(({ traceId }) => traceId).sort()).toEqual(sorted(own));
  for (const ask of [
    () => planSample(bench.doors, legalOnly, { selection: lasso, rule }),
    () => makeDataset(bench.doors, legalOnly, { ...wish, title: "None", selection: lasso })
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: "missing", message: `there is no kept map "${gridMap}"` });
  }
});

test("strata by cluster name a cluster by the words of the item's unit alone", async () => {
  const asked = { title: "Both", selection: lasso, rule: { ...rule, count: 100 }, rubric: plainRubric };
  const { queueId } = await fillQueue(bench.doors, scope, asked);
  const items = await bench.state.queues.listItems(supportOnly, queueId, { offset: 0, limit: 100 });
  expect(items.length).toBeGreaterThan(3);
  expect(JSON.stringify(items)).not.toContain("claims words");
});

test("a dataset holds exactly the traces that the predicate finds, as do area, traces, cluster and the question as text", async () => {
  await bench.state.keptMaps.keepArea(scope, gridMap, { name: "It's here", polygon });
  const selections: readonly (readonly [Selection, readonly number[]])[] = [
    [lasso, inside],
    [{ kind: "area", mapId: gridMap, area: "It's here" }, inside],
    [{ kind: "traces", mapId: gridMap, traceIds: [5, 12, 31, 99].map(idOf) }, [5, 12, 31]],
    [{ kind: "cluster", mapId: gridMap, clusterId: 2 }, all.filter((index) => index % 3 === 2)]
  ];
  for (const [selection, expected] of selections) {
    const dataset = await makeDataset(bench.doors, scope, { ...wish, title: selection.kind, selection });
    const [version] = dataset.versions;
    expect(version?.examples).toBe(expected.length);
    const kept = await rows(
      `select trace_id, split from datasets where dataset_id = '${dataset.datasetId}' order by trace_id`
    );
    expect(kept.map((row) => row["trace_id"])).toEqual(sorted(expected));
    expect(new Set(kept.map((row) => row["split"]))).toEqual(new Set(["train", "test"]));
    const asText = await rows(`select trace_id from (${version?.origin.sql}) order by trace_id`);
    expect(asText.map((row) => row["trace_id"])).toEqual(sorted(expected));
  }
});

test("a dataset that is taken again holds what came since, and each trace stays in its split", async () => {
  const first = await makeDataset(bench.doors, scope, {
    ...wish,
    title: "Growing",
    selection: lasso,
    keepsAnswers: true
  });
  const traceId = hexId("late", 32);
  await bench.lake.append(scope, {
    spans: [
      makeSpan({
        ...{ traceId: "late", spanId: "root", kind: "agent", businessUnit: "support" },
        startNs: BigInt(Date.UTC(2026, 10, 19, 9)) * 1_000_000n,
        inputText: 'late, "quoted"\nand long',
        outputText: "answered"
      })
    ],
    scores: [],
    placements: [
      {
        mapId: gridMap,
        version: 1,
        traceId,
        businessUnit: "support",
        day: "2026-11-19",
        startedAtMs: 0,
        x: 1,
        y: 1,
        clusterId: 0,
        arrivalClusterId: 0,
        novelty: 0
      }
    ]
  });
  const next = await renewDataset(bench.doors, scope, first.datasetId);
  expect(next.versions.map(({ version, examples }) => [version, examples])).toEqual([
    [2, inside.length + 1],
    [1, inside.length]
  ]);
  const page = await openDataset(bench.state.datasets, scope, first.datasetId, { version: null, offset: 0 });
  const before = await openDataset(bench.state.datasets, scope, first.datasetId, { version: 1, offset: 0 });
  const splits = new Map(page.examples.map((example) => [example.traceId, example.split]));
  for (const { traceId: id, split } of before.examples) expect(splits.get(id)).toBe(split);
  const read = async (format: "csv" | "jsonl") => {
    const { parts, name } = await exportDataset(bench.state.datasets, scope, first.datasetId, { version: 2, format });
    expect(name).toBe(`growing-v2.${format}`);
    return new TextDecoder().decode(Buffer.concat(await Array.fromAsync(parts)));
  };
  const lines = (await read("jsonl"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(inside.length + 1);
  expect(lines.find((line) => line["trace_id"] === traceId)).toMatchObject({
    input: 'late, "quoted"\nand long',
    expected: "answered"
  });
  expect(await read("csv")).toContain(
    `${traceId},support,${splits.get(traceId)},"late, ""quoted""\nand long",answered\r\n`
  );
  await bench.state.datasets.remove(scope, first.datasetId);
});

test("what is encircled on a map cell is found again in the workbook's own table", async () => {
  const text = "---\ntitle: Cells\n---\n```yaml map topics\ntraces: traces\ntext: input\n```\n";
  await collect(
    bench.desk.run(scope, "cells", { text, cells: "all", params: {} }, byHand, new AbortController().signal)
  );
  const selection: Selection = { kind: "cell", workbook: "cells", cell: "topics", polygon };
  const { rows: picked } = await bench.desk.select(scope, "cells", "topics", { polygon });
  const plan = await planSample(bench.doors, scope, { selection, rule: { ...rule, by: { kind: "agent" } } });
  expect(plan.traces).toBe(picked);
  expect(JSON.stringify(plan.strata)).not.toContain("words <");
  const dataset = await makeDataset(bench.doors, scope, { ...wish, title: "Cell", selection });
  expect(dataset.versions[0]).toMatchObject({ examples: picked, origin: { mapVersion: null } });
  await expect(
    planSample(bench.doors, scope, { selection: { ...selection, cell: "nothing" }, rule })
  ).rejects.toMatchObject({ code: "missing" });
});

test("a lasso of an older version, no traces and strata without a scorer's verdict are told in a sentence", async () => {
  const old: Selection = { ...lasso, version: 7 };
  await expect(planSample(bench.doors, scope, { selection: old, rule })).rejects.toMatchObject({ code: "conflict" });
  const far = [
    [50, 50],
    [51, 50],
    [51, 51]
  ] as const;
  await expect(planSample(bench.doors, scope, { selection: { ...lasso, polygon: far }, rule })).rejects.toMatchObject({
    code: "invalid",
    message: "no trace is selected"
  });
  const odd = [
    [Number.NaN, 0],
    [1, 0],
    [1, 1]
  ] as const;
  await expect(planSample(bench.doors, scope, { selection: { ...lasso, polygon: odd }, rule })).rejects.toMatchObject({
    code: "invalid"
  });
  const plan = await planSample(bench.doors, scope, {
    selection: lasso,
    rule: { ...rule, by: { kind: "score", scorer: "none" } }
  });
  expect(new Set(plan.strata.map(({ stratum }) => stratum))).toEqual(new Set(["unscored"]));
});

test("strata of disagreement tell the traces on which two scorers differ, or one and people, and weights stand for all", async () => {
  const score = (scorer: string, index: number, value: number): ScoreRecord => ({
    ...{ traceId: idOf(index), spanId: null, businessUnit: index % 2 === 0 ? "support" : "claims" },
    ...{ day: `2026-11-${10 + (index % 10)}`, scorer, scorerVersion: "1", source: "scorer", durationMs: null },
    ...{ costUsd: null, runId: null, samplingProbability: 1, scoredAtMs: 1, detail: null },
    score: { kind: "scored", value, pass: value === 1, label: null, reason: null, evidence: [] }
  });
  const [p, q, r] = [inside.slice(0, 3), inside.slice(3, 5), inside.slice(5, 9)];
  const scores = [
    ...p.flatMap((index) => [score("strict", index, 0), score("mild", index, 1)]),
    ...q.flatMap((index) => [score("strict", index, 1), score("mild", index, 0)]),
    ...r.flatMap((index) => [score("strict", index, 1), score("mild", index, 1)])
  ];
  await bench.lake.append(scope, { spans: [], scores });
  // One came inside since, when a dataset was taken again.
  const selected = inside.length + 1;
  const plan = async (other: Opponent) => {
    const by = { kind: "disagreement", scorer: "strict", other } as const;
    const { strata } = await planSample(bench.doors, scope, {
      selection: lasso,
      rule: { ...rule, count: 12, by, spread: "equal" }
    });
    const sizes = new Map<string, number>();
    for (const { stratum, traces } of strata) sizes.set(stratum, (sizes.get(stratum) ?? 0) + traces);
    expect(strata.reduce((sum, { taken, inclusionProbability: chance }) => sum + taken / chance, 0)).toBeCloseTo(
      selected,
      9
    );
    return Object.fromEntries(sizes);
  };
  const rest = selected - 9;
  expect(await plan({ kind: "scorer", scorer: "mild" })).toEqual({
    "strict fails, mild passes": 3,
    "strict passes, mild fails": 2,
    "both say the same": 4,
    "without a verdict of one": rest
  });
  const tag = (index: number, label: string) =>
    bench.state.annotations.tag(
      scope,
      [{ traceId: idOf(index), businessUnit: index % 2 === 0 ? "support" : "claims" }],
      label,
      ""
    );
  await tag(r[0]!, "went badly");
  await tag(r[1]!, "went well");
  expect(await plan({ kind: "people", wrong: ["went badly"], fine: ["went well"] })).toEqual({
    "strict passes, people fail it": 1,
    "both say the same": 1,
    "without a verdict of one": selected - 2
  });
});

test("an item of a queue is judged, and its page shows what was said", async () => {
  const { queueId } = await fillQueue(bench.doors, scope, {
    title: "Judge",
    selection: lasso,
    rule,
    rubric: { ...plainRubric, needsJustification: true },
    reviewing: { reviewsPerItem: 2, isBlind: true, adjudicators: ["judge"] }
  });
  const { queues, reviews } = bench.state;
  const people = { namesOf: async (ids: readonly string[]) => new Map(ids.map((id) => [id, `name of ${id}`])) };
  const doors = { ...bench.doors, queues, reviews, people };
  const act = async (who: typeof scope, request: ReviewRequest) =>
    (await review(doors, who, queueId, request)) ?? { open: null };
  const [item] = (await openQueue(doors, scope, queueId, 0)).items;
  expect(item).toMatchObject({ state: "waiting", input: expect.stringContaining("refund") as unknown });
  expect(item!.labels).toBeNull();
  const first = (await act(scope, { kind: "next", after: null })).open!;
  const key = { traceId: first.item.traceId, businessUnit: first.item.businessUnit };
  expect(first).toMatchObject({ closed: null, mine: null, others: null, item: { traceId: item!.traceId } });
  const labelled = (label: string) =>
    ({
      kind: "labelled",
      label,
      note: "why",
      quotes: [],
      correctedOutput: null,
      flags: [],
      scales: {},
      fields: {}
    }) as const;
  const submit = (who: typeof scope, label: string) =>
    act(who, {
      kind: "submit",
      item: key,
      judgement: labelled(label),
      rubricVersion: 1,
      baseVersion: 0,
      durationMs: 1000
    });
  await submit(scope, "bad");
  const other = { ...scope, userId: "second" };
  expect((await act(other, { kind: "open", item: key })).open).toMatchObject({ mine: null, others: null });
  await submit(other, "good");
  expect((await act(other, { kind: "open", item: key })).open).toMatchObject({
    mine: { judgement: { label: "good" } },
    others: [{ userId: scope.userId, judgement: { label: "bad" } }],
    names: { [scope.userId]: `name of ${scope.userId}` }
  });
  const withdraw = { kind: "submit", item: key, rubricVersion: 1, baseVersion: 1, durationMs: 0 } as const;
  await act(other, { ...withdraw, judgement: { kind: "withdrawn" } });
  expect((await act(other, { kind: "open", item: key })).open).toMatchObject({ mine: { version: 2 }, others: null });
  await act(other, { ...withdraw, baseVersion: 2, judgement: labelled("good") });
  expect((await act({ ...scope, userId: "third" }, { kind: "open", item: key })).open).toMatchObject({
    hold: null,
    closed: `${scope.userId}, second judged this trace already`
  });
  const page = await openQueue(doors, scope, queueId, 0);
  expect(page.names).toEqual({ judge: "name of judge" });
  expect(page.items.find(({ traceId }) => traceId === key.traceId)?.labels).toEqual(["bad", "good"]);
  await act(other, { kind: "release", item: key });
  const out = all.find((index) => !inside.includes(index))!;
  const foreign = { traceId: idOf(out), businessUnit: out % 2 === 0 ? "support" : "claims" };
  await expect(act(scope, { kind: "open", item: foreign })).rejects.toMatchObject({ code: "missing" });
});
