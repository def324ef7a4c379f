import { onWorkbook } from "../../on-workbook.ts";

export const GET = onWorkbook("read", "view", async ({ bench: { workbooks }, scope, params }) => {
  return { revisions: await workbooks.listRevisions(scope, params.slug) };
});
