import { originOf } from "#lib/wire/origin.ts";
import { parseSignInRequest } from "#lib/wire/people.ts";
import { answer } from "../../answer.ts";
import { answerCookies, answerEntered } from "../../entered.ts";

export const POST = answer("open", async ({ bench, request }) => {
  const entrance = await bench.openEntrance();
  return answerEntered(await entrance.enter(parseSignInRequest(await request.json()), originOf(request.headers)));
});

export const DELETE = answer("open", async ({ bench, request: { headers } }) => {
  const entrance = await bench.openEntrance();
  return answerCookies(await entrance.leave(headers, originOf(headers)));
});
