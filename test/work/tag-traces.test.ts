import { afterAll, beforeAll, expect, test } from "vitest";
import { tagTraces } from "#lib/work/tag-traces.ts";
import { scopeOf } from "../server/lake/fixture.ts";
import { hexId } from "../spans.ts";
import { byHand, collect, openDesk, scope } from "./desk-fixture.ts";

let opened: Awaited<ReturnType<typeof openDesk>>;

const workbook = `---
title: Odd ones
---
\`\`\`sql odd
select trace_id, agent from traces where business_unit = 'claims' order by started_at limit 4
\`\`\`

\`\`\`sql doubled
select trace_id from odd union all select trace_id from odd
\`\`\`

\`\`\`sql counted
select count(*) as n from traces
\`\`\`

\`\`\`sql nothing
select trace_id from traces where false
\`\`\`
`;

beforeAll(async () => {
  opened = await openDesk();
  const request = { text: workbook, cells: "all" as const, params: {} };
  await collect(opened.desk.run(scope, "odd-ones", request, byHand, new AbortController().signal));
});

afterAll(() => opened.close());

const doors = () => ({
  lake: opened.lake,
  desk: opened.desk,
  keptMaps: opened.state.keptMaps,
  annotations: opened.state.annotations
});
const labelled = async (label: string) =>
  (await opened.state.annotations.list(scope)).filter((annotation) => annotation.label === label);

test("a label goes on the traces that are named, once", async () => {
  const request = { traceIds: [hexId("t0", 32), hexId("t1", 32)], label: "named", note: "see chat" };
  expect(await tagTraces(doors(), scope, request)).toEqual({ added: 2 });
  expect(await tagTraces(doors(), scope, request)).toEqual({ added: 0 });
  const found = await labelled("named");
  expect(found.map(({ traceId, businessUnit, note }) => [traceId, businessUnit, note]).sort()).toEqual(
    [
      [hexId("t0", 32), "support", "see chat"],
      [hexId("t1", 32), "claims", "see chat"]
    ].sort()
  );
});

test("a label goes on all rows of a table, and a trace that stands there twice gets it once", async () => {
  expect(
    await tagTraces(doors(), scope, { workbook: "odd-ones", table: "doubled", label: "doubled", note: "" })
  ).toEqual({ added: 4 });
  expect(new Set((await labelled("doubled")).map(({ businessUnit }) => businessUnit))).toEqual(new Set(["claims"]));
});

test("an empty table puts the label on nothing", async () => {
  expect(await tagTraces(doors(), scope, { workbook: "odd-ones", table: "nothing", label: "none", note: "" })).toEqual({
    added: 0
  });
});

test("a table without trace ids cannot be tagged", async () => {
  await expect(
    tagTraces(doors(), scope, { workbook: "odd-ones", table: "counted", label: "x", note: "" })
  ).rejects.toMatchObject({ code: "invalid", message: '"counted" has no column trace_id' });
});

test("a tag names traces or a table", async () => {
  for (const half of [{}, { workbook: "odd-ones" }, { table: "odd" }])
    await expect(tagTraces(doors(), scope, { ...half, label: "x", note: "" })).rejects.toMatchObject({
      code: "invalid"
    });
});

test("one unknown trace among those named leaves all of them untouched", async () => {
  const request = { traceIds: [hexId("t0", 32), "f".repeat(32)], label: "partly", note: "" };
  await expect(tagTraces(doors(), scope, request)).rejects.toMatchObject({
    code: "missing",
    message: `there is no trace ${"f".repeat(32)}`
  });
  expect(await labelled("partly")).toEqual([]);
});

test("a trace of another business unit is as unknown as one that does not exist", async () => {
  const request = { traceIds: [hexId("t1", 32)], label: "foreign", note: "" };
  await expect(tagTraces(doors(), scopeOf(["support"], "scientist"), request)).rejects.toMatchObject({
    code: "missing"
  });
  expect(await labelled("foreign")).toEqual([]);
});

test("more traces than a tag can go on are refused before any is looked for", async () => {
  const traceIds = Array.from({ length: 100_001 }, () => hexId("t0", 32));
  await expect(tagTraces(doors(), scope, { traceIds, label: "many", note: "" })).rejects.toMatchObject({
    code: "limit"
  });
});
