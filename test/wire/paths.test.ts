import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { paths } from "#lib/wire/paths.ts";
import { sharingPaths } from "#lib/wire/sharing-paths.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Every address with its variable parts as folders of `app/` write them. */
const templates: readonly string[] = [
  paths.workbooks(),
  paths.workbook("slug"),
  paths.revisions("slug"),
  paths.revision("slug", 7),
  paths.reading("slug"),
  paths.run("slug"),
  paths.kernel("slug"),
  paths.cellRows("slug", "table"),
  paths.cellProfile("slug", "table"),
  paths.cellDownload("slug", "table"),
  paths.selection("slug", "map"),
  paths.mapGround("slug", "map"),
  paths.mapPart("slug", "map"),
  paths.cellForecast("slug", "cell"),
  paths.cellHandful("slug", "cell"),
  paths.cellTry("slug", "cell"),
  paths.cellPromotion("slug", "cell"),
  paths.cellComparison("slug", "cell"),
  sharingPaths.shares("slug"),
  sharingPaths.publication("runId"),
  sharingPaths.workbookComments("slug"),
  sharingPaths.traceComments("traceId"),
  sharingPaths.comment("commentId"),
  sharingPaths.mentions(),
  paths.scorers(),
  paths.scorer("scorerId"),
  paths.scorerRules("scorerId"),
  paths.scorerForecast("scorerId"),
  paths.rule("ruleId"),
  paths.scorerPage("scorerId"),
  paths.drafts(),
  paths.draftLabels({ kind: "queue", id: "queue" }, null),
  paths.draftPlan(),
  paths.audit(),
  paths.auditVerify(),
  paths.auditExport(),
  paths.tags(),
  paths.samplePlan(),
  paths.selectionWorkbook(),
  paths.queues(),
  paths.queue("queue"),
  paths.queuePage("queue"),
  paths.queueReview("queue"),
  paths.queueRubric("queue"),
  paths.queuePairs(),
  paths.queueExport("queue"),
  paths.queueFilling("queue"),
  paths.queueGold("queue"),
  paths.queueAdjudication("queue"),
  paths.adjudicatePage("queue"),
  paths.reviewPage("queue"),
  paths.datasets(),
  paths.dataset("dataset"),
  paths.datasetFile("dataset"),
  paths.datasetPage("dataset"),
  paths.keptMaps(),
  paths.keptMap("map"),
  paths.keptMapPart("map"),
  paths.mapAreas("map"),
  paths.mapPoints("map"),
  paths.mapTitles("map"),
  paths.mapColumns("map"),
  paths.mapProgress("map"),
  paths.mapCompare("map"),
  paths.mapSides("map"),
  paths.mapPage("map"),
  paths.traces(),
  paths.facets(),
  paths.live(),
  paths.savedViews(),
  paths.savedView("view"),
  paths.sessions(),
  paths.session("session"),
  paths.sessionPage("unit", "session"),
  paths.trace("trace"),
  paths.span("trace", "span"),
  paths.spans("trace"),
  paths.conversation("trace"),
  paths.find("trace", "words"),
  paths.similar("trace"),
  paths.traceSummary("trace"),
  paths.home(),
  paths.runs(),
  paths.runRecord("run"),
  paths.report("run"),
  paths.schema(),
  paths.contract(),
  paths.packageTypes("zod"),
  paths.diagnose()
];

test("no two addresses are the same", () => {
  expect(new Set(templates).size).toBe(templates.length);
  expect(templates.length).toBe(Object.keys(paths).length + Object.keys(sharingPaths).length);
});

test("a name with slashes, spaces or signs stays one step of the address and comes back as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ minLength: 1 }), (slug, table) => {
      const steps = paths.cellRows(slug, table).split("/");
      expect(steps).toHaveLength(7);
      expect(decodeURIComponent(steps[3]!)).toBe(slug);
      expect(decodeURIComponent(steps[5]!)).toBe(table);
      const parts = paths.span(slug, table).split("/");
      expect([decodeURIComponent(parts[3]!), decodeURIComponent(parts[5]!)]).toEqual([slug, table]);
    })
  );
});

test("the routes of the program begin where the addresses do", () => {
  for (const address of ["workbooks", "traces", "sessions", "runs", "schema"])
    expect(existsSync(`${root}app/api/${address}`)).toBe(true);
});
