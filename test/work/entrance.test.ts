import { beforeEach, expect, test } from "vitest";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Invitation, Person, SignInSession } from "#lib/model/person.ts";
import type { Scope } from "#lib/model/scope.ts";
import { Entrance } from "#lib/work/entrance.ts";

const origin = { ip: "192.0.2.1", userAgent: "a browser" };
const good = "correct horse battery";
const session: SignInSession = {
  ...{ sessionId: "s1", userId: "ada", method: "password", createdAtMs: 0, expiresAtMs: 9, ip: null, userAgent: null }
};
const ada: Person = { userId: "ada", email: "ada@example.com", name: "Ada", createdAtMs: 0, memberships: [] };
const asker = (kind: "user" | "key" = "user"): Scope => ({
  ...{ userId: "ada", roles: [], businessUnits: [] },
  via: { kind, method: "password", sessionId: "s1", ...origin, requestId: "r", roles: [] }
});
const invitation: Invitation = {
  ...{ invitationId: "i1", email: "ada@example.com", memberships: [], userId: "owner", createdAtMs: 0, expiresAtMs: 9 }
};

let done: string[];
let audited: { scope: Scope; entry: NewAuditEntry }[];
let entrance: Entrance;
beforeEach(() => {
  done = [];
  audited = [];
  const tries = new Map<string, number>();
  const passwords = new Map([["ada@example.com", good]]);
  const note = (text: string) => done.push(text);
  entrance = new Entrance({
    signIn: {
      providerName: null,
      enter: async (email, password) =>
        passwords.get(email) === password ? { userId: "ada", session, cookies: [`in as ${email}`] } : null,
      verify: async (_, password) => password === good,
      hashPassword: async (password) => `hash of ${password}`,
      async setPassword(userId, hash, except) {
        note(`${userId}: ${hash}, all but ${except}`);
      },
      startProvider: () => Promise.reject(new Error("unused")),
      finishProvider: async (request) =>
        new Response(null, { headers: request.url.endsWith("good") ? { "set-cookie": "x=y; Path=/" } : {} }),
      findSession: async (headers) => (headers.get("cookie") ? session : null),
      leave: async () => ["gone"],
      listSessions: async () => [],
      endSession: async () => undefined,
      endSessions: async () => undefined
    },
    signInAttempts: {
      async begin(email) {
        tries.set(email, (tries.get(email) ?? 0) + 1);
        if (tries.get(email)! > 5) throw new Fault("limit", "too many");
      },
      succeed: async (email) => void tries.delete(email)
    },
    people: {
      hasAny: async () => false,
      async createFirst(_, { email, name, passwordHash }) {
        note(`first ${email} ${name} ${passwordHash}`);
        passwords.set(email, good);
        return ada;
      },
      createAdmin: () => Promise.reject(new Error("unused")),
      find: async (userId) => (userId === "ada" ? ada : undefined),
      findByEmail: async () => undefined,
      list: async () => [],
      setMemberships: () => Promise.reject(new Error("unused")),
      remove: () => Promise.reject(new Error("unused")),
      namesOf: async () => new Map()
    },
    invitations: {
      create: () => Promise.reject(new Error("unused")),
      list: async () => [],
      revoke: async () => undefined,
      async find(token) {
        if (token === "for bob") return { ...invitation, email: "bob@example.com" };
        if (token === "open") return invitation;
        throw new Fault("missing", "over");
      },
      findFor: async () => undefined,
      async accept(_, token, { name, passwordHash }) {
        note(`accepted ${token} ${name} ${passwordHash}`);
        return ada;
      },
      async acceptAs({ userId }, invitationId) {
        note(`${userId} took ${invitationId}`);
        return ada;
      }
    },
    resetLinks: {
      create: () => Promise.reject(new Error("unused")),
      find: async () => ada,
      async use(_, token, hash) {
        note(`used ${token} ${hash}`);
        return ada;
      }
    },
    audit: {
      async record(scope, entry) {
        audited.push({ scope, entry });
      }
    },
    clock: { nowMs: () => 1000, newId: () => "request" }
  });
});

