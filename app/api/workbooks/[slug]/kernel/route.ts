import { onWorkbook } from "../../on-workbook.ts";

export const GET = onWorkbook("run", "view", async ({ bench: { desk }, scope, params }) => {
  return desk.state(scope, params.slug);
});
