import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "#lib/model/run.ts";
import { isReportFormat, reportOfRun } from "#lib/work/report-of-run.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let fixture: LakeFixture;
const scope = scopeOf(["support"]);
const run = (runId: string, outcome: Run["outcome"]): Run => ({
  runId,
  workbook: "refunds",
  title: "Refunds",
  revision: 1,
  trigger: "command",
  occurrenceMs: null,
  userId: "tester",
  businessUnits: ["support"],
  snapshotId: 1,
  params: {},
  seed: 1,
  startedAtMs: 1000,
  endedAtMs: outcome === "running" ? null : 2000,
  outcome,
  cells: [],
  checks: [{ name: "holds", value: 1, threshold: 1, pass: true, n: 3, interval: null }],
  engine: "test"
});

beforeAll(async () => {
  fixture = await openLakeFixture();
  await fixture.state.runs.begin(scope, run("ended", "running"));
  await fixture.state.runs.end(scope, run("ended", "passed"), "<!doctype html>kept");
  await fixture.state.runs.begin(scope, run("going", "running"));
});
afterAll(() => fixture.close());

test.each([
  ["html", /^<!doctype html>kept$/, "text/html"],
  ["json", /"outcome": ?"passed"/, "application/json"],
  ["junit", /<testsuite name="Refunds"/, "application/xml"]
] as const)("an ended run has its report as %s", async (format, text, contentType) => {
  const report = await reportOfRun(fixture.state.runs, scope, "ended", format);
  expect(report.text).toMatch(text);
  expect(report.contentType).toContain(contentType);
});

test("a run that still goes has no report yet, and says so", async () => {
  await expect(reportOfRun(fixture.state.runs, scope, "going", "html")).rejects.toMatchObject({
    code: "missing",
    message: expect.stringMatching(/still runs/)
  });
});

test("a run of another unit is not there", async () => {
  await expect(reportOfRun(fixture.state.runs, scopeOf(["legal"], "viewer"), "ended", "json")).rejects.toMatchObject({
    code: "missing"
  });
});

test("only the three forms are forms", () => {
  expect(["html", "json", "junit", "pdf"].map(isReportFormat)).toEqual([true, true, true, false]);
});
