import { originOf } from "#lib/wire/origin.ts";
import { parseResetRequest } from "#lib/wire/people.ts";
import { answer } from "../../answer.ts";
import { answerEntered } from "../../entered.ts";

export const POST = answer("open", async ({ bench, request }) => {
  const { token, password } = parseResetRequest(await request.json());
  return answerEntered(await (await bench.openEntrance()).reset(token, password, originOf(request.headers)));
});
