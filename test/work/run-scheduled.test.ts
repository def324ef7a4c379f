import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/model/scope.ts";
import { beginRun } from "#lib/work/run-record.ts";
import { occurrenceRunId, runScheduled } from "#lib/work/run-scheduled.ts";
import { exitCodeOf, parseParamArguments, runWorkbookFile } from "#lib/work/run-workbook-file.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { openDesk, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
let doors: Parameters<typeof runScheduled>[0];
const text =
  "---\nparams:\n  least: { type: number, default: 40 }\n---\n```sql check enough\nselect 'traces' as name, count(*) as value, $least::double as threshold, count(*) >= $least as pass from traces\n```\n";
/** What the person who set a schedule may run at this moment. */
let now: Scope = scope;
const never = new AbortController().signal;

beforeAll(async () => {
  bench = await openDesk();
  const { runs, workbooks } = bench.state;
  doors = {
    ...{ desk: bench.desk, runs, workbooks, clock: bench.doors.clock, engine: "test 1" },
    runScopeOf: async () => now
  };
  await bench.state.workbooks.create(scope, "nightly", "Nightly", text);
});
afterAll(() => bench.close());

test("an occurrence has one run, however often it is asked for", async () => {
  const data = { slug: "nightly", occurrenceMs: Date.UTC(2026, 10, 20, 7) };
  expect(await runScheduled(doors, scope, data, never)).toBe("passed");
  expect(await runScheduled(doors, scope, data, never)).toBe("passed");
  const runs = await bench.state.runs.list(scope, { workbook: "nightly", limit: 10 });
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({
    trigger: "schedule",
    revision: 1,
    occurrenceMs: data.occurrenceMs,
    outcome: "passed"
  });
  expect(await bench.state.runs.findReport(scope, runs[0]!.runId)).toContain("1 of 1 checks passed");
});

test("an occurrence whose process died goes on under its run, and under the next once that was swept", async () => {
  const workbook = parseWorkbook(text);
  const begun = (occurrenceMs: number) =>
    beginRun({
      runId: occurrenceRunId({ slug: "nightly", occurrenceMs }, 0),
      slug: "nightly",
      workbook,
      scope,
      trigger: "schedule",
      revision: 1,
      occurrenceMs,
      snapshotId: 1,
      params: {},
      seed: 1,
      startedAtMs: 1000,
      engine: "test 1"
    });
  const [died, swept] = [Date.UTC(2026, 10, 21, 7), Date.UTC(2026, 10, 22, 7)];
  await bench.state.runs.begin(scope, begun(swept));
  await bench.state.runs.sweep(2000);
  await bench.state.runs.begin(scope, begun(died));
  expect(await runScheduled(doors, scope, { slug: "nightly", occurrenceMs: died }, never)).toBe("passed");
  expect(await runScheduled(doors, scope, { slug: "nightly", occurrenceMs: swept }, never)).toBe("passed");
  const outcomes = async (occurrenceMs: number) =>
    (await bench.state.runs.list(scope, { workbook: "nightly", limit: 10 }))
      .filter((run) => run.occurrenceMs === occurrenceMs)
      .map(({ outcome }) => outcome)
      .toSorted();
  expect(await outcomes(died)).toEqual(["passed"]);
  expect(await outcomes(swept)).toEqual(["passed", "stopped"]);
});

