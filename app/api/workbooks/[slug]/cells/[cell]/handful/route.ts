import { parseHandfulRequest } from "#lib/wire/bench.ts";
import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly cell: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseHandfulRequest(await request.json());
    const { slug: workbook, cell } = await params;
    const { bench, scope } = workbench();
    return bench.handful(
      await scope(),
      { workbook, cell, text: asked.text, params: asked.params },
      asked,
      request.signal
    );
  });
}
