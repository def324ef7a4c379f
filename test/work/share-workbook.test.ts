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
    shares: [{ grantee: `person:${bob.userId}`, name: "bob Lee <bob@x.org>", access: "view", by: "ann Lee" }],
    choices: { units: ["claims"], everyone: false }
  });
  expect(await nameWorkbook(state.people, (await state.workbooks.find(bob, "mine"))!)).toMatchObject({
    access: "view",
    owner: "ann Lee",
    savedBy: "ann Lee"
  });
  await expect(readShares(state, bob, "mine")).rejects.toMatchObject({ code: "denied" });
  await shareWorkbook(state, ann, "mine", { to: `person:${bob.userId}`, access: "edit" });
  await shareWorkbook(state, ann, "mine", { to: "unit:claims", access: "comment" });
  expect((await readShares(state, ann, "mine")).shares.map(({ name, access }) => [name, access])).toEqual([
    ["bob Lee <bob@x.org>", "edit"],
    ["claims", "comment"]
  ]);
});

test("an address that nobody has, no address, the owner, and a unit of others are refused with a sentence", async () => {
  const refused = (to: string, who = ann) =>
    expect(shareWorkbook(fixture.state, who, "mine", { to, access: "view" })).rejects;
  await refused("new@x.org").toMatchObject({
    code: "missing",
    message: expect.stringMatching(/nobody with the address "new@x.org"/)
  });
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
  expect(reply.published).toMatchObject({ by: "ann Lee", to: [{ name: "Root <root@x.org>" }, { name: "claims" }] });
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
