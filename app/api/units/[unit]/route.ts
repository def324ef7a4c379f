import { parseUnitRequest } from "#lib/wire/people.ts";
import { answer } from "../../../answer.ts";

type Params = { readonly unit: string };

export const PUT = answer<Params>("administer", async ({ bench: { units }, scope, params, request }) => {
  const { title } = parseUnitRequest(await request.json());
  return units.save(scope, params.unit, title);
});

export const DELETE = answer<Params>("administer", async ({ bench: { units }, scope, params }) => {
  await units.remove(scope, params.unit);
});