test("an occurrence runs with what its person may now: less where they lost a unit, nothing where none is left", async () => {
  const { runs, workbooks, shares } = bench.state;
  const only = "---\nbusiness_units: [support]\n---\n";
  await workbooks.create(scope, "mine", "Mine", `${only}\`\`\`sql n\nselect count(*) as n from traces\n\`\`\`\n`);
  const occur = async (slug: string, day: number) => {
    const occurrenceMs = Date.UTC(2026, 11, day, 7);
    await runScheduled(doors, scope, { slug, occurrenceMs }, never);
    await runScheduled(doors, scope, { slug, occurrenceMs }, never);
    const found = (await runs.list(scope, { workbook: slug, limit: 20 })).filter(
      (run) => run.occurrenceMs === occurrenceMs
    );
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  try {
    now = { userId: "ann", roles: [], businessUnits: ["claims"] };
    const closed = await occur("mine", 1);
    expect(closed).toMatchObject({ outcome: "broken", userId: "ann", businessUnits: [] });
    expect(closed.ending).toMatch(/^the person who saved this workbook last \(ann\) may no longer open this workbook/);
    await shares.put(scope, "mine", "person:ann", "edit");
    await shares.put(scope, "nightly", "person:ann", "edit");
    expect((await occur("mine", 2)).ending).toMatch(/may no longer run cells in support: nothing was run/);
    expect(await occur("nightly", 2)).toMatchObject({ businessUnits: ["claims"], outcome: "failed" });
    now = { ...now, businessUnits: [] };
    expect((await occur("nightly", 3)).ending).toMatch(/may no longer run cells in any business unit/);
  } finally {
    now = scope;
  }
});

test("a text that an editor saved runs with the editor's rights, and not with those of who set the schedule", async () => {
  const { workbooks, shares, schedules } = bench.state;
  const hourly = "---\nschedule: { cron: '0 * * * *' }\n---\n```sql n\nselect 1 as n\n```\n";
  await workbooks.create(scope, "shared", "Shared", hourly);
  await schedules.put("shared", { cron: "0 * * * *", userId: scope.userId, nextDueMs: 1 });
  await shares.put(scope, "shared", "person:ann", "edit");
  const ann: Scope = { userId: "ann", roles: [], businessUnits: ["claims"] };
  await workbooks.save(ann, "shared", "Shared", hourly.replace("select 1 as n", "select * from runs"), 1);
  const asked: string[] = [];
  const runScopeOf = async (userId: string) => {
    asked.push(userId);
    return userId === "ann" ? ann : scope;
  };
  await runScheduled({ ...doors, runScopeOf }, scope, { slug: "shared", occurrenceMs: 5 }, never);
  expect(new Set(asked)).toEqual(new Set(["ann"]));
  const [run] = await bench.state.runs.list({ ...scope, businessUnits: ["claims"] }, { workbook: "shared", limit: 2 });
  expect(run).toMatchObject({ userId: "ann", businessUnits: ["claims"] });
});

test("a run id of an occurrence is a uuid of its instant", () => {
  const id = occurrenceRunId({ slug: "a", occurrenceMs: 1 }, 0);
  expect(id).toMatch(/^00000000-0001-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(occurrenceRunId({ slug: "b", occurrenceMs: 1 }, 0)).not.toBe(id);
  expect(occurrenceRunId({ slug: "a", occurrenceMs: 1 }, 1)).not.toBe(id);
});

test("job data that name nothing, and a workbook that is gone, are refused", async () => {
  await expect(runScheduled(doors, scope, { slug: "nightly" }, never)).rejects.toMatchObject({ code: "invalid" });
  await expect(runScheduled(doors, scope, { slug: "gone", occurrenceMs: 1 }, never)).rejects.toMatchObject({
    code: "missing"
  });
});

test("a file runs with its parameters, and the exit code tells passed, failed and could not run apart", async () => {
  const file = { kind: "file", path: "/some/where/My checks.md", text } as const;
  const seen: string[] = [];
  const passed = await runWorkbookFile(doors, scope, file, {}, ({ kind }) => seen.push(kind), never);
  expect(passed).toMatchObject({ exitCode: 0, run: { workbook: "my-checks", revision: null, trigger: "command" } });
  expect(seen.at(0)).toBe("started");
  expect(seen.at(-1)).toBe("ended");
  expect(passed.report).toContain("<!doctype html>");
  expect(passed.junit).toContain('tests="1" failures="0"');
  const failed = await runWorkbookFile(
    doors,
    scope,
    { kind: "saved", slug: "nightly" },
    parseParamArguments(["least=41"]),
    () => undefined,
    never
  );
  expect(failed).toMatchObject({ exitCode: 1, run: { revision: 1, params: { least: 41 } } });
  const broken = { ...file, text: "```sql a\nselect nope\n```\n" };
  expect((await runWorkbookFile(doors, scope, broken, {}, () => undefined, never)).exitCode).toBe(2);
  await expect(
    runWorkbookFile(doors, scope, { kind: "saved", slug: "no" }, {}, () => undefined, never)
  ).rejects.toMatchObject({ code: "missing" });
  expect(exitCodeOf("stopped")).toBe(2);
});

test("parameters of the command line are name=value, each once", () => {
  expect(parseParamArguments(["a=1", "b=x=y"])).toEqual({ a: "1", b: "x=y" });
  expect(() => parseParamArguments(["a"])).toThrow(/no parameter/);
  expect(() => parseParamArguments(["a=1", "a=2"])).toThrow(/twice/);
});
