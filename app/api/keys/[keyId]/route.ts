import { answer } from "../../../answer.ts";

export const DELETE = answer<{ readonly keyId: string }>(
  "administer",
  async ({ bench: { ingestKeys }, scope, params }) => {
    await ingestKeys.revoke(scope, params.keyId);
  }
);
