import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pointInPolygon } from "#lib/math/polygon.ts";
import type { RunEvent } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { RunRequest } from "#lib/wire/workbook.ts";
import type { RunOptions } from "#lib/work/desk-doors.ts";
import { makeSpan } from "../spans.ts";
import { byHand, collect, lastStates, openDesk, ranKeys, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  bench = await openDesk();
});
afterAll(() => bench.close());

const story = `---
title: Refunds
params:
  since: { type: date, default: -10d }
  agent: { type: choice, from: agents, default: all }
---
# Refunds

\`\`\`sql recent
select * from traces where started_at >= $since and ($agent = 'all' or agent = $agent)
\`\`\`

\`\`\`ts scorer granted
denied
\`\`\`

\`\`\`yaml score refunds
traces: recent
scorer: granted
\`\`\`

\`\`\`yaml map topics
traces: recent
text: input
\`\`\`

\`\`\`js chart by_day
Plot.plot({ marks: [Plot.barY(refunds, Plot.groupX({ y: "mean" }, { x: "date", y: "value" }))] })
\`\`\`

\`\`\`sql picked
select * from topics_selection
\`\`\`

\`\`\`sql check holds
select 'granted' as name, avg(value) as value, 0.9 as threshold, avg(value) >= 0.9 as pass, count(value) as n from refunds
\`\`\`
`;

function run(slug: string, text: string, cells: RunRequest["cells"] = "all", params: RunRequest["params"] = {}) {
  const request = { text, cells, params };
  return collect(bench.desk.run(scope, slug, request, byHand, new AbortController().signal));
}

function cells(...bodies: readonly string[]): string {
  return bodies.map((body) => `\`\`\`${body}\n\`\`\`\n`).join("\n");
}

test("a text is read with references, choices and faults of single cells", async () => {
  const reply = await bench.desk.read(scope, "reading", `${story}\n${cells("sql wrong\nselec 1")}`);
  expect(reply.fault).toBeNull();
  expect(reply.choices["agent"]).toEqual(["all", "billing", "refunds"]);
  expect(reply.cells.find(({ key }) => key === "refunds")!.reads).toEqual(["recent", "granted"]);
  expect(reply.cells.find(({ key }) => key === "wrong")!.fault).toMatchObject({ code: "invalid" });
  expect((await bench.desk.read(scope, "reading", "---\nx: 1\n---\n")).fault!.position).toEqual({ line: 2, column: 1 });
});

