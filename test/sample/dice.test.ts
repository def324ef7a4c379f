import fc from "fast-check";
import { expect, test } from "vitest";
import { Dice } from "#lib/sample/dice.ts";

test("the same seed throws the same", () => {
  const throws = (seed: number) => {
    const dice = new Dice(seed);
    return [
      dice.fraction(),
      dice.whole(1, 6),
      dice.chance(0.5),
      dice.pick(["a", "b", "c"]),
      dice.several([1, 2, 3, 4], 2),
      dice.weighted([1, 2, 3]),
      dice.duration(500),
      dice.hex(16)
    ];
  };
  expect(throws(7)).toEqual(throws(7));
  expect(throws(7)).not.toEqual(throws(8));
});

test("what is drawn stays within what was asked for", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(fc.string(), { minLength: 1, maxLength: 9 }),
      fc.nat(12),
      (seed, items, count) => {
        const dice = new Dice(seed);
        expect(items).toContain(dice.pick(items));
        const several = dice.several(items, count);
        expect(several).toHaveLength(Math.min(count, items.length));
        const index = dice.weighted(items.map((_, at) => at + 1));
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThan(items.length);
        expect(dice.duration(100)).toBeGreaterThanOrEqual(1);
        expect(dice.hex(16)).toMatch(/^[0-9a-f]{16}$/);
      }
    )
  );
});
