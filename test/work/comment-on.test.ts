import { afterAll, beforeAll, expect, test } from "vitest";
import { scopeOf as scopeOfAsker } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import { parseCommentMarkRequest, parseCommentRequest } from "#lib/wire/comments.ts";
import { type CommentDoors, findTraceObject, readComments, readMentions, writeComment } from "#lib/work/comment-on.ts";
import { type LakeFixture, openLakeFixture } from "../server/lake/fixture.ts";

let fixture: LakeFixture;
let doors: CommentDoors;
const root: Scope = { userId: "owner", roles: ["admin"], businessUnits: ["claims", "sales"] };
const units = ["claims", "sales"];
const scopes = new Map<string, Scope>();
const of = (name: string) => scopes.get(name)!;

beforeAll(async () => {
  fixture = await openLakeFixture();
  const { people, comments, workbooks, shares } = fixture.state;
  const scopeOfUser: CommentDoors["scopeOfUser"] = async (userId, right) => {
    const person = await people.find(userId);
    const memberships = person?.memberships ?? [];
    return scopeOfAsker({ userId, name: "", memberships, via: undefined as never }, right, units);
  };
  await people.createFirst(root, { email: "root@x.org", name: "Root", passwordHash: null });
  for (const [name, unit] of [
    ["Ann Lee", "claims"],
    ["Bob", "claims"],
    ["Eve", "sales"]
  ] as const) {
    const email = `${name.split(" ")[0]!.toLowerCase()}@x.org`;
    const { userId } = await people.createAdmin(root, { email, name, passwordHash: null });
    await people.setMemberships(root, userId, [{ businessUnit: unit, role: "scientist" }]);
    scopes.set(name, await scopeOfUser(userId, "read"));
  }
  const traces = { unitsOf: async (scope: Scope, id: string) => (id === "t1" ? scope.businessUnits.slice(0, 1) : []) };
  doors = { comments, workbooks, people, traces, scopeOfUser };
  await workbooks.create(of("Ann Lee"), "book", "The book", "");
  await shares.put(of("Ann Lee"), "book", "unit:claims", "comment");
});
afterAll(() => fixture.close());

const book = { kind: "workbook", id: "book" } as const;
const said = (body: string, threadId: string | null = null) => ({ body, threadId, place: "recent" });

test("those who may see a workbook are mentioned by name and hear of it; others are refused with one sentence", async () => {
  const reply = await writeComment(doors, of("Ann Lee"), book, said("is this right, @bob?"));
  expect(reply).toMatchObject({ mayComment: true, people: ["Ann Lee", "Bob"] });
  expect(reply.threads[0]!.comments[0]).toMatchObject({ by: "Ann Lee", isMine: true });
  for (const name of ["Eve", "eve@x.org", "Nobody"])
    await expect(writeComment(doors, of("Ann Lee"), book, said(`@${name} look`))).rejects.toMatchObject({
      code: "invalid",
      message: `nobody called "@${name}" may see this`
    });
  expect(await readMentions(doors, of("Bob"))).toMatchObject({
    unseen: 1,
    mentions: [{ by: "Ann Lee", title: "The book", place: "recent", object: book }]
  });
  expect(await readMentions(doors, of("Eve"))).toEqual({ unseen: 0, mentions: [] });
});

test("somebody of another unit who was let in is named once they have commented, and only then", async () => {
  await fixture.state.shares.put(of("Ann Lee"), "book", `person:${of("Eve").userId}`, "view");
  await expect(writeComment(doors, of("Eve"), book, said("hm"))).rejects.toMatchObject({ code: "denied" });
  const seen = await readComments(doors, of("Eve"), book);
  expect(seen).toMatchObject({ mayComment: false, people: ["Eve", "Ann Lee"] });
  expect(seen.threads[0]!.comments[0]).toMatchObject({ by: "Ann Lee", isMine: false });
  await fixture.state.shares.put(of("Ann Lee"), "book", `person:${of("Eve").userId}`, "comment");
  await writeComment(doors, of("Eve"), book, said("yes", seen.threads[0]!.threadId));
  await writeComment(doors, of("Bob"), book, said("thanks, @Eve"));
  expect((await readMentions(doors, of("Eve"))).unseen).toBe(1);
});

test("a trace is commented on in its unit; one of other units is not there", async () => {
  const object = await findTraceObject(doors, of("Bob"), "t1");
  expect(object).toEqual({ kind: "trace", id: "t1", businessUnit: "claims" });
  await writeComment(doors, of("Bob"), object, said("why, @Ann Lee?"));
  await expect(writeComment(doors, of("Bob"), object, said("@Eve?"))).rejects.toMatchObject({ code: "invalid" });
  expect((await readComments(doors, of("Ann Lee"), object)).threads).toHaveLength(1);
  await expect(findTraceObject(doors, of("Bob"), "t2")).rejects.toMatchObject({ code: "missing" });
});

test("requests that are no comments are refused by field", () => {
  expect(parseCommentRequest({ body: " a " })).toEqual({ body: "a", threadId: null, place: null });
  expect(parseCommentMarkRequest({ mark: "reopened" })).toEqual({ mark: "reopened" });
  expect(() => parseCommentRequest({ body: "a", place: "x".repeat(201) })).toThrow(/"place"/);
  expect(() => parseCommentMarkRequest({ mark: "gone" })).toThrow(/none of resolved/);
});
