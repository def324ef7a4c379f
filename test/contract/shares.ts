import { describe, expect, test } from "vitest";
import { seededRandom } from "#lib/math/random.ts";
import type { Run } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import { accessFor, everyone, type Grantee, type ShareAccess, shareAccesses } from "#lib/model/share.ts";
import type { State } from "#lib/server/state/state.ts";

const person = (userId: string, ...businessUnits: readonly string[]): Scope => ({ userId, roles: [], businessUnits });
const admin: Scope = { userId: "root", roles: ["admin"], businessUnits: ["claims", "sales"] };
const ann = person("ann", "claims");
const bob = person("bob", "sales");
const eve = person("eve", "claims", "sales");

const run = (runId: string, workbook: string, userId: string, businessUnits: readonly string[]): Run => ({
  ...{ runId, workbook, userId, businessUnits },
  title: "Weekly",
  revision: 1,
  trigger: "page",
  occurrenceMs: null,
  snapshotId: 1,
  params: {},
  seed: 1,
  startedAtMs: 1000,
  endedAtMs: null,
  outcome: "running",
  cells: [],
  checks: [],
  engine: "1"
});

/** What every database keeps of who may see what. */
export function sharesContract(open: () => State): void {
  describe("shares", () => {
    test("a workbook is its owner's alone until it is shared, and each access lets do what it says", async () => {
      const { workbooks, shares } = open();
      await workbooks.create(ann, "mine", "Mine", "one");
      const nothing = async (scope: Scope) => {
        expect(await workbooks.find(scope, "mine")).toBeUndefined();
        expect(await workbooks.accessTo(scope, "mine")).toBeUndefined();
        expect((await workbooks.list(scope)).map(({ slug }) => slug)).not.toContain("mine");
        expect(await workbooks.listRevisions(scope, "mine")).toEqual([]);
        expect(await workbooks.findRevision(scope, "mine", 1)).toBeUndefined();
        const refused = { code: "missing", message: `there is no workbook "mine"` };
        await expect(workbooks.save(scope, "mine", "x", "x", 1)).rejects.toMatchObject(refused);
        await expect(shares.list(scope, "mine")).rejects.toMatchObject(refused);
        await expect(shares.put(scope, "mine", "person:bob", "edit")).rejects.toMatchObject(refused);
        await expect(shares.remove(scope, "mine", "person:ann")).rejects.toMatchObject(refused);
        await workbooks.remove(scope, "mine");
      };
      await nothing(bob);
      await nothing(eve);
      expect(await workbooks.find(admin, "mine")).toMatchObject({ ownerId: "ann", access: "own" });

      await shares.put(ann, "mine", "unit:claims", "view");
      await nothing(bob);
      expect(await workbooks.find(eve, "mine")).toMatchObject({ access: "view", ownerId: "ann" });
      await expect(workbooks.save(eve, "mine", "x", "x", 1)).rejects.toMatchObject({ code: "denied" });
      await expect(workbooks.remove(eve, "mine")).rejects.toMatchObject({ code: "denied" });
      await expect(shares.put(eve, "mine", "person:eve", "edit")).rejects.toMatchObject({ code: "denied" });
      await expect(shares.list(eve, "mine")).rejects.toMatchObject({ code: "denied" });

      await shares.put(ann, "mine", "person:bob", "comment");
      await shares.put(ann, "mine", "person:bob", "edit");
      expect(await workbooks.save(bob, "mine", "Ours", "two", 1)).toMatchObject({
        kind: "saved",
        workbook: { access: "edit", ownerId: "ann", userId: "bob", revision: 2 }
      });
      await expect(workbooks.remove(bob, "mine")).rejects.toMatchObject({ code: "denied" });
      expect((await shares.list(ann, "mine")).map(({ grantee, access, userId }) => [grantee, access, userId])).toEqual([
        ["person:bob", "edit", "ann"],
        ["unit:claims", "view", "ann"]
      ]);
      await shares.remove(ann, "mine", "unit:claims");
      await shares.remove(ann, "mine", "unit:claims");
      await shares.remove(ann, "mine", "person:bob");
      await nothing(bob);
      await nothing(eve);
      expect((await workbooks.list(ann)).map(({ slug }) => slug)).toContain("mine");
    });

    test("what is shared with an address is shared with who has it, as long as they have it", async () => {
      const { workbooks, shares, people, db } = open();
      await workbooks.create(ann, "sent", "Sent", "");
      await shares.put(ann, "sent", "email:fred@example.net", "comment");
      const fred = await people.createAdmin(admin, { email: "fred@example.net", name: "Fred", passwordHash: null });
      const scope = person(fred.userId);
      expect(await workbooks.find(scope, "sent")).toMatchObject({ access: "comment" });
      expect((await workbooks.list(scope)).map(({ slug }) => slug)).toContain("sent");
      expect(await workbooks.find(bob, "sent")).toBeUndefined();
      // The chain, which nothing is erased from, has no address.
      const entries = await db.selectFrom("audit_entries").select("body").execute();
      expect(JSON.stringify(entries)).not.toContain("fred@example.net");
      await shares.remove(ann, "sent", "email:fred@example.net");
      expect(await workbooks.find(scope, "sent")).toBeUndefined();
      await shares.put(ann, "sent", "email:fred@example.net", "view");
      await people.remove(admin, fred.userId);
      expect(await workbooks.find(scope, "sent")).toBeUndefined();
    });

    test("only with own units is something shared, and with everyone only by who administers all", async () => {
      const { workbooks, shares } = open();
      await workbooks.create(ann, "reach", "Reach", "");
      for (const unit of ["sales", "no-such-unit"])
        await expect(shares.put(ann, "reach", `unit:${unit}`, "view")).rejects.toMatchObject({
          code: "denied",
          message: `the business unit "${unit}" is not yours to share with`
        });
      await expect(shares.put(ann, "reach", everyone, "view")).rejects.toMatchObject({ code: "denied" });
      await shares.put(admin, "reach", everyone, "view");
      expect(await workbooks.find(person("new"), "reach")).toMatchObject({ access: "view" });
    });

    test("for any owners, shares and memberships, lists show what is found, which is what was shared", async () => {
      const { workbooks, shares, db } = open();
      const random = seededRandom(11);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
      const units = ["u1", "u2", "u3"];
      const people = ["p1", "p2", "p3", "p4"];
      const all: Scope = { ...admin, businessUnits: units };
      const made: { slug: string; owner: string; given: { grantee: Grantee; access: ShareAccess }[] }[] = [];
      for (let n = 0; n < 24; n++) {
        const workbook = { slug: `law-${n}`, owner: pick(people), given: [] as (typeof made)[number]["given"] };
        await workbooks.create(person(workbook.owner), workbook.slug, `Law ${n}`, "");
        for (let count = Math.floor(random() * 4); count > 0; count--) {
          const grantee = pick<Grantee>([
            everyone,
            ...units.map((unit) => `unit:${unit}` as const),
            ...people.map((id) => `person:${id}` as const)
          ]);
          const access = pick(shareAccesses);
          await shares.put(all, workbook.slug, grantee, access);
          workbook.given = [...workbook.given.filter((share) => share.grantee !== grantee), { grantee, access }];
        }
        made.push(workbook);
      }
      for (let n = 0; n < 16; n++) {
        const scope = person(pick([...people, "p5"]), ...units.filter(() => random() < 0.4));
        const wanted = new Map(
          made.map(({ slug, owner, given }) => [slug, owner === scope.userId ? "own" : strongest(scope, given)])
        );
        const listed = new Map((await workbooks.list(scope)).map(({ slug, access }) => [slug, access]));
        for (const [slug, access] of wanted) {
          expect(listed.get(slug)).toBe(access);
          expect((await workbooks.find(scope, slug))?.access).toBe(access);
          expect(await workbooks.accessTo(scope, slug)).toBe(access);
        }
      }
      await db.deleteFrom("workbooks").where("slug", "like", "law-%").execute();
    });

    test("a run is seen by who sees its workbook and all its units, or by whom its report is published to", async () => {
      const { workbooks, shares, runs, publications } = open();
      await workbooks.create(ann, "read", "Read", "");
      await shares.put(ann, "read", "person:eve", "view");
      await runs.begin(ann, run("s1", "read", "ann", ["claims"]));
      await runs.begin(eve, run("s2", "read", "eve", ["claims", "sales"]));
      await runs.begin(bob, run("s3", "no-workbook", "bob", ["sales"]));
      const seen = async (scope: Scope) =>
        (await runs.list(scope, { limit: 50 })).map(({ runId }) => runId).filter((runId) => /^s\d$/.test(runId));
      expect(await seen(ann)).toEqual(["s1"]);
      expect(await seen(eve)).toEqual(["s2", "s1"]);
      expect(await seen(bob)).toEqual(["s3"]);
      expect(await seen(person("dan", "claims", "sales"))).toEqual([]);
      expect(await runs.find(bob, "s1")).toBeUndefined();

      await expect(publications.publish(ann, "s1", ["person:bob"])).rejects.toMatchObject({ code: "conflict" });
      await runs.end(
        ann,
        { ...run("s1", "read", "ann", ["claims"]), endedAtMs: 2, outcome: "passed" },
        "<p>report</p>"
      );
      await expect(publications.publish(ann, "s1", [])).rejects.toMatchObject({ code: "invalid" });
      await expect(publications.publish(ann, "s1", ["unit:sales"])).rejects.toMatchObject({ code: "denied" });
      await expect(publications.publish(bob, "s1", ["person:bob"])).rejects.toMatchObject({ code: "missing" });
      await publications.publish(ann, "s1", ["person:bob", "unit:claims", "person:bob"]);
      expect(await publications.find(bob, "s1")).toMatchObject({
        grantees: ["person:bob", "unit:claims"],
        userId: "ann"
      });
      expect(await seen(bob)).toEqual(["s3", "s1"]);
      expect(await runs.findReport(bob, "s1")).toBe("<p>report</p>");
      expect(await workbooks.find(bob, "read")).toBeUndefined();
      expect(await seen(person("dan", "claims"))).toEqual(["s1"]);
      await expect(publications.publish(bob, "s1", [everyone])).rejects.toMatchObject({ code: "denied" });
      await expect(publications.retract(bob, "s1")).rejects.toMatchObject({ code: "denied" });
      await publications.publish(ann, "s1", [everyone]);
      expect(await seen(person("new"))).toEqual(["s1"]);
      await publications.retract(ann, "s1");
      await publications.retract(ann, "s1");
      expect(await publications.find(ann, "s1")).toBeUndefined();
      expect(await publications.find(bob, "s1")).toBeUndefined();
      expect(await seen(bob)).toEqual(["s3"]);
      await shares.remove(ann, "read", "person:eve");
      expect(await seen(eve)).toEqual([]);
    });
  });
}

/** The plain definition: the strongest of what was given to the person, to one of their units, or to all. */
function strongest(scope: Scope, given: readonly { readonly grantee: Grantee; readonly access: ShareAccess }[]) {
  const mine = given.filter(
    ({ grantee }) =>
      grantee === everyone ||
      grantee === `person:${scope.userId}` ||
      scope.businessUnits.some((unit) => grantee === `unit:${unit}`)
  );
  const best = mine.map(({ access }) => ({ view: 1, comment: 2, edit: 3 })[access]);
  const access = [undefined, "view", "comment", "edit"][Math.max(0, ...best)];
  expect(accessFor(scope, "nobody", given)).toBe(access);
  return access;
}