describe("a whole run", () => {
  let events: RunEvent[];
  beforeAll(async () => {
    events = await run("story", story);
  });

  test("runs every cell after what it reads, and its check fails for the reason it states", () => {
    const order = ranKeys(events);
    expect([...order].sort()).toEqual(["_0", "by_day", "granted", "holds", "picked", "recent", "refunds", "topics"]);
    expect(order.indexOf("refunds")).toBeGreaterThan(order.indexOf("recent"));
    const ended = events.at(-1)!;
    expect(ended).toMatchObject({ kind: "ended", outcome: "failed" });
    expect(lastStates(events).get("refunds")).toMatchObject({
      result: { kind: "scores", scorer: "granted", summary: { n: 40, unscored: 0, passes: 30, mean: 0.75 } }
    });
    expect(lastStates(events).get("holds")).toMatchObject({
      result: { checks: [{ name: "granted", value: 0.75, threshold: 0.9, pass: false, n: 40 }] }
    });
  });

  test("is recorded with all that it stood on, scores and report with it", async () => {
    const { runId, snapshotId } = events[0] as Extract<RunEvent, { kind: "started" }>;
    const found = await bench.state.runs.find(scope, runId);
    expect(found).toMatchObject({
      workbook: "story",
      title: "Refunds",
      revision: 3,
      outcome: "failed",
      snapshotId,
      engine: "test 1",
      params: { since: "2026-11-10", agent: "all" },
      checks: [{ name: "granted" }]
    });
    const report = (await bench.state.runs.findReport(scope, runId))!;
    expect(report.includes("75 % [60, 86] n = 40")).toBe(true);
    expect(report.includes("words &lt;0&gt;")).toBe(true);
    expect(/<script|onload=/.test(report)).toBe(false);
    const kernel = await bench.lake.openKernel(scope);
    const [row] = await kernel.rows(
      "select count(*) as n, sum(pass::int) as passes from scores where run_id = $id",
      { id: runId },
      1
    );
    expect(row).toEqual({ n: 40, passes: 30 });
    await kernel.close();
  });

  test("leaves its tables to be read in windows, profiled and taken away", async () => {
    const window = { offset: 2, limit: 3, sort: "started_at", descending: true };
    const rows = await bench.desk.rows(scope, "story", "recent", window);
    expect([rows.total, rows.rows]).toEqual([40, 3]);
    expect(tableFromIPC(rows.bytes).numRows).toBe(3);
    await expect(bench.desk.rows(scope, "story", "recent", { ...window, sort: 'x"; drop' })).rejects.toThrow(
      /no column/
    );
    await expect(bench.desk.rows(scope, "story", "nothing", window)).rejects.toMatchObject({ code: "missing" });
    const { columns } = await bench.desk.profile(scope, "story", "refunds");
    const column = (name: string) => columns.find((candidate) => candidate.name === name)!;
    expect(column("value")).toMatchObject({ nulls: 0, low: 0, high: 1 });
    expect(column("value").bins!.reduce((sum, n) => sum + n)).toBe(40);
    expect(column("status").top).toEqual([["ok", 40]]);
    expect(column("date")).toMatchObject({ type: "DATE", low: "2026-11-10T00:00:00.000Z" });
    const csv = await bench.desk.download(scope, "story", "holds", "csv");
    expect(new TextDecoder().decode(csv.bytes)).toBe("name,value,threshold,pass,n\r\ngranted,0.75,0.9,false,40\r\n");
    const json = await bench.desk.download(scope, "story", "recent", "json");
    expect((JSON.parse(new TextDecoder().decode(json.bytes)) as unknown[]).length).toBe(40);
    const arrow = await bench.desk.download(scope, "story", "recent", "arrow");
    expect(tableFromIPC(arrow.bytes).numRows).toBe(40);
  });

  test("shows its states again after a reload", async () => {
    const state = await bench.desk.state(scope, "story");
    expect(state.running).toBe(false);
    expect(state.cells["refunds"]).toMatchObject({ cell: { state: "done" } });
  });

  test("a lasso selects exactly the points inside, and makes only the selection's readers stale", async () => {
    const polygon = [
      [0.5, -1],
      [7.5, 0.5],
      [3.2, 2.7],
      [2.9, 0.4]
    ] as const;
    const points = tableFromIPC((await bench.desk.download(scope, "story", "topics", "arrow")).bytes).toArray() as {
      x: number;
      y: number;
    }[];
    const reply = await bench.desk.select(scope, "story", "topics", { polygon });
    expect(reply).toEqual({
      table: "topics_selection",
      rows: points.filter(({ x, y }) => pointInPolygon(x, y, polygon)).length
    });
    expect(reply.rows).toBeGreaterThan(2);
    expect(ranKeys(await run("story", story, "stale"))).toEqual(["picked"]);
    expect(
      (await bench.desk.rows(scope, "story", "picked", { offset: 0, limit: 0, sort: null, descending: false })).total
    ).toBe(reply.rows);
  });

  test("a changed parameter and a changed text make their readers stale", async () => {
    const params = { agent: "billing" };
    expect(ranKeys(await run("story", story, "stale", params)).toSorted()).toEqual([
      "by_day",
      "holds",
      "picked",
      "recent",
      "refunds",
      "topics"
    ]);
    expect(ranKeys(await run("story", story, "stale", params))).toEqual([]);
    const edited = story.replace("0.9 as threshold", "0.8 as threshold");
    expect(ranKeys(await run("story", edited, "stale", params))).toEqual(["holds"]);
    expect(ranKeys(await run("story", edited, ["refunds"], params))).toEqual(["refunds"]);
  });
});

test("the lake moving on makes everything stale, our own scores do not", async () => {
  const text = `${cells("sql a\nselect count(*) as n from traces", "ts scorer s\nx", "yaml score b\nscorer: s")}`;
  await run("moving", text);
  expect(ranKeys(await run("moving", text, "stale"))).toEqual([]);
  const span = makeSpan({ traceId: "late", spanId: "root", kind: "agent", agent: "late", businessUnit: "support" });
  await bench.lake.append(scope, { spans: [span], scores: [] });
  expect(ranKeys(await run("moving", text, ["a"]))).toEqual(["a"]);
  const window = { offset: 0, limit: 1, sort: null, descending: false };
  const count = async () =>
    Number(
      tableFromIPC((await bench.desk.rows(scope, "moving", "a", window)).bytes)
        .get(0)!
        .toJSON()["n"]
    );
  expect(await count()).toBe(40);
  expect(ranKeys(await run("moving", text, "stale"))).toContain("b");
  expect(await count()).toBe(41);
});

