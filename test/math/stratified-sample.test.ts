import fc from "fast-check";
import { expect, test } from "vitest";
import { LowestRanks, restName, seededShare, shareSample } from "#lib/math/stratified-sample.ts";

const anyStrata = fc.array(
  fc.record({ group: fc.constantFrom("legal", "support", "sales"), size: fc.integer({ min: 1, max: 400 }) }),
  { minLength: 1, maxLength: 40 }
);
const anySpread = fc.constantFrom("proportional" as const, "equal" as const);

test("probabilities are exact, sum to the sample and give the population back, however it is cut", () => {
  fc.assert(
    fc.property(anyStrata, fc.integer({ min: 3, max: 300 }), anySpread, (sizes, count, spread) => {
      const strata = sizes.map((stratum, at) => ({ ...stratum, name: `s${at}` }));
      const population = strata.reduce((sum, { size }) => sum + size, 0);
      const shares = shareSample(strata, count, spread)!;
      expect(shares.reduce((sum, { take }) => sum + take, 0)).toBe(Math.min(count, population));
      for (const { take, size, probability, members, group } of shares) {
        expect(take).toBeGreaterThanOrEqual(1);
        expect(take).toBeLessThanOrEqual(size);
        expect(probability).toBe(take / size);
        expect(probability * size).toBeCloseTo(take, 9);
        // One over the probability, summed over those drawn, is the size of the stratum.
        expect(take / probability).toBeCloseTo(size, 9);
        const own = strata.filter(({ name }) => members.includes(name));
        expect(own.reduce((sum, part) => sum + part.size, 0)).toBe(size);
        expect(new Set(own.map((part) => part.group))).toEqual(new Set([group]));
      }
      expect(shares.flatMap(({ members }) => members).sort()).toEqual(strata.map(({ name }) => name).sort());
    })
  );
});

test("shares follow sizes, or are alike as far as there are members", () => {
  const strata = [600, 300, 95, 5].map((size, at) => ({ group: "support", name: String(at), size }));
  expect(shareSample(strata, 20, "proportional")!.map(({ take }) => take)).toEqual([11, 6, 2, 1]);
  expect(shareSample(strata, 40, "equal")!.map(({ take }) => take)).toEqual([12, 12, 11, 5]);
});

test("the smallest strata of a unit are put together where there are too many, those of two units never", () => {
  const strata = [
    ...[50, 3, 2, 1].map((size, at) => ({ group: "support", name: `s${at}`, size })),
    { group: "legal", name: "l0", size: 1 }
  ];
  const shares = shareSample(strata, 3, "proportional")!;
  expect(shares.map(({ group, name, size }) => [group, name, size])).toEqual([
    ["support", "s0", 50],
    ["legal", "l0", 1],
    ["support", restName, 6]
  ]);
  expect(shareSample(strata, 1, "equal")).toBeUndefined();
});

test("the same seed draws the same members in any order, another seed others, and each with its chance", () => {
  const ids = Array.from({ length: 60 }, (_, at) => `trace${at}`);
  const draw = (seed: number, offered: readonly string[]) => {
    const lowest = new LowestRanks<string>(12);
    for (const id of offered) lowest.offer(seededShare(seed, id), id, id);
    return lowest.list().map(({ value }) => value);
  };
  expect(draw(1, ids.toReversed())).toEqual(draw(1, ids));
  expect(draw(2, ids)).not.toEqual(draw(1, ids));
  const times = new Map(ids.map((id) => [id, 0]));
  const rounds = 4000;
  for (let seed = 0; seed < rounds; seed++) for (const id of draw(seed, ids)) times.set(id, times.get(id)! + 1);
  // Chi-square over 60 members drawn 12 at a time; 99.9 % of fair draws stay below about 100.
  const expected = (rounds * 12) / 60;
  const chi = [...times.values()].reduce((sum, n) => sum + (n - expected) ** 2 / (expected * 0.8), 0);
  expect(chi).toBeLessThan(100);
});

test("shares of texts are even over [0, 1), whatever the seed", () => {
  for (const seed of [0, 1, 7, 2 ** 31]) {
    const bins = new Array<number>(10).fill(0);
    for (let at = 0; at < 20_000; at++)
      bins[Math.floor(seededShare(seed, at.toString(16).padStart(32, "0")) * 10)]! += 1;
    for (const bin of bins) expect(Math.abs(bin - 2000)).toBeLessThan(200);
  }
});
