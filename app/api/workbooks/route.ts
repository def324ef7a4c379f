import { parseCreateRequest } from "#lib/wire/workbook.ts";
import { createWorkbook, nameWorkbook, nameWorkbooks } from "#lib/work/edit-workbooks.ts";
import { answer } from "../../answer.ts";

export const GET = answer("read", async ({ bench: { workbooks, people }, scope }) => {
  return { workbooks: await nameWorkbooks(people, await workbooks.list(scope)) };
});

export const POST = answer("run", async ({ bench: { workbooks, people }, scope, request }) => {
  const { title, text } = parseCreateRequest(await request.json());
  return nameWorkbook(people, await createWorkbook(workbooks, scope, title, text));
});
