import { administersAll, rolesToGive } from "../model/grant.ts";
import { type Asker, type Right, rights, scopeOf } from "../model/rights.ts";
import { type BusinessUnit, roles, type Scope } from "../model/scope.ts";
import type { ApiKeys } from "../ports/api-keys.ts";
import type { Invitations } from "../ports/invitations.ts";
import type { People, Units } from "../ports/people.ts";
import type { SignIn } from "../ports/sign-in.ts";
import type { AccountReply, PeopleReply } from "../wire/people.ts";

/** What the page of people stands on. */
export interface PeoplePageDoors {
  readonly people: People;
  readonly units: Units;
  readonly invitations: Invitations;
}

/** Everybody and every unit that somebody administers. @param scope  of the right `administer` */
export async function readPeoplePage(doors: PeoplePageDoors, scope: Scope): Promise<PeopleReply> {
  const [people, invitations, named] = await Promise.all([
    doors.people.list(scope),
    doors.invitations.list(scope),
    doors.units.list()
  ]);
  const known = new Map(named.map((unit) => [unit.businessUnit, unit]));
  const own = scope.businessUnits.map(
    (businessUnit) => known.get(businessUnit) ?? { businessUnit, title: businessUnit, removedAtMs: null }
  );
  const removed = administersAll(scope) ? named.filter(({ removedAtMs }) => removedAtMs !== null) : [];
  return {
    userId: scope.userId,
    people,
    invitations,
    units: [...own, ...removed],
    roles: rolesToGive(scope, roles),
    administersAll: administersAll(scope)
  };
}

/** What is somebody's own: who they are, where they are signed in, their keys. */
export async function readAccount(
  doors: { readonly people: People; readonly apiKeys: ApiKeys } & Pick<SignIn, "listSessions">,
  asker: Asker,
  units: readonly BusinessUnit[]
): Promise<AccountReply> {
  // A key is not told of the others, nor of where its owner is.
  const isPerson = asker.via.kind === "user";
  const [person, keys, sessions] = await Promise.all([
    doors.people.find(asker.userId),
    isPerson ? doors.apiKeys.list(asker.userId) : [],
    isPerson && asker.via.method !== "local" ? doors.listSessions(asker.userId) : []
  ]);
  const scopes = new Map(rights.map((right) => [right, scopeOf(asker, right, units)]));
  const isHeld = (right: Right) => {
    const scope = scopes.get(right);
    return scope !== undefined && (scope.businessUnits.length > 0 || scope.roles.length > 0);
  };
  const only = asker.limits?.businessUnits;
  return {
    userId: asker.userId,
    name: asker.name,
    email: person?.email ?? null,
    memberships: asker.memberships.filter(({ businessUnit }) => only?.includes(businessUnit) ?? true),
    sessions,
    sessionId: asker.via.sessionId,
    keys,
    rights: rights.filter(isHeld),
    businessUnits: scopeOf(asker, null, units).businessUnits
  };
}
