import { parseAuditRequest } from "#lib/wire/audit.ts";
import { listAudit } from "#lib/work/read-audit.ts";
import { answer } from "../../answer.ts";

/** Some entries of the audit trail, the newest first. */
export const GET = answer("audit", async ({ bench, scope, request }) => {
  return listAudit(bench, scope, parseAuditRequest(new URL(request.url).searchParams));
});
