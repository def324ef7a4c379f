import { Fault } from "#lib/model/fault.ts";
import { isReportFormat, reportOfRun } from "#lib/work/report-of-run.ts";
import { findRun } from "#lib/work/run-list.ts";
import { answer } from "../../../../answer.ts";

const endings = { html: "html", json: "json", junit: "xml" } as const;

/** The report as it is kept; with `?download` as a file. It may run and load nothing. */
export const GET = answer<{ readonly runId: string }>("report", async ({ bench, scope, params, request }) => {
  const { runId } = params;
  const query = new URL(request.url).searchParams;
  const format = query.get("format") ?? "html";
  if (!isReportFormat(format)) throw new Fault("invalid", `the format "${format}" is none of html, json, junit`);
  const { text, contentType } = await reportOfRun(bench, scope, runId, format);
  await bench.reads.note(scope, {
    action: "report.view",
    object: { kind: "run", id: runId, version: format },
    units: async () => (await findRun(bench.runs, scope, runId)).businessUnits
  });
  const headers = new Headers({
    "content-type": contentType,
    "content-security-policy":
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
  });
  if (query.has("download")) headers.set("content-disposition", `attachment; filename="${runId}.${endings[format]}"`);
  return new Response(text, { headers });
});
