import { parseCreateRequest } from "#lib/wire/workbook.ts";
import { createWorkbook } from "#lib/work/edit-workbooks.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(): Promise<Response> {
  return answer(async () => {
    const { workbooks, scope } = workbench();
    return { workbooks: await workbooks.list(await scope()) };
  });
}

export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const { title, text } = parseCreateRequest(await request.json());
    const { workbooks, scope } = workbench();
    return createWorkbook(workbooks, await scope(), title, text);
  });
}
