import { Fault, reportOf } from "#lib/model/fault.ts";
import { parseSaveRequest } from "#lib/wire/workbook.ts";
import { saveWorkbook } from "#lib/work/edit-workbooks.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string }>;
}

export function GET(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { slug } = await params;
    const { workbooks, scope } = workbench();
    const found = await workbooks.find(await scope(), slug);
    if (!found) throw new Fault("missing", `there is no workbook "${slug}"`);
    return found;
  });
}

export function PUT(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { text, baseRevision } = parseSaveRequest(await request.json());
    const { workbooks, scope } = workbench();
    const outcome = await saveWorkbook(workbooks, await scope(), (await params).slug, text, baseRevision);
    if (outcome.kind === "saved") return outcome.workbook;
    const fault = reportOf(
      new Fault("conflict", `somebody saved revision ${outcome.current.revision} meanwhile`, {
        hint: "Compare both texts and choose."
      })
    );
    return Response.json({ fault, current: outcome.current }, { status: 409 });
  });
}

export function DELETE(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { workbooks, scope } = workbench();
    await workbooks.remove(await scope(), (await params).slug);
  });
}
