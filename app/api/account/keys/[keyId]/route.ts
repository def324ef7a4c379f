import { answer } from "../../../../answer.ts";

export const DELETE = answer<{ readonly keyId: string }>("signed-in", async ({ bench: { apiKeys }, scope, params }) => {
  await apiKeys.revoke(scope, params.keyId);
});
