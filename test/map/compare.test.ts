import fc from "fast-check";
import { expect, test } from "vitest";
import { listDifferences } from "#lib/map/compare.ts";
import { differDensity } from "#lib/map/density-difference.ts";
import { NOISE } from "#lib/map/hdbscan.ts";
import { seededRandom } from "#lib/math/random.ts";
import { differShares } from "#lib/math/share-difference.ts";

/** Traces as [side, cluster, how many]. */
function populations(rows: readonly (readonly [number, number, number])[]) {
  const each = rows.flatMap(([side, cluster, n]) => new Array<readonly [number, number]>(n).fill([side, cluster]));
  return { side: Int32Array.from(each, ([side]) => side), cluster: Int32Array.from(each, ([, cluster]) => cluster) };
}

test("clusters that differ are listed with both intervals, the surest first; the others are not", () => {
  const found = listDifferences(
    populations([
      [0, 0, 100],
      [1, 0, 110],
      [0, 1, 60],
      [1, 1, 10],
      [0, 2, 0],
      [1, 2, 25],
      [2, 1, 500]
    ])
  );
  expect(found.map(({ cluster }) => cluster)).toEqual([1, 2]);
  expect(found[0]).toMatchObject({ first: 60, second: 10, firstTotal: 160, secondTotal: 145 });
  expect(found[0]!.low).toBeGreaterThan(0.2);
  expect(found[0]!.ratioLow).toBeGreaterThan(2.5);
  expect(found[1]!.ratio).toBe(0);
  expect(found[1]!.high).toBeLessThan(-0.08);
});

test("traces in no cluster are compared too, and one empty population differs in nothing", () => {
  expect(
    listDifferences(
      populations([
        [0, NOISE, 50],
        [1, 0, 50],
        [0, 0, 50]
      ])
    )[0]!.cluster
  ).toBe(NOISE);
  expect(
    listDifferences(
      populations([
        [0, 0, 50],
        [0, 1, 9]
      ])
    )
  ).toEqual([]);
});

test("the two populations exchanged give the same list with signs turned", () => {
  const row = fc.tuple(fc.nat(1), fc.integer({ min: -1, max: 4 }), fc.nat(40));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      const one = listDifferences(populations(rows));
      const other = listDifferences(populations(rows.map(([side, cluster, n]) => [1 - side, cluster, n])));
      expect(other.map(({ cluster }) => cluster).sort()).toEqual(one.map(({ cluster }) => cluster).sort());
      for (const entry of one) {
        const turned = other.find(({ cluster }) => cluster === entry.cluster)!;
        expect(turned.difference).toBeCloseTo(-entry.difference, 12);
        expect(turned.low).toBeCloseTo(-entry.high, 12);
      }
    })
  );
});

test("of two draws from one population hardly ever a cluster differs", () => {
  let alarms = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const rows = Array.from(
      { length: 500 },
      () => [random() < 0.4 ? 0 : 1, Math.floor(random() ** 2 * 12), 1] as const
    );
    if (listDifferences(populations(rows)).length > 0) alarms++;
  }
  expect(alarms / 200).toBeLessThanOrEqual(0.05);
});

test("the interval of a difference is the published one", () => {
  // Newcombe 1998, table II, method 10: 56 of 70 against 48 of 80.
  const { difference, low, high } = differShares({ events: 56, trials: 70 }, { events: 48, trials: 80 });
  expect([difference, low, high].map((value) => value.toFixed(4))).toEqual(["0.2000", "0.0524", "0.3339"]);
});

const grid = { columns: 40, rows: 30, left: -20, low: -15, cell: 1 };

test("density differs where one population stands and the other does not, and sums to nothing", () => {
  const random = seededRandom(3);
  const n = 2000;
  const side = Uint8Array.from({ length: n }, (_, i) => i % 2);
  const x = Float32Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -6 : 6) + random());
  const y = Float32Array.from({ length: n }, () => random());
  const { difference, most } = differDensity(x, y, side, grid, 1.5);
  const at = (column: number, row: number) => difference[row * 40 + column]!;
  expect(at(14, 15)).toBeCloseTo(most, 6);
  expect(at(26, 15)).toBeCloseTo(-most, 6);
  expect(difference.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 5);
  expect(Math.abs(at(20, 2))).toBeLessThan(1e-6);
});

test("a population against itself, none, and places off the grid leave no difference", () => {
  const x = Float32Array.of(1, 1, 900, Number.NaN);
  const y = Float32Array.of(1, 1, 0, 0);
  expect(differDensity(x, y, Uint8Array.of(0, 1, 0, 1), grid, 2).most).toBeLessThan(1e-9);
  expect(differDensity(x, y, Uint8Array.of(2, 2, 2, 2), grid, 2).most).toBe(0);
});
