import { answer } from "../../../answer.ts";

export const DELETE = answer<{ readonly invitationId: string }>("administer", async ({ bench, scope, params }) => {
  await bench.invitations.revoke(scope, params.invitationId);
});
