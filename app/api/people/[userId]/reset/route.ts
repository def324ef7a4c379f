import type { LinkReply } from "#lib/wire/people.ts";
import { answer } from "../../../../answer.ts";

export const POST = answer<{ readonly userId: string }>(
  "administer",
  async ({ bench, scope, params }): Promise<LinkReply> => {
    const { made, token, expiresAtMs } = await bench.resetLinks.create(scope, params.userId);
    return { link: `${bench.config.publicUrl}/reset/${token}`, email: made.email, expiresAtMs };
  }
);
