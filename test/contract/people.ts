import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { Membership } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { ApiKeys } from "#lib/ports/api-keys.ts";
import type { IngestKeys } from "#lib/ports/ingest-keys.ts";
import type { Invitations, ResetLinks } from "#lib/ports/invitations.ts";
import type { People, Units } from "#lib/ports/people.ts";
import type { SignIn } from "#lib/ports/sign-in.ts";

const all: Scope = { userId: "owner", roles: ["admin"], businessUnits: ["sales", "support"] };
const lead: Scope = { userId: "lead", roles: [], businessUnits: ["sales"] };

const nobody: Scope = { userId: "", roles: [], businessUnits: [] };

const nowhere = { ip: null, userAgent: null };

const dayMs = 86_400_000;

/** What the contract needs: the doors of people, over a clock that can be moved. */
export interface PeopleDoors {
  readonly people: People;
  readonly units: Units;
  readonly invitations: Invitations;
  readonly resetLinks: ResetLinks;
  readonly apiKeys: ApiKeys;
  readonly ingestKeys: IngestKeys;
  readonly signIn: SignIn;
  /** What its cookies are signed with. */
  readonly secret: string;
  /** Every row of every table, as JSON. */
  dump(): Promise<string>;
  /** The password that is kept for somebody, and their sessions. */
  kept(userId: string): Promise<{ readonly password: string | null; readonly sessions: number }>;
  /** Signs somebody in. */
  enter(userId: string): Promise<void>;
  /** Lets time go by. */
  pass(ms: number): void;
}

