import { Fault } from "#lib/model/fault.ts";
import type { Run } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Runs } from "#lib/ports/runs.ts";
import { formatJunit } from "./junit.ts";
import { escapeHtml } from "./report-prose.ts";
import { formatRunJson } from "./run-json.ts";
import { findRun } from "./run-list.ts";
import {
  formatPublished,
  formatRights,
  type RunStatement,
  readStatement,
  type StatementDoors
} from "./run-statement.ts";

/** Forms a run's report comes in. */
export type ReportFormat = "html" | "json" | "junit";

/** True for the name of a form. */
export function isReportFormat(name: string): name is ReportFormat {
  return name === "html" || name === "json" || name === "junit";
}

/** What reports are read with. */
export interface ReportDoors extends StatementDoors {
  readonly runs: Runs;
}

/**
 * The report of a recorded run; each form states whose rights it ran with, and who published it when.
 *
 * @throws Fault `missing` for an unknown run, and for the HTML of a run that has not ended or was stopped
 */
export async function reportOfRun(
  doors: ReportDoors,
  scope: Scope,
  runId: string,
  format: ReportFormat
): Promise<{ readonly contentType: string; readonly text: string }> {
  const { runs } = doors;
  const run = await findRun(runs, scope, runId);
  const statement = await readStatement(doors, scope, run);
  switch (format) {
    case "json":
      return { contentType: "application/json; charset=utf-8", text: formatRunJson(run, statement) };
    case "junit":
      return { contentType: "application/xml; charset=utf-8", text: formatJunit(run, statement) };
    case "html": {
      const text = await runs.findReport(scope, runId);
      if (text !== undefined)
        return { contentType: "text/html; charset=utf-8", text: withStatement(text, run, statement) };
      throw new Fault(
        "missing",
        `run "${runId}" has no report: it ${run.outcome === "running" ? "still runs" : `was ${run.outcome}`}`
      );
    }
  }
}

/** Puts into the head of a kept report what may have changed since it was written. */
function withStatement(html: string, run: Run, statement: RunStatement): string {
  const said = [formatRights(run, statement), formatPublished(statement)].filter((sentence) => sentence !== null);
  // The page's own head ends first: what cells wrote comes after it, and the title is escaped.
  return html.replace("</header>", () => `<p class="quiet">${escapeHtml(said.join(" "))}</p>\n</header>`);
}
