import { parseProviderRequest } from "#lib/wire/people.ts";
import { answer } from "../../../answer.ts";
import { answerCookies } from "../../../entered.ts";

export const POST = answer("open", async ({ bench, request }) => {
  const { from } = parseProviderRequest(await request.json());
  const { address, cookies } = await (await bench.openSignIn()).startProvider(from);
  return answerCookies(cookies, { address });
});
