import { parseMembershipsRequest } from "#lib/wire/people.ts";
import { answer } from "../../../answer.ts";

type Params = { readonly userId: string };

export const PUT = answer<Params>("administer", async ({ bench: { people }, scope, params, request }) => {
  const { memberships } = parseMembershipsRequest(await request.json());
  return people.setMemberships(scope, params.userId, memberships);
});

export const DELETE = answer<Params>("administer", async ({ bench: { people }, scope, params }) => {
  await people.remove(scope, params.userId);
});
