import { Readable } from "node:stream";
import { parseAuditFilter, parseAuditFormat } from "#lib/wire/audit.ts";
import { exportAudit } from "#lib/work/read-audit.ts";
import { answer } from "../../../answer.ts";

/** The trail as a file: `?format=ndjson|csv` and the filter of the list. */
export const GET = answer("audit", async ({ bench: { audit }, scope, request }) => {
  const search = new URL(request.url).searchParams;
  const format = parseAuditFormat(search.get("format"));
  const parts = await exportAudit(
    audit,
    scope,
    parseAuditFilter((name) => search.get(name)),
    format,
    request.signal
  );
  const headers = {
    "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8",
    "content-disposition": `attachment; filename="audit-trail.${format}"`
  };
  return new Response(Readable.toWeb(Readable.from(parts)) as ReadableStream<Uint8Array>, { headers });
});
