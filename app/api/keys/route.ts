import { type KeysReply, type MadeKeyReply, parseKeyRequest } from "#lib/wire/keys.ts";
import { answer } from "../../answer.ts";

export const GET = answer("administer", async ({ bench: { ingestKeys }, scope }): Promise<KeysReply> => {
  const keys = (await ingestKeys.list(scope)).map((key) => ({
    ...key,
    lastUsedAtMs: ingestKeys.lastUsedAtMs(key.keyId)
  }));
  return { keys, businessUnits: scope.businessUnits, mayName: scope.roles.includes("admin") };
});

export const POST = answer("administer", async ({ bench: { ingestKeys }, scope, request }): Promise<MadeKeyReply> => {
  const asked = parseKeyRequest(await request.json());
  return ingestKeys.create(scope, asked);
});