/** What every database keeps of people. @param open  the doors, once the tests run, of a state without people */
export function peopleContract(open: () => PeopleDoors): void {
  const in_ = (businessUnit: string, role: Membership["role"]): Membership => ({ businessUnit, role });

  test("of two first accounts at once one gets in, and it is the owner, who administers everything", async () => {
    const { people } = open();
    expect(await people.hasAny()).toBe(false);
    const tries = await Promise.allSettled(
      ["ada@example.com", "bob@example.com"].map((email) =>
        people.createFirst(nobody, { email, name: "First", passwordHash: "hash" })
      )
    );
    const made = tries.flatMap((tried) => (tried.status === "fulfilled" ? tried.value : []));
    const refused = tries.flatMap((tried) => (tried.status === "rejected" ? [tried.reason as unknown] : []));
    expect(made).toMatchObject([{ userId: "owner", memberships: [in_("*", "admin")] }]);
    expect(refused).toMatchObject([{ code: "conflict" }]);
    expect(await people.hasAny()).toBe(true);
    expect((await open().kept("owner")).password).toBe("hash");
    expect(await people.findByEmail(` ${made[0]?.email.toUpperCase()} `)).toEqual(made[0]);
  });

  test("an invitation makes one account, once, with what it promised and no more", async () => {
    const { people, invitations } = open();
    const { made, token } = await invitations.create(lead, {
      email: "Eve@Example.com",
      memberships: [in_("sales", "expert"), in_("sales", "expert")]
    });
    expect(made).toMatchObject({ email: "eve@example.com", memberships: [in_("sales", "expert")], userId: "lead" });
    expect(await invitations.find(token)).toEqual(made);
    expect(await invitations.findFor("EVE@example.com")).toEqual(made);
    expect((await invitations.list(lead)).map(({ invitationId }) => invitationId)).toEqual([made.invitationId]);
    expect(await invitations.list({ ...lead, businessUnits: ["support"] })).toEqual([]);
    const tries = await Promise.allSettled(
      [1, 2].map(() => invitations.accept(nobody, token, { name: "Eve", passwordHash: "hash" }))
    );
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const eve = await people.findByEmail("eve@example.com");
    expect(eve).toMatchObject({ name: "Eve", memberships: [in_("sales", "expert")] });
    await expect(invitations.find(token)).rejects.toMatchObject({ code: "missing" });
    await expect(invitations.accept(nobody, token, { name: "Eve", passwordHash: "x" })).rejects.toMatchObject({
      code: "missing"
    });
    expect(await invitations.list(all)).toEqual([]);
  });

  test("an invitation ends by being taken back or by its age, and is not stretched by who may not give", async () => {
    const { invitations, pass } = open();
    const ask = { email: "new@example.com", memberships: [in_("sales", "viewer")] };
    const back = await invitations.create(lead, ask);
    await expect(
      invitations.revoke({ ...lead, businessUnits: ["support"] }, back.made.invitationId)
    ).rejects.toMatchObject({ code: "missing" });
    await invitations.revoke(lead, back.made.invitationId);
    await expect(invitations.find(back.token)).rejects.toMatchObject({ code: "missing" });
    const old = await invitations.create(lead, ask);
    pass(8 * dayMs);
    await expect(invitations.find(old.token)).rejects.toMatchObject({ code: "missing" });
    await expect(invitations.accept(nobody, old.token, { name: "N", passwordHash: "h" })).rejects.toMatchObject({
      code: "missing"
    });
    for (const [memberships, code] of [
      [[in_("support", "viewer")], "denied"],
      [[in_("*", "viewer")], "denied"],
      [[in_("sales", "admin")], "denied"],
      [[in_("sales", "auditor")], "denied"],
      [[in_("No Unit", "viewer")], "invalid"],
      [[], "invalid"]
    ] as const)
      await expect(invitations.create(lead, { ...ask, memberships })).rejects.toMatchObject({ code });
    await expect(invitations.create(all, { ...ask, email: "nobody" })).rejects.toMatchObject({ code: "invalid" });
    const twice = await invitations.create(all, { ...ask, email: "eve@example.com" });
    await expect(invitations.accept(nobody, twice.token, { name: "E", passwordHash: "h" })).rejects.toMatchObject({
      code: "conflict"
    });
    const eve = await open().people.findByEmail("eve@example.com");
    expect(
      (await invitations.acceptAs({ ...nobody, userId: eve?.userId ?? "" }, twice.made.invitationId)).memberships
    ).toEqual([in_("sales", "expert"), in_("sales", "viewer")]);
  });

  test("who administers a unit sees and sets that unit's memberships alone", async () => {
    const { people } = open();
    const eve = (await people.findByEmail("eve@example.com"))!;
    await people.setMemberships(all, eve.userId, [
      in_("sales", "expert"),
      in_("support", "lead"),
      in_("sales", "auditor")
    ]);
    expect((await people.list(lead)).map(({ email }) => email)).toEqual(["eve@example.com"]);
    expect((await people.list(lead))[0]?.memberships).toEqual([in_("sales", "auditor"), in_("sales", "expert")]);
    expect(await people.list({ ...lead, businessUnits: ["legal"] })).toEqual([]);
    await expect(people.setMemberships(lead, "owner", [])).rejects.toMatchObject({ code: "missing" });
    await expect(people.setMemberships(lead, eve.userId, [in_("support", "viewer")])).rejects.toMatchObject({
      code: "denied"
    });
    // Leaving the auditor out would take away what only an administrator of every unit gives.
    await expect(people.setMemberships(lead, eve.userId, [in_("sales", "viewer")])).rejects.toMatchObject({
      code: "denied"
    });
    const after = await people.setMemberships(lead, eve.userId, [in_("sales", "auditor"), in_("sales", "scientist")]);
    expect(after.memberships).toEqual([in_("sales", "auditor"), in_("sales", "scientist")]);
    expect((await people.find(eve.userId))?.memberships).toEqual([
      in_("sales", "auditor"),
      in_("sales", "scientist"),
      in_("support", "lead")
    ]);
  });

  test("the last administrator of every unit is neither demoted nor removed, not by two at once either", async () => {
    const { people } = open();
    await expect(people.setMemberships(all, "owner", [in_("sales", "admin")])).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("last administrator") as string
    });
    await expect(people.remove(all, "owner")).rejects.toMatchObject({ code: "conflict" });
    expect((await people.find("owner"))?.memberships).toEqual([in_("*", "admin")]);
    const second = await people.createAdmin(all, { email: "second@example.com", name: "Second", passwordHash: null });
    expect(second.userId).not.toBe("owner");
    const demoted = await Promise.allSettled(
      ["owner", second.userId].map((userId) => people.setMemberships(all, userId, []))
    );
    expect(demoted.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await people.setMemberships(all, "owner", [in_("*", "admin")]);
    await people.setMemberships(all, second.userId, []);
    await expect(
      people.createAdmin(lead, { email: "x@example.com", name: "X", passwordHash: null })
    ).rejects.toMatchObject({ code: "denied" });
    await expect(
      people.createAdmin(all, { email: "second@example.com", name: "X", passwordHash: null })
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("who is removed has nothing left but a name, and the e-mail address is free again", async () => {
    const { people, enter, kept, apiKeys } = open();
    const gone = (await people.findByEmail("second@example.com"))!;
    await enter(gone.userId);
    const { secret } = await apiKeys.create(
      { ...nobody, userId: gone.userId },
      { name: "k", rights: ["read"], businessUnits: null, days: 1 }
    );
    await expect(people.remove(lead, gone.userId)).rejects.toThrow();
    await people.remove(all, gone.userId);
    expect(await people.find(gone.userId)).toBeUndefined();
    expect(await people.findByEmail("second@example.com")).toBeUndefined();
    expect(await kept(gone.userId)).toEqual({ password: null, sessions: 0 });
    expect(await apiKeys.find(secret)).toBeNull();
    expect((await people.namesOf([gone.userId, "owner", "nobody"])).get(gone.userId)).toBe("Second");
    expect((await people.namesOf([])).size).toBe(0);
    const meets = async (...businessUnits: string[]) =>
      (await people.namesOf([gone.userId, "owner"], { ...nobody, businessUnits })).size;
    // Whoever administers every unit is met in each; who has left, in none.
    expect(await meets("support")).toBe(1);
    await people.createAdmin(all, { email: "second@example.com", name: "Again", passwordHash: null });
    const again = (await people.findByEmail("second@example.com"))!;
    await people.remove(all, again.userId);
  });

  test("a link of an administrator sets a password once and ends every session", async () => {
    const { people, resetLinks, enter, kept, pass } = open();
    const { userId } = (await people.findByEmail("eve@example.com"))!;
    await expect(resetLinks.create(lead, userId)).rejects.toMatchObject({ code: "denied" });
    await expect(resetLinks.create(all, "nobody")).rejects.toMatchObject({ code: "missing" });
    const first = await resetLinks.create(all, userId);
    const { token, made } = await resetLinks.create(all, userId);
    expect(made.email).toBe("eve@example.com");
    await expect(resetLinks.find(first.token)).rejects.toMatchObject({ code: "missing" });
    expect((await resetLinks.find(token)).userId).toBe(userId);
    await enter(userId);
    await resetLinks.use(nobody, token, "other");
    expect(await kept(userId)).toEqual({ password: "other", sessions: 0 });
    await expect(resetLinks.use(nobody, token, "third")).rejects.toMatchObject({ code: "missing" });
    const old = await resetLinks.create(all, userId);
    pass(2 * dayMs);
    await expect(resetLinks.use(nobody, old.token, "late")).rejects.toMatchObject({ code: "missing" });
    expect((await kept(userId)).password).toBe("other");
  });

  test("somebody signs in, is known by the cookie, and is out after signing out", async () => {
    const { people, signIn } = open();
    const password = "correct horse battery";
    const { userId } = (await people.findByEmail("eve@example.com"))!;
    await signIn.setPassword(userId, await signIn.hashPassword(password), null);
    const origin = { ip: "192.0.2.7", userAgent: "a browser" };
    const { cookies, session } = (await signIn.enter("eve@example.com", password, origin))!;
    expect(session).toMatchObject({ userId, method: "password", ...origin });
    const headers = new Headers({ cookie: cookies.map((line) => line.split(";", 1)[0]).join("; ") });
    expect(await signIn.findSession(headers)).toEqual(session);
    expect(await signIn.listSessions(userId)).toEqual([session]);
    await signIn.leave(headers);
    expect(await signIn.findSession(headers)).toBeNull();
    expect(await signIn.listSessions(userId)).toEqual([]);
  });

  test("who reads the state finds nothing that signs in, not with the secret of the cookies either", async () => {
    const { people, signIn, invitations, resetLinks, secret, dump } = open();
    const { userId } = (await people.findByEmail("eve@example.com"))!;
    const { cookies, session } = (await signIn.enter("eve@example.com", "correct horse battery", nowhere))!;
    const [name = "", value = ""] = cookies[0]!.split(";", 1)[0]!.split("=");
    const token = decodeURIComponent(value).split(".", 1)[0]!;
    const invited = await invitations.create(all, {
      email: "fay@example.com",
      memberships: [in_("sales", "expert")]
    });
    const reset = await resetLinks.create(all, userId);
    const rows = await dump();
    expect(rows).toContain(session.sessionId);
    for (const sent of [value, decodeURIComponent(value), token, invited.token, reset.token])
      expect(rows).not.toContain(sent);
    const sign = (text: string) => {
      const signature = createHmac("sha256", secret).update(text).digest("base64");
      return new Headers({ cookie: `${name}=${encodeURIComponent(`${text}.${signature}`)}` });
    };
    expect(await signIn.findSession(sign(token))).toEqual(session);
    const digest = createHash("sha256").update(token).digest("hex");
    expect(rows).toContain(digest);
    expect(await signIn.findSession(sign(digest))).toBeNull();
    await signIn.endSession(userId, session.sessionId);
    expect(await signIn.findSession(sign(token))).toBeNull();
    await invitations.revoke(all, invited.made.invitationId);
  });

  test("a removed unit stands no more, a renamed one keeps its id, and both can come back", async () => {
    const { units, ingestKeys } = open();
    expect(await units.standing(["support", "sales"])).toEqual(["sales", "support"]);
    expect(await units.save(lead, "sales", " Sales  and returns ")).toEqual({
      ...{ businessUnit: "sales", title: "Sales and returns", removedAtMs: null }
    });
    await expect(units.save(lead, "support", "Mine")).rejects.toMatchObject({ code: "denied" });
    await expect(units.remove(lead, "sales")).rejects.toMatchObject({ code: "denied" });
    await units.save(all, "legal", "Legal");
    expect(await units.standing(["support"])).toEqual(["legal", "sales", "support"]);
    const { secret } = await ingestKeys.create(all, { businessUnit: "support", name: "bot" });
    expect((await ingestKeys.find(secret))?.businessUnit).toBe("support");
    await units.remove(all, "support");
    expect(await ingestKeys.find(secret)).toBeNull();
    await units.remove(all, "sales");
    expect(await units.standing(["support", "sales"])).toEqual(["legal"]);
    expect((await units.list()).find(({ businessUnit }) => businessUnit === "sales")).toMatchObject({
      title: "Sales and returns",
      removedAtMs: expect.any(Number) as number
    });
    await units.save(all, "sales", "Sales");
    expect(await units.standing([])).toEqual(["legal", "sales"]);
    await expect(units.save(all, "No Unit", "x")).rejects.toMatchObject({ code: "invalid" });
    await expect(units.save(all, "sales", " ")).rejects.toMatchObject({ code: "invalid" });
  });

  test("a key is kept as a digest, found by its secret, and ends by time or by being revoked", async () => {
    const { apiKeys, pass } = open();
    const { key, secret } = await apiKeys.create(all, {
      ...{ name: " nightly ", rights: ["export", "read", "read"], businessUnits: ["support", "sales"], days: 2 }
    });
    expect(secret).toMatch(/^tb_[\w-]{43}$/);
    expect(key).toMatchObject({ name: "nightly", rights: ["read", "export"], businessUnits: ["sales", "support"] });
    expect(JSON.stringify(await apiKeys.list("owner"))).not.toContain(secret);
    expect(await apiKeys.find(secret)).toMatchObject({ keyId: key.keyId, userId: "owner" });
    expect((await apiKeys.list("owner"))[0]?.lastUsedAtMs).toBeGreaterThan(0);
    expect(await apiKeys.list("eve")).toEqual([]);
    await expect(apiKeys.revoke({ ...all, userId: "eve" }, key.keyId)).rejects.toMatchObject({ code: "missing" });
    const whole = await apiKeys.create(all, { name: "all", rights: ["run"], businessUnits: null, days: 3 });
    pass(2 * dayMs);
    expect(await apiKeys.find(secret)).toBeNull();
    expect((await apiKeys.find(whole.secret))?.businessUnits).toBeNull();
    await apiKeys.revoke(all, whole.key.keyId);
    await apiKeys.revoke(all, whole.key.keyId);
    expect(await apiKeys.find(whole.secret)).toBeNull();
    expect(await apiKeys.find(whole.secret.slice(3))).toBeNull();
    const via = {
      kind: "key",
      method: "key",
      sessionId: "k",
      ip: null,
      userAgent: null,
      requestId: "r",
      roles: []
    } as const;
    await expect(
      apiKeys.create({ ...all, via }, { name: "more", rights: ["read"], businessUnits: null, days: 9 })
    ).rejects.toMatchObject({ code: "denied" });
    for (const wrong of [{ rights: [] }, { businessUnits: [] }, { businessUnits: ["A B"] }, { days: 0 }, { name: "" }])
      await expect(
        apiKeys.create(all, { ...{ name: "n", rights: ["read"], businessUnits: null, days: 1 }, ...wrong })
      ).rejects.toMatchObject({ code: "invalid" });
  });
}
