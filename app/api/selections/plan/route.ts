import { parseSamplePlanRequest } from "#lib/wire/selections.ts";
import { planSample } from "#lib/work/fill-queue.ts";
import { answer } from "../../../answer.ts";

export const POST = answer("run", async ({ bench, scope, request }) => {
  const asked = parseSamplePlanRequest(await request.json());
  return planSample(bench, scope, asked);
});
