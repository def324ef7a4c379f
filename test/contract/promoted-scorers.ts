import { expect, test } from "vitest";
import type { NewPromotion } from "#lib/model/promoted-scorer.ts";
import type { PromotedScorers } from "#lib/ports/promoted-scorers.ts";

const scope = { userId: "ann", roles: ["lead"], businessUnits: ["sales", "support"] } as const;
const salesOnly = { userId: "bob", roles: ["lead"], businessUnits: ["sales"] } as const;
const legalOnly = { userId: "eve", roles: ["lead"], businessUnits: ["legal"] } as const;

const promotion = (name: string, changes: Partial<NewPromotion> = {}): NewPromotion => ({
  name,
  businessUnits: ["support"],
  kind: "code",
  text: "export default 1",
  options: { limit: 3, words: ["käse", null] },
  scorerVersion: "abc",
  origin: { slug: "weekly", revision: 4, cell: name },
  evidence: { labelled: 40 },
  note: "",
  ...changes
});

/** What every database keeps of promoted scorers. @param open  the door, once the tests run */
export function promotedScorersContract(open: () => PromotedScorers): void {
  test("a promoted scorer keeps every version as it was", async () => {
    const scorers = open();
    const first = await scorers.promote(scope, promotion("kept", { note: " first " }), null);
    expect(first).toMatchObject({ ...promotion("kept"), version: 1, note: "first", userId: "ann" });
    const judge = promotion("kept", { kind: "judge", text: "criterion: x", origin: null, evidence: null, note: "why" });
    const second = await scorers.promote(scope, judge, first);
    expect(second).toEqual({
      ...judge,
      scorerId: first.scorerId,
      version: 2,
      userId: "ann",
      promotedAtMs: second.promotedAtMs
    });
    expect(await scorers.find(scope, first.scorerId)).toEqual(second);
    expect(await scorers.find(scope, first.scorerId, 1)).toEqual(first);
    expect(await scorers.versions(scope, first.scorerId)).toEqual([second, first]);
    expect((await scorers.list(scope)).filter(({ name }) => name === "kept")).toEqual([second]);
    await expect(scorers.find(scope, first.scorerId, 3)).rejects.toMatchObject({
      code: "missing",
      message: 'the scorer "kept" has no version 3'
    });
  });

  test("of promotions at the same time exactly one wins, and the others are told who and when", async () => {
    const scorers = open();
    const base = await scorers.promote(scope, promotion("race"), null);
    const ends = await Promise.allSettled(
      ["one", "two", "three", "four"].map((text) => scorers.promote(scope, promotion("race", { text }), base))
    );
    const won = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
    expect(won).toHaveLength(1);
    for (const end of ends) {
      if (end.status === "fulfilled") continue;
      expect(end.reason).toMatchObject({ code: "conflict" });
      expect(String(end.reason.message)).toMatch(
        /^version 2 of the scorer "race" was promoted by ann at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC meanwhile$/
      );
    }
    expect(await scorers.versions(scope, base.scorerId)).toEqual([won[0], base]);
    const late = await scorers.promote(scope, promotion("race", { text: "late" }), won[0]!);
    expect(late.version).toBe(3);
  });

  test("a name is given once in a unit, whoever is first", async () => {
    const scorers = open();
    const both = promotion("twin", { businessUnits: ["support", "sales"] });
    const ends = await Promise.allSettled([
      scorers.promote(scope, both, null),
      scorers.promote(salesOnly, promotion("Twin", { businessUnits: ["sales"] }), null)
    ]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = ends.find((end) => end.status === "rejected")!;
    expect(lost.reason).toMatchObject({ code: "invalid" });
    expect(String(lost.reason.message)).toMatch(/"sales" has a scorer "twin" already.* promoted by (ann|bob) at /i);
    const other = await scorers.promote(scope, promotion("grows"), null);
    await scorers.promote(salesOnly, promotion("GROWS", { businessUnits: ["sales"] }), null);
    await expect(
      scorers.promote(scope, promotion("grows", { businessUnits: ["sales", "support"] }), other)
    ).rejects.toMatchObject({ code: "invalid" });
    expect(await scorers.versions(scope, other.scorerId)).toEqual([other]);
  });

  test("a scorer is seen by who sees one of its units, without the others and what was measured there", async () => {
    const scorers = open();
    const all = promotion("shared", { businessUnits: ["support", "sales"] });
    const made = await scorers.promote(scope, all, null);
    expect(made.businessUnits).toEqual(["sales", "support"]);
    expect(await scorers.find(salesOnly, made.scorerId)).toEqual({ ...made, businessUnits: ["sales"], evidence: null });
    expect((await scorers.list(legalOnly)).length).toBe(0);
    expect(await scorers.list({ ...scope, businessUnits: [] })).toEqual([]);
    const missing = { code: "missing" };
    await expect(scorers.find(legalOnly, made.scorerId)).rejects.toMatchObject(missing);
    await expect(scorers.versions(legalOnly, made.scorerId)).rejects.toMatchObject(missing);
    await expect(scorers.promote(legalOnly, promotion("shared", { businessUnits: ["legal"] }), made))
      .rejects //
      .toMatchObject({ code: "missing" });
    const denied = await scorers
      .promote(salesOnly, promotion("shared", { businessUnits: ["sales"] }), made)
      .catch((error: unknown) => error);
    expect(denied).toMatchObject({ code: "denied" });
    expect(JSON.stringify(denied) + String(denied)).not.toContain("support");
    await expect(scorers.promote(salesOnly, promotion("mine"), null)).rejects.toMatchObject({ code: "denied" });
  });

  test("a version may add units, keeps those it had and keeps the name", async () => {
    const scorers = open();
    const first = await scorers.promote(scope, promotion("wider"), null);
    const second = await scorers.promote(scope, promotion("wider", { businessUnits: ["sales"] }), first);
    expect(second.businessUnits).toEqual(["sales", "support"]);
    await expect(scorers.promote(scope, promotion("renamed"), second)).rejects.toMatchObject({ code: "invalid" });
    await expect(scorers.promote(scope, promotion("", {}), null)).rejects.toMatchObject({ code: "invalid" });
    await expect(scorers.promote(scope, promotion("none", { businessUnits: [] }), null)).rejects.toMatchObject({
      code: "invalid"
    });
    await expect(scorers.promote(scope, promotion("long", { note: "x".repeat(2001) }), null)).rejects.toMatchObject({
      code: "invalid",
      message: "the note of a promotion has 2,000 characters at most, not 2,001"
    });
  });
}
