import { parseMaskTrialRequest } from "#lib/wire/masks.ts";
import { tryMask } from "#lib/work/mask-rules.ts";
import { answer } from "../../../../../answer.ts";

export const POST = answer<{ readonly unit: string }>("administer", async ({ bench, scope, params, request }) => {
  return { text: await tryMask(bench, scope, params.unit, parseMaskTrialRequest(await request.json())) };
});
