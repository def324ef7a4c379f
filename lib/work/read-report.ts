import { Fault } from "../model/fault.ts";
import type { Scope } from "../model/scope.ts";
import type { Runs } from "../ports/runs.ts";
import { formatJunit } from "./junit.ts";
import { formatRunJson } from "./run-json.ts";

/** The report of a run as one file: `html`, `json` or `junit`. @throws Fault `missing`, `invalid` */
export async function readReport(
  runs: Runs,
  scope: Scope,
  runId: string,
  format: string
): Promise<{ readonly text: string; readonly contentType: string; readonly name: string }> {
  const run = await runs.find(scope, runId);
  if (!run) throw new Fault("missing", `there is no run ${runId}`);
  const name = `${run.workbook}-${runId.slice(0, 13)}`;
  switch (format) {
    case "html": {
      const text = await runs.findReport(scope, runId);
      if (text === undefined) throw new Fault("missing", "this run has no report: it has not ended, or it was stopped");
      return { text, contentType: "text/html; charset=utf-8", name: `${name}.html` };
    }
    case "json":
      return { text: formatRunJson(run), contentType: "application/json; charset=utf-8", name: `${name}.json` };
    case "junit":
      return { text: formatJunit(run), contentType: "application/xml; charset=utf-8", name: `${name}.xml` };
    default:
      throw new Fault("invalid", `the format "${format}" is none of html, json, junit`);
  }
}
