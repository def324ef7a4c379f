import { type KeysReply, type MadeKeyReply, parseKeyRequest } from "#lib/wire/keys.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(): Promise<Response> {
  return answer(async (): Promise<KeysReply> => {
    const { ingestKeys, scope } = workbench();
    const owner = await scope();
    const keys = (await ingestKeys.list(owner)).map((key) => ({
      ...key,
      lastUsedAtMs: ingestKeys.lastUsedAtMs(key.keyId)
    }));
    return { keys, businessUnits: owner.businessUnits, mayName: owner.roles.includes("admin") };
  });
}

export function POST(request: Request): Promise<Response> {
  return answer(async (): Promise<MadeKeyReply> => {
    const asked = parseKeyRequest(await request.json());
    const { ingestKeys, scope } = workbench();
    return ingestKeys.create(await scope(), asked);
  });
}
