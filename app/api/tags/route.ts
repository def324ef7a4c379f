import { parseTagRequest } from "#lib/wire/workbook.ts";
import { tagTraces } from "#lib/work/tag-traces.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const asked = parseTagRequest(await request.json());
    const bench = workbench();
    return tagTraces(bench, await bench.scope(), asked);
  });
}
