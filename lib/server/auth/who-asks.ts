import { type ApiKey, type Origin, type Person, type SignInSession, signInFirst } from "#lib/model/person.ts";
import { type Asker, everyUnit, type Membership } from "#lib/model/rights.ts";
import type { Via } from "#lib/model/scope.ts";
import type { ApiKeys } from "#lib/ports/api-keys.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { People } from "#lib/ports/people.ts";
import type { SignIn } from "#lib/ports/sign-in.ts";
import { originOf } from "#lib/wire/origin.ts";
import { sessionCookie } from "./names.ts";

const ownerId = "owner";
const ownerMemberships: readonly Membership[] = [{ businessUnit: everyUnit, role: "admin" }];

/** Who works at this machine: everything is theirs. */
export function localOwner(via: Pick<Via, "kind" | "method" | "requestId"> & Partial<Origin>): Asker {
  return askerOf({ userId: ownerId, name: ownerId, memberships: ownerMemberships }, { ...via, sessionId: null });
}

/**
 * Finds out who asks: by a key, by the cookie of a session, or, as long as there is no account and only this machine
 * reaches the port, the local owner. What they may do is read anew each time, so that a lost role holds at once.
 */
export function openWhoAsks(
  { people, apiKeys, clock }: { readonly people: People; readonly apiKeys: ApiKeys; readonly clock: Clock },
  openSignIn: () => Promise<Pick<SignIn, "findSession">>,
  isLoopback: boolean
): (headers: Headers) => Promise<Asker> {
  /** Once there is an account there is always one. */
  let hasAccounts = false;
  const isLocal = async () => {
    hasAccounts ||= await people.hasAny();
    return isLoopback && !hasAccounts;
  };

  const ofKey = async (key: ApiKey, via: Pick<Via, "requestId"> & Origin): Promise<Asker> => {
    const owner =
      (await people.find(key.userId)) ??
      (key.userId === ownerId && (await isLocal()) ? localOwner({ kind: "key", method: "key", ...via }) : undefined);
    if (!owner) throw signInFirst();
    const { rights, businessUnits, keyId } = key;
    return {
      ...askerOf(owner, { kind: "key", method: "key", sessionId: keyId, ...via }),
      limits: { rights, businessUnits }
    };
  };

  const ofSession = async (session: SignInSession, via: Pick<Via, "requestId"> & Origin): Promise<Asker> => {
    const person = await people.find(session.userId);
    if (!person) throw signInFirst();
    return askerOf(person, { kind: "user", method: session.method, sessionId: session.sessionId, ...via });
  };

  return async (headers) => {
    const via = { requestId: clock.newId(), ...originOf(headers) };
    const secret = /^Bearer +(tb_\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
    if (secret !== undefined) {
      const key = await apiKeys.find(secret);
      if (!key) throw signInFirst();
      return ofKey(key, via);
    }
    // Sign-in is read into memory only where somebody brings a cookie of it.
    const session =
      sessionCookie.test(headers.get("cookie") ?? "") && (await (await openSignIn()).findSession(headers));
    if (session) return ofSession(session, via);
    if (await isLocal()) return localOwner({ kind: "user", method: "local", ...via });
    throw signInFirst();
  };
}

function askerOf(
  { userId, name, memberships }: Pick<Person, "userId" | "name" | "memberships">,
  via: Omit<Via, "roles" | "ip" | "userAgent"> & Partial<Origin>
): Asker {
  return {
    userId,
    name,
    memberships,
    via: {
      ip: null,
      userAgent: null,
      ...via,
      roles: memberships.map(({ businessUnit, role }) => `${businessUnit}:${role}`)
    }
  };
}
