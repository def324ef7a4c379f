import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "#lib/model/run.ts";
import { isReportFormat, reportOfRun } from "#lib/work/report-of-run.ts";
import { formatRights } from "#lib/work/run-statement.ts";
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
  await fixture.state.runs.end(scope, run("ended", "passed"), "<!doctype html><header></header>kept");
  await fixture.state.runs.begin(scope, run("going", "running"));
});
afterAll(() => fixture.close());

test.each([
  [
    "html",
    /^<!doctype html><header><p class="quiet">Ran with the rights of tester in support\.<\/p>\n<\/header>kept$/,
    "text/html"
  ],
  ["json", /"outcome": ?"passed"/, "application/json"],
  ["junit", /<testsuite name="Refunds"/, "application/xml"]
] as const)("an ended run has its report as %s", async (format, text, contentType) => {
  const report = await reportOfRun(fixture.state, scope, "ended", format);
  expect(report.text).toMatch(text);
  expect(report.contentType).toContain(contentType);
});

test("a published report says in every form by whom and when, and to those it is published to alone", async () => {
  const { runs, publications, people } = fixture.state;
  const bob = { userId: "bob", roles: [], businessUnits: [] } as const;
  await expect(reportOfRun(fixture.state, bob, "ended", "html")).rejects.toMatchObject({ code: "missing" });
  await publications.publish(scope, "ended", ["person:bob"]);
  const named = { runs, publications, people: { ...people, namesOf: async () => new Map([["tester", "Ann <Lee>"]]) } };
  const html = (await reportOfRun(named, bob, "ended", "html")).text;
  expect(html).toMatch(/rights of Ann &lt;Lee&gt; in support\. Published by Ann &lt;Lee&gt;, [\d-]+ [\d:]+ UTC\./);
  expect(JSON.parse((await reportOfRun(named, bob, "ended", "json")).text)).toMatchObject({
    userId: "tester",
    ranAs: "Ann <Lee>",
    published: { by: "Ann <Lee>", at: expect.stringMatching(/Z$/) }
  });
  const junit = (await reportOfRun(named, bob, "ended", "junit")).text;
  expect(junit).toContain(`<property name="published" value="Published by Ann &lt;Lee&gt;, `);
  await publications.retract(scope, "ended");
  await expect(reportOfRun(named, bob, "ended", "html")).rejects.toMatchObject({ code: "missing" });
});

test("roles are told as people say them", () => {
  const held = { businessUnits: ["claims"], roles: ["claims:lead", "*:admin"] };
  expect(formatRights(held, { ranAs: "Ann", published: null })).toBe(
    "Ran with the rights of Ann in claims: lead in claims, admin in every unit."
  );
});

test("a run that still goes has no report yet, and says so", async () => {
  await expect(reportOfRun(fixture.state, scope, "going", "html")).rejects.toMatchObject({
    code: "missing",
    message: expect.stringMatching(/still runs/)
  });
});

test("a run of another unit is not there", async () => {
  await expect(reportOfRun(fixture.state, scopeOf(["legal"], "viewer"), "ended", "json")).rejects.toMatchObject({
    code: "missing"
  });
});

test("only the three forms are forms", () => {
  expect(["html", "json", "junit", "pdf"].map(isReportFormat)).toEqual([true, true, true, false]);
});
