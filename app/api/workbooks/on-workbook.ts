import "server-only";
import type { Right } from "#lib/model/rights.ts";
import { requireAccess, type WorkbookAccess } from "#lib/model/share.ts";
import { type Asked, answer, type Handler } from "../../answer.ts";

/** What a route of one workbook works with. */
export interface AskedOfWorkbook<Params> extends Asked<Params> {
  /** What the one who asks may do with it; at least what the route names. */
  readonly access: WorkbookAccess;
}

/**
 * A route of one workbook, as `answer` makes them: to who may not see the workbook it answers as if there were none,
 * whatever else is asked, and to who may do less with it than `needed`, that it is not theirs to do.
 */
export function onWorkbook<Params extends { readonly slug: string } = { readonly slug: string }>(
  need: Right,
  needed: WorkbookAccess,
  work: (asked: AskedOfWorkbook<Params>) => Promise<unknown>
): Handler {
  return answer<Params>(need, async (asked) => {
    const { slug } = asked.params;
    const access = requireAccess(await asked.bench.workbooks.accessTo(asked.scope, slug), needed, slug);
    return work({ ...asked, access });
  });
}
