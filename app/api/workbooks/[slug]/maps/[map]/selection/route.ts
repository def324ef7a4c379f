import { parseSelectionRequest } from "#lib/wire/workbook.ts";
import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly map: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const picked = parseSelectionRequest(await request.json());
    const { slug, map } = await params;
    const { desk, scope } = workbench();
    return desk.select(await scope(), slug, map, picked);
  });
}
