import { Fault, reportOf } from "#lib/model/fault.ts";
import { parseSaveRequest } from "#lib/wire/workbook.ts";
import { saveWorkbook } from "#lib/work/edit-workbooks.ts";
import { onWorkbook } from "../on-workbook.ts";

export const GET = onWorkbook("read", "view", async ({ bench: { workbooks }, scope, params }) => {
  const { slug } = params;
  const found = await workbooks.find(scope, slug);
  if (!found) throw new Fault("missing", `there is no workbook "${slug}"`);
  return found;
});

export const PUT = onWorkbook("run", "edit", async ({ bench: { workbooks }, scope, params, request }) => {
  const { text, baseRevision } = parseSaveRequest(await request.json());
  const outcome = await saveWorkbook(workbooks, scope, params.slug, text, baseRevision);
  if (outcome.kind === "saved") return outcome.workbook;
  const fault = reportOf(
    new Fault("conflict", `somebody saved revision ${outcome.current.revision} meanwhile`, {
      hint: "Compare both texts and choose."
    })
  );
  return Response.json({ fault, current: outcome.current }, { status: 409 });
});

export const DELETE = onWorkbook("run", "own", async ({ bench: { workbooks }, scope, params }) => {
  await workbooks.remove(scope, params.slug);
});
