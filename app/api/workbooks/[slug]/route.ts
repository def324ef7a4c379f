import { Fault, reportOf } from "#lib/model/fault.ts";
import { noWorkbook } from "#lib/model/share.ts";
import { parseSaveRequest } from "#lib/wire/workbook.ts";
import { nameWorkbook, saveWorkbook } from "#lib/work/edit-workbooks.ts";
import { onWorkbook } from "../on-workbook.ts";

export const GET = onWorkbook("read", "view", async ({ bench: { workbooks, people }, scope, params: { slug } }) => {
  const found = await workbooks.find(scope, slug);
  if (!found) throw noWorkbook(slug);
  return nameWorkbook(people, found);
});

export const PUT = onWorkbook(
  "run",
  "edit",
  async ({ bench: { workbooks, people }, scope, params: { slug }, request }) => {
    const { text, baseRevision } = parseSaveRequest(await request.json());
    const outcome = await saveWorkbook(workbooks, scope, slug, text, baseRevision);
    if (outcome.kind === "saved") return nameWorkbook(people, outcome.workbook);
    const fault = reportOf(
      new Fault("conflict", `somebody saved revision ${outcome.current.revision} meanwhile`, {
        hint: "Compare both texts and choose."
      })
    );
    return Response.json({ fault, current: await nameWorkbook(people, outcome.current) }, { status: 409 });
  }
);

export const DELETE = onWorkbook("run", "own", async ({ bench: { workbooks }, scope, params }) => {
  await workbooks.remove(scope, params.slug);
});
