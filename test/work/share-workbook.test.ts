import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import { parsePublishRequest, parseShareRequest, parseUnshareRequest } from "#lib/wire/sharing.ts";
import { nameWorkbook } from "#lib/work/edit-workbooks.ts";
import { readRun } from "#lib/work/run-statement.ts";
import { publishReport, readPublication, readShares, shareWorkbook } from "#lib/work/share-workbook.ts";
import { type LakeFixture, openLakeFixture } from "../server/lake/fixture.ts";

let fixture: LakeFixture;
let ann: Scope;
let bob: Scope;
const root: Scope = { userId: "owner", roles: ["admin"], businessUnits: ["claims", "sales"] };

beforeAll(async () => {
  fixture = await openLakeFixture();
  const { people } = fixture.state;
  const make = async (name: string) =>
    (await people.createAdmin(root, { email: `${name}@x.org`, name: `${name} Lee`, passwordHash: null })).userId;
  await people.createFirst(root, { email: "root@x.org", name: "Root", passwordHash: null });
  ann = { userId: await make("ann"), roles: [], businessUnits: ["claims"] };
  bob = { userId: await make("bob"), roles: [], businessUnits: ["sales"] };
  await fixture.state.workbooks.create(ann, "mine", "Mine", "");
});
afterAll(() => fixture.close());

test("a scientist shares with somebody of another unit by address, who then sees the text and nothing more", async () => {
  const { state } = fixture;
  const reply = await shareWorkbook(state, ann, "mine", { to: " Bob@X.org ", access: "view" });
  expect(reply).toMatchObject({
    owner: "ann Lee",
    shares: [{ grantee: "email:bob@x.org", name: "bob@x.org", access: "view", by: "ann Lee" }],
    choices: { units: ["claims"], everyone: false }
  });
  expect(await nameWorkbook(state.people, (await state.workbooks.find(bob, "mine"))!)).toMatchObject({
    access: "view",
    owner: "ann Lee",
    savedBy: "ann Lee"
  });
  await expect(readShares(state, bob, "mine")).rejects.toMatchObject({ code: "denied" });
  await shareWorkbook(state, ann, "mine", { to: "email:bob@x.org", access: "edit" });
  expect(await state.workbooks.find(bob, "mine")).toMatchObject({ access: "edit" });
  await shareWorkbook(state, ann, "mine", { to: "unit:claims", access: "comment" });
  expect((await readShares(state, ann, "mine")).shares.map(({ name, access }) => [name, access])).toEqual([
    ["bob@x.org", "edit"],
    ["claims", "comment"]
  ]);
});

test("who shares does not learn whether an address has an account, and it holds once somebody has it", async () => {
  const { state } = fixture;
  await state.workbooks.create(ann, "told", "Told", "");
  const [known, unknown] = [
    await shareWorkbook(state, ann, "told", { to: "bob@x.org", access: "view" }),
    await shareWorkbook(state, ann, "told", { to: "new@x.org", access: "view" })
  ];
  const said = (reply: typeof known, email: string) => {
    const { sharedAtMs: _, ...share } = reply.shares.find(({ name }) => name === email)!;
    return JSON.stringify(share).replaceAll(email, "…");
  };
  expect(said(unknown, "new@x.org")).toBe(said(known, "bob@x.org"));
  const { userId } = await state.people.createAdmin(root, { email: "new@x.org", name: "New", passwordHash: null });
  const late: Scope = { userId, roles: [], businessUnits: ["sales"] };
  expect(await state.workbooks.find(late, "told")).toMatchObject({ access: "view" });
  expect(said(await readShares(state, ann, "told"), "new@x.org")).toBe(said(known, "bob@x.org"));
  await state.people.remove(root, userId);
  expect(await state.workbooks.find(late, "told")).toBeUndefined();
  expect(said(await readShares(state, ann, "told"), "new@x.org")).toBe(said(known, "bob@x.org"));
  // Somebody of one's own unit is known by name, also where they were chosen by id.
  await state.people.setMemberships(root, bob.userId, [{ businessUnit: "claims", role: "viewer" }]);
  for (const to of [" Bob@X.org ", `person:${bob.userId}`])
    expect((await shareWorkbook(state, ann, "told", { to, access: "edit" })).shares.map(({ name }) => name)).toContain(
      "bob Lee <bob@x.org>"
    );
  await state.people.setMemberships(root, bob.userId, [{ businessUnit: "sales", role: "viewer" }]);
  // Who has it by name keeps it, wherever they are now; nobody else is found by id.
  await shareWorkbook(state, ann, "told", { to: `person:${bob.userId}`, access: "view" });
  await state.shares.remove(ann, "told", `person:${bob.userId}`);
  await expect(shareWorkbook(state, ann, "told", { to: `person:${bob.userId}`, access: "view" })).rejects.toMatchObject(
    { code: "missing" }
  );
});

