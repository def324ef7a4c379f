import fc from "fast-check";
import { expect, test } from "vitest";
import { listDifferences } from "#lib/map/compare.ts";
import { coverBox, differDensity } from "#lib/map/density-difference.ts";
import { NOISE } from "#lib/map/hdbscan.ts";
import { seededRandom } from "#lib/math/random.ts";
import { differShares } from "#lib/math/share-difference.ts";

test("clusters that differ are listed with their intervals, the surest first; the others are not", () => {
  const found = listDifferences([
    { cluster: 0, first: 100, second: 110 },
    { cluster: 1, first: 60, second: 10 },
    { cluster: 2, first: 0, second: 25 }
  ]);
  expect(found.map(({ cluster }) => cluster)).toEqual([1, 2]);
  expect(found[0]).toMatchObject({ first: 60, second: 10 });
  expect(found[0]!.difference).toBeCloseTo(60 / 160 - 10 / 145, 12);
  expect(found[0]!.low).toBeGreaterThan(0.2);
  expect(found[1]!.high).toBeLessThan(-0.08);
});

test("traces in no cluster are compared too, and one empty population or one trace differs in nothing", () => {
  expect(
    listDifferences([
      { cluster: NOISE, first: 50, second: 0 },
      { cluster: 0, first: 50, second: 50 }
    ])[0]!.cluster
  ).toBe(NOISE);
  expect(
    listDifferences([
      { cluster: 0, first: 50, second: 0 },
      { cluster: 1, first: 9, second: 0 }
    ])
  ).toEqual([]);
  expect(listDifferences([{ cluster: 0, first: 1, second: 0 }])).toEqual([]);
  expect(
    listDifferences([
      { cluster: 0, first: 1, second: 0 },
      { cluster: 1, first: 0, second: 1 }
    ])
  ).toEqual([]);
  expect(listDifferences([])).toEqual([]);
});

test("the two populations exchanged give the same list with signs turned", () => {
  const counts = fc.tuple(fc.nat(40), fc.nat(40));
  fc.assert(
    fc.property(fc.array(counts, { maxLength: 12 }), (list) => {
      const one = listDifferences(list.map(([first, second], cluster) => ({ cluster, first, second })));
      const other = listDifferences(list.map(([second, first], cluster) => ({ cluster, first, second })));
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
    const counts = Array.from({ length: 12 }, (_, cluster) => ({ cluster, first: 0, second: 0 }));
    for (let trace = 0; trace < 500; trace++) {
      counts[Math.floor(random() ** 2 * 12)]![random() < 0.4 ? "first" : "second"]++;
    }
    if (listDifferences(counts).length > 0) alarms++;
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

test("a grid covers a box and what lies around it, and one place alone", () => {
  const own = coverBox({ left: -4, right: 6, low: 0, high: 2 }, 50);
  expect(own.columns).toBe(50);
  expect(own.left).toBeLessThan(-4);
  expect(own.left + own.columns * own.cell).toBeGreaterThan(6);
  expect(own.low + own.rows * own.cell).toBeGreaterThan(2);
  const one = coverBox({ left: 3, right: 3, low: 1, high: 1 }, 50);
  const { difference } = differDensity(Float32Array.of(3), Float32Array.of(1), Uint8Array.of(0), one, 0);
  expect(Math.max(...difference)).toBe(1);
});
