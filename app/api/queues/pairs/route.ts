import { parsePairsRequest } from "#lib/wire/pairs.ts";
import { fillPairs } from "#lib/work/fill-pairs.ts";
import { answer } from "../../../answer.ts";

export const POST = answer("administer", async ({ bench, scope, request }) => {
  const asked = parsePairsRequest(await request.json());
  return fillPairs(bench, scope, asked);
});
