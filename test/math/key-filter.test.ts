import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyFilter } from "#lib/math/key-filter.ts";
import { seededRandom } from "#lib/math/random.ts";

const half = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test("a filter never says no to what is in it, however many keys it was made for", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half), { maxLength: 200 }), fc.nat(50), (keys, room) => {
      const filter = new KeyFilter(room);
      for (const [low, high] of keys) filter.add(low, high);
      expect(keys.every(([low, high]) => filter.has(low, high))).toBe(true);
    }),
    { seed: 7 }
  );
});

test("one in some 1,700 keys that are not in it passes, and two bytes a key are spent", () => {
  const random = seededRandom(3);
  const draw = () => Math.floor(random() * 2 ** 32);
  const filter = new KeyFilter(20_000);
  for (let at = 0; at < 20_000; at += 1) filter.add(draw(), draw());
  const passed = Array.from({ length: 100_000 }, () => filter.has(draw(), draw())).filter(Boolean).length;
  expect(passed).toBeGreaterThan(10);
  expect(passed).toBeLessThan(150);
  expect(KeyFilter.sizeBytes(20_000)).toBe(40_000);
  expect(new KeyFilter(0).has(draw(), draw())).toBe(false);
});
