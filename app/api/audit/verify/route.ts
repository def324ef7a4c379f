import { verifyAudit } from "#lib/work/read-audit.ts";
import { answer } from "../../../answer.ts";

/** Walks the whole trail; what is told of it covers every unit, so no entry is shown. */
export const GET = answer("audit", async ({ bench: { audit }, scope, request }) => {
  return verifyAudit(audit, scope, request.signal);
});