test("no address, the owner, and a unit of others are refused with a sentence", async () => {
  const refused = (to: string, who = ann) =>
    expect(shareWorkbook(fixture.state, who, "mine", { to, access: "view" })).rejects;
  await refused("person:nobody").toMatchObject({ code: "missing" });
  await refused("bob").toMatchObject({ code: "invalid" });
  await refused("ann@x.org").toMatchObject({ code: "conflict" });
  await refused("unit:sales").toMatchObject({ code: "denied" });
  await refused("bob@x.org", { userId: "eve", roles: [], businessUnits: ["sales"] }).toMatchObject({ code: "missing" });
});

test("a report is published by name, and its page says to whom it may be, whose rights it had, and what is hidden", async () => {
  const { state } = fixture;
  const run: Run = {
    ...{ runId: "r1", workbook: "mine", title: "Mine", revision: 1, trigger: "page", occurrenceMs: null },
    ...{ userId: ann.userId, businessUnits: ["claims"], snapshotId: 1, params: {}, seed: 1, startedAtMs: 1 },
    ...{ endedAtMs: null, outcome: "running", cells: [], checks: [], engine: "1" }
  };
  await state.runs.begin(ann, run);
  await state.runs.end(ann, { ...run, endedAtMs: 2, outcome: "passed" }, "<p>kept</p>");
  const eve: Scope = {
    userId: (await state.people.findByEmail("root@x.org"))!.userId,
    roles: [],
    businessUnits: ["sales"]
  };
  const doors = { ...state, scopeOfUser: async (userId: string) => (userId === ann.userId ? ann : eve) };
  expect(await readRun(doors, ann, "r1")).toMatchObject({
    ranAs: "ann Lee",
    published: null,
    mayPublish: true,
    seesWorkbook: true
  });
  expect(await readPublication(state, ann, "r1")).toEqual({
    published: null,
    choices: { units: ["claims"], everyone: true }
  });
  const reply = await publishReport(state, ann, "r1", ["root@x.org", "unit:claims"]);
  expect(reply.published).toMatchObject({ by: "ann Lee", to: [{ name: "root@x.org" }, { name: "claims" }] });
  expect(await readRun(doors, eve, "r1")).toMatchObject({
    published: { by: "ann Lee" },
    mayPublish: false,
    seesWorkbook: false
  });
  // To whom else it is published is not for those whom it is published to.
  await expect(readPublication(state, eve, "r1")).rejects.toMatchObject({ code: "denied" });
});

test("requests that are no shares are refused by field", () => {
  expect(parseShareRequest({ to: "a", access: "edit" })).toEqual({ to: "a", access: "edit" });
  expect(parseUnshareRequest({ grantee: "unit:*" })).toEqual({ grantee: "unit:*" });
  expect(parsePublishRequest({ to: ["a"] })).toEqual({ to: ["a"] });
  expect(() => parseShareRequest({ to: "a", access: "own" })).toThrow(/not view, comment or edit/);
  expect(() => parseUnshareRequest({ grantee: "x" })).toThrow(/neither a person nor/);
  expect(() => parsePublishRequest({ to: [1] })).toThrow(/"to"/);
});
