import { afterAll, beforeAll, expect, test } from "vitest";
import type { Selection } from "#lib/model/selection.ts";
import { draftScorerWorkbook, openCohort } from "#lib/work/draft-scorer.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { makeSpan } from "../spans.ts";
import { byHand, collect, lastStates, scope } from "./desk-fixture.ts";
import { gridMap, openKeptMap } from "./kept-map-fixture.ts";

let bench: Awaited<ReturnType<typeof openKeptMap>>;
beforeAll(async () => {
  bench = await openKeptMap();
});
afterAll(() => bench.close());

const polygon = [
  [-0.5, -0.5],
  [4.5, -0.5],
  [4.5, 9],
  [-0.5, 9]
] as const;
const cluster: Selection = { kind: "cluster", mapId: gridMap, clusterId: 0 };

const run = async (slug: string, text: string) =>
  lastStates(
    await collect(bench.desk.run(scope, slug, { text, cells: "all", params: {} }, byHand, new AbortController().signal))
  );

test("a cohort is a workbook that finds the selected traces, those that come later, too", async () => {
  const { slug, text, title } = await openCohort(bench.doors, scope, cluster);
  expect(title).toBe("Cohort: claims words 0");
  expect(parseWorkbook(text)).toMatchObject({ title, businessUnits: ["claims", "support"] });
  expect((await run(slug, text)).get("cohort")).toMatchObject({ state: "done", result: { rows: 14 } });
});

test("a map cell comes along with what it needs alone, under another title and without its schedule", async () => {
  const source = `---
title: Weekly
params:
  since: { type: date, default: 2026-11-01 }
schedule:
  cron: "0 7 * * 1"
---
Words of the source.

\`\`\`sql picked
select trace_id, input from traces where started_at >= $since
\`\`\`

\`\`\`sql unrelated
select 1 as one
\`\`\`

\`\`\`yaml map topics
traces: picked
text: input
\`\`\`
`;
  await bench.state.workbooks.create(scope, "weekly", "Weekly", source);
  await run("weekly", source);
  const selection: Selection = { kind: "cell", workbook: "weekly", cell: "topics", polygon };
  const { rows } = await bench.desk.select(scope, "weekly", "topics", { polygon });
  expect(rows).toBeGreaterThan(10);
  const { slug, text } = await openCohort(bench.doors, scope, selection);
  const workbook = parseWorkbook(text);
  expect(workbook).toMatchObject({
    title: "Cohort: part of topics",
    schedule: null,
    params: { since: { type: "date" } }
  });
  expect(workbook.cells.map(({ name }) => name)).toEqual(["picked", "topics", null, "picked_2", "cohort"]);
  expect((await run(slug, text)).get("cohort")).toMatchObject({ state: "done", result: { rows } });
});

test("a drafted scorer says on what it was measured, and where nothing tells traces apart there is none", async () => {
  await expect(draftScorerWorkbook(bench.doors, scope, cluster)).rejects.toMatchObject({ code: "invalid" });
  const spans = Array.from({ length: 30 }, (_, index) =>
    makeSpan({
      ...{ traceId: `locker${index}`, spanId: "root", kind: "agent", businessUnit: "support" },
      startNs: BigInt(Date.UTC(2026, 10, 19, 9, index)) * 1_000_000n,
      inputText: `the locker of parcel ${index} stays shut`
    })
  );
  await bench.lake.append(scope, {
    spans,
    scores: [],
    placements: spans.map(({ traceId }, index) => ({
      ...{ mapId: gridMap, version: 1, traceId, businessUnit: "support", day: "2026-11-19" },
      ...{ startedAtMs: 0, x: 20, y: index, clusterId: null, arrivalClusterId: null, novelty: 0 }
    }))
  });
  const lockers = [
    [19, -1],
    [21, -1],
    [21, 40],
    [19, 40]
  ] as const;
  const { text } = await draftScorerWorkbook(bench.doors, scope, {
    kind: "lasso",
    mapId: gridMap,
    version: 1,
    polygon: lockers
  });
  expect(text).toContain("Of the very traces that it was drafted from it passes");
  expect(text).toContain("100 % [89, 100] n = 30 of the picked and 0 % [0, 16] n = 20 of the others.");
  expect(text).toContain('["locker", ');
  expect(parseWorkbook(text).cells.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "prose null",
    "sql picked",
    "sql compared",
    "scorer drafted",
    "score verdicts",
    "check tells_apart"
  ]);
  const states = await run("drafted", text);
  expect(states.get("compared")).toMatchObject({ state: "done", result: { rows: 50 } });
  const everything = [
    [-1, -1],
    [30, -1],
    [30, 50],
    [-1, 50]
  ] as const;
  await expect(
    draftScorerWorkbook(bench.doors, scope, { kind: "lasso", mapId: gridMap, version: 1, polygon: everything })
  ).rejects.toMatchObject({ message: "everything on the map is selected, so there is nothing to tell it apart from" });
});
