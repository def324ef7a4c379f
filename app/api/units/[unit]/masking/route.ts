import { parseMasksRequest } from "#lib/wire/masks.ts";
import { changeMask, listMasks } from "#lib/work/mask-rules.ts";
import { answer } from "../../../../answer.ts";

interface Params {
  readonly unit: string;
}

export const GET = answer<Params>("administer", ({ bench, scope, params }) => listMasks(bench, scope, params.unit));

export const PUT = answer<Params>("administer", async ({ bench, scope, params, request }) => {
  return changeMask(bench, scope, params.unit, parseMasksRequest(await request.json()));
});