test("a right password is somebody, a wrong one and an unknown address get the same sentence, and all are recorded", async () => {
  expect((await entrance.enter({ email: " ADA@example.com", password: good }, origin)).cookies).toEqual([
    "in as ada@example.com"
  ]);
  const wrong = await entrance.enter({ email: "ada@example.com", password: "x" }, origin).catch((e: unknown) => e);
  const unknown = await entrance.enter({ email: "bob@example.com", password: "x" }, origin).catch((e: unknown) => e);
  const long = await entrance.enter({ email: "ada@example.com", password: "x".repeat(600) }, origin).catch((e) => e);
  expect(wrong).toMatchObject({ code: "denied" });
  expect([(unknown as Error).message, (long as Error).message]).toEqual(Array(2).fill((wrong as Error).message));
  expect(audited.map(({ entry, scope }) => [entry.action, entry.outcome ?? "success", scope.userId])).toEqual([
    ["session.start", "success", "ada"],
    ...Array(3).fill(["session.start", "denied", ""])
  ]);
  expect(JSON.stringify(audited)).not.toContain("bob@");
  await expect(entrance.enter({ email: "nobody", password: "x" }, origin)).rejects.toMatchObject({ code: "invalid" });
});

test("too many wrong ones are told how long to wait, the right one among them too", async () => {
  for (let at = 0; at < 5; at++)
    await entrance.enter({ email: "ada@example.com", password: "x" }, origin).catch(() => undefined);
  await expect(entrance.enter({ email: "ada@example.com", password: good }, origin)).rejects.toMatchObject({
    code: "limit",
    message: "too many"
  });
  expect(audited.at(-1)?.entry).toMatchObject({ outcome: "denied", reason: "too many wrong passwords" });
});

test("the first account and an invitation check what is typed, then sign in", async () => {
  await entrance.setUp({ email: "Eve@example.com", name: " Eve ", password: good }, origin);
  expect(done).toEqual([`first eve@example.com Eve hash of ${good}`]);
  await entrance.accept("open", { name: "Ada", password: good }, origin);
  expect(done[1]).toBe(`accepted open Ada hash of ${good}`);
  for (const sent of [
    { password: "short" },
    { password: "aaaaaaaaaaaa" },
    { password: "ada@example.com" },
    { name: "" }
  ])
    await expect(entrance.accept("open", { name: "A", password: good, ...sent }, origin)).rejects.toMatchObject({
      code: "invalid"
    });
  await expect(entrance.accept("old", { name: "A", password: good }, origin)).rejects.toMatchObject({
    code: "missing"
  });
});

test("an invitation is joined by the one it names, with a session and not with a key", async () => {
  await entrance.join(asker(), "open");
  expect(done).toEqual(["ada took i1"]);
  await expect(entrance.join(asker(), "for bob")).rejects.toMatchObject({ code: "denied" });
  await expect(entrance.join(asker("key"), "open")).rejects.toMatchObject({ message: "sign in first" });
});

test("a password is changed by who knows it, and a link sets another", async () => {
  await entrance.changePassword(asker(), { current: good, next: "another long one" }, origin);
  expect(done).toEqual(["ada: hash of another long one, all but s1"]);
  await expect(
    entrance.changePassword(asker(), { current: "wrong", next: "another long one" }, origin)
  ).rejects.toMatchObject({ code: "denied" });
  await expect(entrance.changePassword(asker(), { current: good, next: "short" }, origin)).rejects.toMatchObject({
    code: "invalid"
  });
  await entrance.reset("link", good, origin);
  expect(done[1]).toBe(`used link hash of ${good}`);
});

test("a session of one's own is ended by oneself, those of others by who administers every unit", async () => {
  await entrance.endSession(asker(), "s2");
  await expect(entrance.endSession(asker("key"), "s2")).rejects.toMatchObject({ message: "sign in first" });
  await expect(entrance.endSessions(asker(), "eve")).rejects.toMatchObject({ code: "denied" });
  await entrance.endSessions({ ...asker(), roles: ["admin"] }, "eve");
  expect(audited.map(({ entry }) => [entry.action, entry.object.id])).toEqual([
    ["session.end", "s2"],
    ["session.end", "eve"]
  ]);
});

test("who leaves is recorded, and who was not in is not", async () => {
  expect(await entrance.leave(new Headers(), origin)).toEqual(["gone"]);
  expect(audited).toEqual([]);
  await entrance.leave(new Headers({ cookie: "x" }), origin);
  expect(audited.map(({ entry }) => entry.action)).toEqual(["session.end"]);
});

test("whom a provider vouches for is recorded, and whom it does not too", async () => {
  for (const end of ["good", "bad"]) await entrance.finishProvider(new Request(`http://127.0.0.1/${end}`), origin);
  expect(audited.map(({ entry, scope }) => [entry.action, entry.outcome ?? "success", scope.userId])).toEqual([
    ["session.start", "success", "ada"],
    ["session.start", "denied", ""]
  ]);
});