test("a failing cell blocks its readers with its own sentence, and the rest goes on", async () => {
  const text = cells(
    "sql bad\nselect nope\nfrom traces",
    "sql reader\nselect * from bad",
    "sql good\nselect 1 as one",
    "ts scorer s\n@@",
    "yaml score t\ntraces: good\nscorer: s",
    "yaml score u\ntraces: good\nscorer: nowhere",
    "sql check empty\nselect 'x' as name, true as pass where false",
    "sql check odd\nselect 1 as a"
  );
  const events = await run("failing", text);
  const states = lastStates(events);
  expect(states.get("bad")).toMatchObject({
    state: "failed",
    fault: { code: "invalid", position: { line: 1, column: 8 } }
  });
  expect(states.get("reader")).toEqual({ state: "blocked", by: ["bad"] });
  expect(states.get("good")).toMatchObject({ state: "done" });
  expect(states.get("t")).toMatchObject({ state: "blocked", by: ["s"] });
  expect(states.get("u")).toMatchObject({
    state: "failed",
    fault: { message: expect.stringMatching(/no column trace_id/) }
  });
  expect(states.get("empty")).toMatchObject({ result: { checks: [{ name: "empty", pass: null }] } });
  expect(states.get("odd")).toMatchObject({ fault: { message: expect.stringMatching(/no column "name"/) } });
  expect(events.at(-1)).toMatchObject({ outcome: "broken" });
});

test("a check's share carries the interval of its n, and any other value only what the cell says", async () => {
  const rows = [
    "select 'share' as name, 0.75 as value, 0.9 as threshold, false as pass, 40 as n",
    "select 'all', 1.0, 0.9, true, 40",
    "select 'count', 0.0, 0.0, true, 40",
    "select 'growth', 3.5, 2.0, false, 40",
    "select 'mean', 0.733, 0.5, true, 10",
    "select 'no n', 0.5, 0.5, true, null"
  ];
  const { checks } = (await run("intervals", cells(`sql check c\n${rows.join(" union all ")}`))).at(-1) as Extract<
    RunEvent,
    { kind: "ended" }
  >;
  const rounded = checks.map(({ interval }) => interval?.map((end) => Math.round(end * 1000) / 1000) ?? null);
  expect(rounded).toEqual([[0.598, 0.858], [0.912, 1], null, null, null, null]);
});

test("what a page opened later learns includes the parameters of each result, as they were given", async () => {
  const text = "---\nparams:\n  since: { type: date, default: -7d }\n---\n\n```sql c\nselect $since as since\n```\n";
  await run("given", text);
  expect((await bench.desk.state(scope, "given")).cells["c"]).toMatchObject({ params: { since: "-7d" } });
});

test("an undecided check is not green", async () => {
  const events = await run("undecided", cells("sql check c\nselect 'x' as name, null::boolean as pass"));
  expect(events.at(-1)).toMatchObject({ outcome: "failed", checks: [{ pass: null }] });
});

test("a scorer in a file is found, and unscored traces are counted and never averaged", async () => {
  const text = cells("yaml score a\nscorer: from_file", "ts scorer throws\nthrows", "yaml score b\nscorer: throws");
  const states = lastStates(await run("files", text));
  expect(states.get("a")).toMatchObject({ result: { scorer: "from_file", summary: { passes: 11 } } });
  expect(states.get("b")).toMatchObject({
    notes: [expect.stringMatching(/could not be scored; the first: TypeError/)],
    result: { summary: { mean: 1 } }
  });
});

test("cells that read each other in a circle fail by name", async () => {
  const states = lastStates(
    await run("circle", cells("sql a\nselect * from b", "sql b\nselect * from a", "sql c\nselect 1"))
  );
  expect(states.get("a")).toMatchObject({ fault: { message: expect.stringContaining("a → b → a") } });
  expect(states.get("c")).toMatchObject({ state: "done" });
});

test("a run that is stopped ends, and what had not begun says so", async () => {
  const long = cells(
    "sql long\nselect count(*) as n from range(100000000000) r where hash(r.range) % 7 = 1",
    "sql after\nselect * from long"
  );
  const stop = new AbortController();
  const events: RunEvent[] = [];
  for await (const event of bench.desk.run(
    scope,
    "long",
    { text: long, cells: "all", params: {} },
    byHand,
    stop.signal
  )) {
    events.push(event);
    if (event.kind === "cell" && event.cell.state === "running") stop.abort();
  }
  expect(lastStates(events).get("long")).toEqual({ state: "stopped" });
  expect(lastStates(events).get("after")).toEqual({ state: "stopped" });
  expect(events.at(-1)).toMatchObject({ outcome: "stopped" });
});

