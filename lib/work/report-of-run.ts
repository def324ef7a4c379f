import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Runs } from "#lib/ports/runs.ts";
import { formatJunit } from "./junit.ts";
import { formatRunJson } from "./run-json.ts";
import { findRun } from "./run-list.ts";

/** Forms a run's report comes in. */
export type ReportFormat = "html" | "json" | "junit";

/** True for the name of a form. */
export function isReportFormat(name: string): name is ReportFormat {
  return name === "html" || name === "json" || name === "junit";
}

/**
 * The report of a recorded run.
 *
 * @throws Fault `missing` for an unknown run, and for the HTML of a run that has not ended or was stopped
 */
export async function reportOfRun(
  runs: Runs,
  scope: Scope,
  runId: string,
  format: ReportFormat
): Promise<{ readonly contentType: string; readonly text: string }> {
  const run = await findRun(runs, scope, runId);
  switch (format) {
    case "json":
      return { contentType: "application/json; charset=utf-8", text: formatRunJson(run) };
    case "junit":
      return { contentType: "application/xml; charset=utf-8", text: formatJunit(run) };
    case "html": {
      const text = await runs.findReport(scope, runId);
      if (text !== undefined) return { contentType: "text/html; charset=utf-8", text };
      throw new Fault(
        "missing",
        `run "${runId}" has no report: it ${run.outcome === "running" ? "still runs" : `was ${run.outcome}`}`
      );
    }
  }
}
