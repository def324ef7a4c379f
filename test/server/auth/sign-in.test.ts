import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeOf } from "#lib/model/rights.ts";
import type { SignIn } from "#lib/ports/sign-in.ts";
import { openSignInDoors } from "#lib/server/auth/doors.ts";
import { readSecret } from "#lib/server/auth/secret.ts";
import { openSignIn } from "#lib/server/auth/sign-in.ts";
import { openWhoAsks } from "#lib/server/auth/who-asks.ts";
import { systemClock } from "#lib/server/clock.ts";
import { migrations } from "#lib/server/state/migrations.ts";
import { openState, type State } from "#lib/server/state/state.ts";
import { startProvider, type TestProvider } from "./provider.ts";

const origin = { ip: "192.0.2.7", userAgent: "a browser" };
const all = { userId: "owner", roles: ["admin"], businessUnits: [] } as const;
const password = "correct horse battery";
const publicUrl = "https://trace.example.com";

/** The `Cookie` line that a browser would send after `Set-Cookie` lines. */
const cookieOf = (lines: readonly string[]) => lines.map((line) => line.split(";", 1)[0]).join("; ");
const headersOf = (lines: readonly string[]) => new Headers({ cookie: cookieOf(lines) });

let folder: string;
let state: State;
let provider: TestProvider;
let signIn: SignIn;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracebook-sign-in-"));
  state = await openState({ dataFolder: folder, databaseUrl: null }, systemClock);
  provider = await startProvider();
  signIn = await openSignIn({
    ...{ db: state.db, clock: systemClock, invitations: state.invitations, secret: "s".repeat(43), publicUrl },
    provider: { ...provider, name: "Company", domains: ["example.org"], trustsEmail: false }
  });
});
afterAll(async () => {
  await provider.stop();
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

describe("who asks", () => {
  const open = (isLoopback: boolean) => openWhoAsks({ ...state, clock: systemClock }, async () => signIn, isLoopback);
  const request = (headers: Record<string, string> = {}) => new Headers(headers);

  test("without an account it is the owner where only this machine reaches the port, and nobody elsewhere", async () => {
    expect(await open(true)(request())).toMatchObject({
      userId: "owner",
      memberships: [{ businessUnit: "*", role: "admin" }],
      via: { kind: "user", method: "local", roles: ["*:admin"] }
    });
    await expect(open(false)(request())).rejects.toMatchObject({ code: "denied", message: "sign in first" });
    const { secret } = await state.apiKeys.create(all, {
      ...{ name: "k", rights: ["read"], businessUnits: null, days: 1 }
    });
    expect((await open(true)(request({ authorization: `Bearer ${secret}` }))).userId).toBe("owner");
    await expect(open(false)(request({ authorization: `Bearer ${secret}` }))).rejects.toMatchObject({ code: "denied" });
  });

  test("a session is somebody until it is ended, and a replayed cookie is nobody", async () => {
    await state.people.createFirst(all, {
      ...{ email: "ada@example.com", name: "Ada", passwordHash: await signIn.hashPassword(password) }
    });
    const whoAsks = open(true);
    await expect(whoAsks(request())).rejects.toMatchObject({ message: "sign in first" });
    const entered = (await signIn.enter("Ada@Example.com", password, origin))!;
    expect(entered.session).toMatchObject({ userId: "owner", method: "password", ...origin });
    expect(entered.cookies.join()).toMatch(/^__Host-tracebook_session=/);
    for (const part of [/HttpOnly/i, /SameSite=Lax/i, /Secure/i, /Path=\//i]) expect(entered.cookies[0]).toMatch(part);
    const cookie = cookieOf(entered.cookies);
    const { via, ...asker } = await whoAsks(request({ cookie, "x-tracebook-address": "192.0.2.9" }));
    expect(asker).toMatchObject({ userId: "owner", name: "Ada" });
    expect(via).toMatchObject({ sessionId: entered.session.sessionId, ip: "192.0.2.9", roles: ["*:admin"] });
    const forged = cookie.replace(/\.[^.]{4}/, ".AAAA");
    await expect(whoAsks(request({ cookie: forged }))).rejects.toMatchObject({ message: "sign in first" });
    expect((await signIn.leave(new Headers({ cookie }))).join()).toMatch(/Max-Age=0/);
    await expect(whoAsks(request({ cookie }))).rejects.toMatchObject({ message: "sign in first" });
  });

  test("a lost role holds at the next request, and a closed account is nobody", async () => {
    const { token } = await state.invitations.create(all, {
      ...{ email: "eve@example.com", memberships: [{ businessUnit: "sales", role: "expert" }] }
    });
    const eve = await state.invitations.accept(all, token, {
      name: "Eve",
      passwordHash: await signIn.hashPassword(password)
    });
    const { cookies } = (await signIn.enter("eve@example.com", password, origin))!;
    const whoAsks = open(true);
    const ask = () => whoAsks(request({ cookie: cookieOf(cookies) }));
    expect(scopeOf(await ask(), "read", ["sales"]).businessUnits).toEqual(["sales"]);
    await state.people.setMemberships(all, eve.userId, [{ businessUnit: "sales", role: "viewer" }]);
    expect(scopeOf(await ask(), "read", ["sales"]).businessUnits).toEqual([]);
    await state.people.remove(all, eve.userId);
    await expect(ask()).rejects.toMatchObject({ message: "sign in first" });
  });

  test("a key does what it names and what its owner may do now, and no more", async () => {
    const { token } = await state.invitations.create(all, {
      ...{ email: "kay@example.com", memberships: [{ businessUnit: "sales", role: "scientist" }] }
    });
    const kay = await state.invitations.accept(all, token, { name: "Kay", passwordHash: "none" });
    const { secret } = await state.apiKeys.create(
      { ...all, userId: kay.userId },
      {
        ...{ name: "job", rights: ["read", "export", "administer"], businessUnits: ["sales", "support"], days: 1 }
      }
    );
    const ask = () => open(true)(request({ authorization: `Bearer ${secret}` }));
    const units = ["sales", "support"];
    const asker = await ask();
    expect(asker.via).toMatchObject({ kind: "key", method: "key" });
    expect(scopeOf(asker, "export", units)).toMatchObject({ userId: kay.userId, businessUnits: ["sales"], roles: [] });
    expect(scopeOf(asker, "run", units).businessUnits).toEqual([]);
    expect(scopeOf(asker, "administer", units).businessUnits).toEqual([]);
    expect(scopeOf(asker, null, units).businessUnits).toEqual(["sales"]);
    await state.people.setMemberships(all, kay.userId, [...([{ businessUnit: "*", role: "admin" }] as const)]);
    const admin = scopeOf(await ask(), "administer", [...units, "legal"]);
    expect(admin).toMatchObject({ businessUnits: units, roles: [] });
    await state.people.setMemberships(all, kay.userId, []);
    expect(scopeOf(await ask(), "export", units).businessUnits).toEqual([]);
    await expect(open(true)(request({ authorization: "Bearer tb_unknown" }))).rejects.toMatchObject({ code: "denied" });
  });
});

describe("a password", () => {
  test("that is wrong and one of nobody get the same answer", async () => {
    expect(await signIn.enter("ada@example.com", "wrong", origin)).toBeNull();
    expect(await signIn.enter("nobody@example.com", "wrong", origin)).toBeNull();
    expect(await signIn.enter("no address", "wrong", origin)).toBeNull();
    expect(await signIn.verify("owner", password)).toBe(true);
    expect(await signIn.verify("owner", "wrong")).toBe(false);
    expect(await signIn.verify("nobody", password)).toBe(false);
  });

  test("that is changed ends the other sessions, and sessions end one by one or all", async () => {
    const [first, second, third] = [
      (await signIn.enter("ada@example.com", password, origin))!,
      (await signIn.enter("ada@example.com", password, origin))!,
      (await signIn.enter("ada@example.com", password, origin))!
    ];
    expect((await signIn.listSessions("owner")).length).toBe(3);
    await signIn.endSession("owner", second.session.sessionId);
    await expect(signIn.endSession("kay", third.session.sessionId)).rejects.toMatchObject({ code: "missing" });
    await signIn.setPassword("owner", await signIn.hashPassword("another password"), first.session.sessionId);
    expect((await signIn.listSessions("owner")).map(({ sessionId }) => sessionId)).toEqual([first.session.sessionId]);
    expect(await signIn.findSession(headersOf(third.cookies))).toBeNull();
    expect(await signIn.findSession(new Headers())).toBeNull();
    expect(await signIn.enter("ada@example.com", password, origin)).toBeNull();
    await signIn.endSessions("owner");
    expect(await signIn.findSession(headersOf(first.cookies))).toBeNull();
  });
});

describe("a provider that vouches for people", () => {
  /** The whole way round. @returns where the browser ends up, and what it holds then */
  const go = async (next: TestProvider["next"], tamper: (back: URL, cookies: string[]) => void = () => undefined) => {
    provider.next = next;
    const { address, cookies } = await signIn.startProvider("/traces?sort=-cost");
    const back = provider.authorize(address);
    expect(`${back.origin}${back.pathname}`).toBe(`${publicUrl}/api/sign-in/provider/callback/oidc`);
    const held = [...cookies];
    tamper(back, held);
    // Behind a proxy the server sees another address than the browser.
    const seen = new Request(`http://127.0.0.1:3000${back.pathname}${back.search}`, { headers: headersOf(held) });
    const answer = await signIn.finishProvider(seen);
    expect(answer.status).toBe(302);
    const location = new URL(answer.headers.get("location") ?? "", publicUrl);
    return {
      path: location.pathname + (location.searchParams.has("error") ? "" : location.search),
      error: location.searchParams.get("error"),
      session: await signIn.findSession(headersOf(answer.headers.getSetCookie()))
    };
  };

  test("lets in whom an invitation names, with what it promised, once and again", async () => {
    await state.invitations.create(all, {
      ...{ email: "ida@example.com", memberships: [{ businessUnit: "sales", role: "expert" }] }
    });
    const first = await go({ email: "ida@example.com", name: "Ida" });
    expect(first).toMatchObject({ path: "/traces?sort=-cost", error: null, session: { method: "oidc" } });
    const ida = await state.people.findByEmail("ida@example.com");
    expect(ida).toMatchObject({ name: "Ida", memberships: [{ businessUnit: "sales", role: "expert" }] });
    expect(first.session?.userId).toBe(ida?.userId);
    expect((await go({ email: "ida@example.com" })).session?.userId).toBe(ida?.userId);
    const kept = await state.db.selectFrom("sign_in_accounts").selectAll().where("user_id", "=", ida!.userId).execute();
    expect(kept).toMatchObject([{ access_token: null, id_token: null, refresh_token: null, password: null }]);
  });

  test("lets in a configured domain without any right, and nobody else", async () => {
    expect((await go({ email: "guest@example.org" })).session).not.toBeNull();
    expect((await state.people.findByEmail("guest@example.org"))?.memberships).toEqual([]);
    expect(await go({ email: "guest@example.net" })).toEqual({ path: "/sign-in", error: "not_invited", session: null });
    expect(await go({ email: "guest@not.example.org" })).toMatchObject({ error: "not_invited" });
    expect(await go({ email: "other@example.org", verified: false })).toMatchObject({ error: "email_not_verified" });
    expect(await state.people.findByEmail("other@example.org")).toBeUndefined();
  });

  test("signs in an account that has a password, where it says to have verified the address", async () => {
    expect((await go({ email: "ada@example.com" })).session?.userId).toBe("owner");
    expect((await go({ email: "kay@example.com", verified: false })).session).toBeNull();
  });

  for (const defect of ["nonce", "signature", "audience", "verifier"] as const)
    test(`is refused with a wrong ${defect}`, async () => {
      const { path, error, session } = await go({ email: "guest@example.org", defect });
      expect([path, session]).toEqual(["/sign-in", null]);
      expect(error).not.toBeNull();
    });

  test("is refused without the state, with another's, and a second time", async () => {
    const lost = await go({ email: "guest@example.org" }, (_, cookies) => cookies.splice(0));
    expect(lost).toMatchObject({ path: "/sign-in", session: null });
    const other = await go({ email: "guest@example.org" }, (back) => back.searchParams.set("state", "another"));
    expect(other).toMatchObject({ path: "/sign-in", session: null });
    provider.next = { email: "guest@example.org" };
    const { address, cookies } = await signIn.startProvider("/");
    const back = provider.authorize(address);
    const ask = () => signIn.finishProvider(new Request(back, { headers: headersOf(cookies) }));
    expect((await ask()).headers.get("location")).toBe("/");
    expect((await ask()).headers.get("location")).toContain("error=");
  });

  test("that does not answer is a fault that leaves the password", async () => {
    const ground = {
      db: state.db,
      clock: systemClock,
      invitations: state.invitations,
      secret: "s".repeat(43),
      publicUrl
    };
    const gone = { ...provider, issuer: "http://127.0.0.1:9", name: "Gone", domains: [], trustsEmail: false };
    await expect((await openSignIn({ ...ground, provider: gone })).startProvider("/")).rejects.toMatchObject({
      code: "broken",
      message: "Gone does not answer"
    });
    await expect((await openSignIn({ ...ground, provider: null })).startProvider("/")).rejects.toMatchObject({
      code: "missing"
    });
  });
});

test("sessions that were kept with their tokens end when the state is brought up to date", async () => {
  await state.db.schema.dropTable("sign_in_attempts").execute();
  expect((await state.db.selectFrom("sign_in_sessions").selectAll().execute()).length).toBeGreaterThan(0);
  await migrations["025-sign-in"]?.up(state.db);
  expect(await state.db.selectFrom("sign_in_sessions").selectAll().execute()).toEqual([]);
});

test("the secret is made once, by one of many, for its owner's eyes", async () => {
  const dataFolder = join(folder, "secret");
  const made = await Promise.all([1, 2, 3].map(() => readSecret({ secret: null, dataFolder })));
  expect(new Set(made).size).toBe(1);
  expect((await readFile(join(dataFolder, "sign-in-secret"), "utf8")).trim()).toBe(made[0]);
  expect((await stat(join(dataFolder, "sign-in-secret"))).mode & 0o077).toBe(0);
  expect(await readSecret({ secret: "x".repeat(32), dataFolder })).toBe("x".repeat(32));
});

test("sign-in is opened once, when somebody needs it, and says who asks", async () => {
  const records: string[] = [];
  const audit = { record: async (_: unknown, { action }: { readonly action: string }) => void records.push(action) };
  const config = { secret: "s".repeat(32), dataFolder: folder, publicUrl, provider: null, isLoopback: true };
  const doors = openSignInDoors(config, state, audit, systemClock);
  await expect(doors.whoAsks(new Headers())).rejects.toMatchObject({ message: "sign in first" });
  expect(await doors.openSignIn()).toBe(await doors.openSignIn());
  await state.people.createAdmin(all, {
    ...{ email: "liz@example.com", name: "Liz", passwordHash: await signIn.hashPassword(password) }
  });
  const entrance = await doors.openEntrance();
  const { cookies } = await entrance.enter({ email: "liz@example.com", password }, origin);
  expect((await doors.whoAsks(headersOf(cookies))).name).toBe("Liz");
  expect(records).toEqual(["session.start"]);
});