test("a second request stops the first where it covers it, and otherwise waits for it", async () => {
  const text = cells(
    "sql long\nselect count(*) as n from range(100000000000) r where hash(r.range) % 7 = 1",
    "sql quick\nselect 1 as one"
  );
  const first = bench.desk
    .run(scope, "twice", { text, cells: ["long"], params: {} }, byHand, new AbortController().signal)
    [Symbol.asyncIterator]();
  for (;;) {
    const { value } = (await first.next()) as { value: RunEvent };
    if (value.kind === "cell" && value.cell.state === "running") break;
  }
  const other = run("twice", text, ["quick"]);
  expect((await bench.desk.state(scope, "twice")).running).toBe(true);
  const edited = text.replace("range(100000000000)", "range(10)");
  const second = run("twice", edited, ["long"]);
  await bench.desk.stop(scope, "twice").then(() => undefined);
  await Promise.all([other, second]);
  expect(lastStates(await run("twice", edited)).get("long")).toMatchObject({ state: "done" });
});

test("a workbook sees only the units it names, and none that its reader does not", async () => {
  const text = (unit: string) => `---\nbusiness_units: [${unit}]\n---\n${cells("sql a\nselect * from traces")}`;
  expect(lastStates(await run("units", text("claims"))).get("a")).toMatchObject({ result: { rows: 20 } });
  await expect(run("units", text("legal"))).rejects.toMatchObject({ code: "denied" });
});

test("a table that is too long is refused and a text that is broken does not begin", async () => {
  const small = await openDesk({ tableRows: 10 });
  const request = { text: cells("sql a\nselect * from range(11)"), cells: "all", params: {} } as const;
  const events = await collect(small.desk.run(scope, "s", request, byHand, new AbortController().signal));
  expect(lastStates(events).get("a")).toMatchObject({ fault: { code: "limit" } });
  await small.close();
  await expect(run("broken", "```sql a\n")).rejects.toMatchObject({ position: { line: 1, column: 1 } });
  await expect(run("broken", cells("sql a\nselect 1"), ["b"])).rejects.toMatchObject({ code: "missing" });
});

test("a kernel closed to make room is made again, selection and all, when its table is asked for", async () => {
  const few = await openDesk({ kernels: 1 });
  const text = cells("sql a\nselect * from traces", "yaml map m\ntraces: a");
  const request = { text, cells: "all", params: {} } as const;
  await collect(few.desk.run(scope, "one", request, byHand, new AbortController().signal));
  const polygon = [
    [-1, -1],
    [3.5, -1],
    [3.5, 1.5],
    [-1, 1.5]
  ] as const;
  const { rows } = await few.desk.select(scope, "one", "m", { polygon });
  expect(rows).toBe(8);
  await collect(few.desk.run(scope, "two", request, byHand, new AbortController().signal));
  const window = { offset: 0, limit: 5, sort: null, descending: false };
  expect((await few.desk.rows(scope, "one", "m_selection", window)).total).toBe(8);
  expect((await few.desk.rows(scope, "one", "a", window)).total).toBe(40);
  await few.close();
});

describe("people", () => {
  const rows = cells("sql rows\nselect * from traces");
  const ask = (who: Scope, slug: string, options: Partial<RunOptions> = {}) =>
    collect(
      bench.desk.run(
        who,
        slug,
        { text: rows, cells: "all", params: {} },
        { ...byHand, ...options },
        new AbortController().signal
      )
    );

  test("two people with the same units never share a session", async () => {
    await ask(scope, "apart");
    const other = { ...scope, userId: "other" };
    expect(Object.keys((await bench.desk.state(scope, "apart")).cells)).toEqual(["rows"]);
    expect((await bench.desk.state(other, "apart")).cells).toEqual({});
    await expect(bench.desk.profile(other, "apart", "rows")).rejects.toMatchObject({ code: "missing" });
  });

  test("a run whose person loses the right is stopped before its next cell, and its record says why", async () => {
    const runId = "00000000-0000-7000-8000-00000000dead";
    const lost = ask(scope, "lost", { runId, holds: async () => false });
    await expect(lost).rejects.toMatchObject({
      code: "denied",
      message: expect.stringMatching(/may no longer run this workbook in claims, support/)
    });
    const kept = await bench.state.runs.find(scope, runId);
    expect(kept).toMatchObject({ outcome: "stopped", ending: expect.stringMatching(/^the run was stopped/) });
    expect(await bench.state.runs.findReport(scope, runId)).toBeUndefined();
    await expect(bench.desk.profile(scope, "lost", "rows")).rejects.toMatchObject({ code: "missing" });
  });

  test("a right that is lost while the last cell goes leaves no report", async () => {
    let looks = 0;
    const runId = "00000000-0000-7000-8000-00000000beef";
    const late = ask(scope, "late", { runId, holds: async () => ++looks < 2 });
    await expect(late).rejects.toMatchObject({ code: "denied" });
    expect(await bench.state.runs.find(scope, runId)).toMatchObject({ outcome: "stopped" });
    expect(await bench.state.runs.findReport(scope, runId)).toBeUndefined();
  });
});
