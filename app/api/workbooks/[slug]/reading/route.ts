import { parseReadRequest } from "#lib/wire/workbook.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

export function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly slug: string }> }
): Promise<Response> {
  return answer(async () => {
    const { text } = parseReadRequest(await request.json());
    const { desk, scope } = workbench();
    return desk.read(await scope(), (await params).slug, text);
  });
}
