import { type LinkReply, parseInvitationRequest } from "#lib/wire/people.ts";
import { answer } from "../../answer.ts";

export const POST = answer("administer", async ({ bench, scope, request }): Promise<LinkReply> => {
  const { made, token } = await bench.invitations.create(scope, parseInvitationRequest(await request.json()));
  return {
    link: `${bench.config.publicUrl}/invitation/${token}`,
    email: made.email,
    expiresAtMs: made.expiresAtMs
  };
});
