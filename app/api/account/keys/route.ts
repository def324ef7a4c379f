import { type MadeApiKeyReply, parseApiKeyRequest } from "#lib/wire/people.ts";
import { answer } from "../../../answer.ts";

export const POST = answer("signed-in", async ({ bench: { apiKeys }, scope, request }): Promise<MadeApiKeyReply> => {
  return apiKeys.create(scope, parseApiKeyRequest(await request.json()));
});
