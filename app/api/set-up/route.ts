import { originOf } from "#lib/wire/origin.ts";
import { parseSetUpRequest } from "#lib/wire/people.ts";
import { answer } from "../../answer.ts";
import { answerEntered } from "../../entered.ts";

export const POST = answer("open", async ({ bench, request }) => {
  const entrance = await bench.openEntrance();
  return answerEntered(await entrance.setUp(parseSetUpRequest(await request.json()), originOf(request.headers)));
});
