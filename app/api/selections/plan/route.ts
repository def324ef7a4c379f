import { parseSamplePlanRequest } from "#lib/wire/selections.ts";
import { planSample } from "#lib/work/fill-queue.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const asked = parseSamplePlanRequest(await request.json());
    const bench = workbench();
    return planSample(bench, await bench.scope(), asked);
  });
}
