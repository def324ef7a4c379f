import { type Right, scopeOf } from "#lib/model/rights.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { People } from "#lib/ports/people.ts";
import { localOwner } from "./who-asks.ts";

/** What somebody's rights are found with. */
export interface ScopeOfUserDoors {
  readonly people: Pick<People, "find" | "hasAny">;
  readonly clock: Pick<Clock, "newId">;
  listUnits(): Promise<readonly BusinessUnit[]>;
}

/**
 * What one right gives somebody at this moment, for work that goes on in their name while they are away. Who has left
 * has nothing; the local owner has everything as long as nobody has an account.
 */
export async function scopeOfUser(
  { people, clock, listUnits }: ScopeOfUserDoors,
  userId: string,
  right: Right
): Promise<Scope> {
  const [person, units] = await Promise.all([people.find(userId), listUnits()]);
  const owner = localOwner({ kind: "system", method: "program", requestId: clock.newId() });
  if (!person && userId === owner.userId && !(await people.hasAny())) return scopeOf(owner, right, units);
  const memberships = person?.memberships ?? [];
  const roles = memberships.map(({ businessUnit, role }) => `${businessUnit}:${role}`);
  return scopeOf({ userId, name: person?.name ?? userId, memberships, via: { ...owner.via, roles } }, right, units);
}
