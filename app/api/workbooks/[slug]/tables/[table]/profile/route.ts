import { onWorkbook } from "../../../../on-workbook.ts";

export const GET = onWorkbook<{ readonly slug: string; readonly table: string }>(
  "run",
  "view",
  async ({ bench: { desk }, scope, params }) => {
    const { slug, table } = params;
    return desk.profile(scope, slug, table);
  }
);
