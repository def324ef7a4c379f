import { expect, test } from "vitest";
import type { MaskRules } from "#lib/model/mask.ts";
import type { Masks } from "#lib/ports/masks.ts";

const scope = { userId: "owner", roles: ["admin"], businessUnits: ["mask-a", "mask-b"] } as const;
const other = { userId: "guest", roles: ["lead"], businessUnits: ["mask-b"] } as const;
const rules: MaskRules = { patterns: ["card"], expressions: [], fields: ["user_id"] };

/** What every database keeps of what units hide. @param open  the door, once the tests run */
export function masksContract(open: () => Masks): void {
  test("the rules of a unit are added to, version by version, and the newest are in force", async () => {
    const masks = open();
    expect(await masks.list(scope, "mask-a")).toEqual([]);
    expect(await masks.inForce(["mask-a", "mask-b"])).toEqual([]);
    const first = await masks.add(scope, "mask-a", rules, 0);
    expect(first).toMatchObject({ businessUnit: "mask-a", version: 1, rules, userId: "owner" });
    const [before] = await masks.inForce(["mask-a"]);
    const second = await masks.add(scope, "mask-a", { ...rules, patterns: [] }, 1);
    expect(await masks.list(scope, "mask-a")).toEqual([second, first]);
    const inForce = await masks.inForce(["mask-a", "mask-b", "nowhere"]);
    expect(inForce).toEqual([{ ...second, salt: before?.salt }]);
    expect(before?.salt).toMatch(/^[0-9a-f]{32}$/);
    expect(await masks.inForce([])).toEqual([]);
  });

  test("of changes at the same time one holds, and the others are told", async () => {
    const masks = open();
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => masks.add(other, "mask-b", rules, 0)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "conflict" });
    await expect(masks.add(other, "mask-b", rules, 7)).rejects.toMatchObject({ code: "conflict" });
    expect(await masks.list(other, "mask-b")).toHaveLength(1);
  });

  test("another unit's rules are as if there were no such unit", async () => {
    const masks = open();
    await expect(masks.list(other, "mask-a")).rejects.toMatchObject({ code: "missing" });
    await expect(masks.add(other, "mask-a", rules, 2)).rejects.toMatchObject({ code: "missing" });
  });
}
