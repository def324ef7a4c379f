import { Fault } from "#lib/model/fault.ts";
import { onWorkbook } from "../../../on-workbook.ts";

export const GET = onWorkbook<{ readonly slug: string; readonly revision: string }>(
  "read",
  "view",
  async ({ bench: { workbooks }, scope, params }) => {
    const { slug, revision } = params;
    const found = await workbooks.findRevision(scope, slug, Number(revision));
    if (!found) throw new Fault("missing", `"${slug}" has no revision ${revision}`);
    return { slug, title: slug, ...found };
  }
);
