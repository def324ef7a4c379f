import { parseCreateRequest } from "#lib/wire/workbook.ts";
import { createWorkbook } from "#lib/work/edit-workbooks.ts";
import { answer } from "../../answer.ts";

export const GET = answer("read", async ({ bench: { workbooks }, scope }) => {
  return { workbooks: await workbooks.list(scope) };
});

export const POST = answer("run", async ({ bench: { workbooks }, scope, request }) => {
  const { title, text } = parseCreateRequest(await request.json());
  return createWorkbook(workbooks, scope, title, text);
});
