import { originOf } from "#lib/wire/origin.ts";
import { parseAcceptRequest, parseTokenRequest } from "#lib/wire/people.ts";
import { answer } from "../../../answer.ts";
import { answerEntered } from "../../../entered.ts";

export const POST = answer("open", async ({ bench, request }) => {
  const { token, ...person } = parseAcceptRequest(await request.json());
  return answerEntered(await (await bench.openEntrance()).accept(token, person, originOf(request.headers)));
});

export const PUT = answer("signed-in", async ({ bench, scope, request }) => {
  const { token } = parseTokenRequest(await request.json());
  return (await bench.openEntrance()).join(scope, token);
});
