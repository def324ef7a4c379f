import fc from "fast-check";
import { expect, test } from "vitest";
import { listEmerging, listStrangest, type PlacedTraces } from "#lib/map/emerging.ts";
import { seededRandom } from "#lib/math/random.ts";

const window = { today: 20, recentDays: 4, pastDays: 16 };

/** Traces as [unit, day, cluster], placed by chance. */
function placed(rows: readonly (readonly [number, number, number])[]): PlacedTraces {
  const random = seededRandom(1);
  const column = (at: 0 | 1 | 2) => Int32Array.from(rows, (row) => row[at]);
  const chance = () => Float32Array.from(rows, () => random());
  return { unit: column(0), day: column(1), cluster: column(2), novelty: chance(), x: chance(), y: chance() };
}
/** `each` traces of a cluster on each of some days. */
const days = (unit: number, cluster: number, from: number, to: number, each: number) =>
  Array.from({ length: (to - from + 1) * each }, (_, i) => [unit, from + Math.floor(i / each), cluster] as const);

test("a cluster that was not there and one that doubled are listed, the new one first", () => {
  const rows = [
    ...days(0, 0, 1, 20, 30),
    ...days(0, 1, 1, 16, 10),
    ...days(0, 1, 17, 20, 24),
    ...days(0, 2, 18, 20, 5)
  ];
  const found = listEmerging(placed(rows), window);
  expect(found.map(({ cluster }) => cluster)).toEqual([2, 1]);
  expect(found[0]).toMatchObject({ recent: 15, past: 0, ratio: Infinity });
  expect(found[0]!.trend.slice(-4)).toEqual([0, 5, 5, 5]);
  expect(found[1]!.low).toBeGreaterThan(1.2);
  expect(found[1]!.high).toBeLessThan(3);
  const { representatives, extremes } = found[1]!;
  expect(new Set([...representatives, ...extremes]).size).toBe(10);
  for (const trace of [...representatives, ...extremes]) expect(rows[trace]![2]).toBe(1);
});

test("growth is told per unit, and a busy week is none", () => {
  const rows = [
    ...days(0, 0, 1, 16, 20),
    ...days(0, 0, 17, 20, 60),
    ...days(0, 1, 1, 16, 5),
    ...days(0, 1, 17, 20, 15),
    ...days(1, 0, 1, 20, 20),
    ...days(1, 1, 19, 20, 8)
  ];
  expect(listEmerging(placed(rows), window).map(({ unit, cluster }) => [unit, cluster])).toEqual([[1, 1]]);
});

test("what is neither now nor before does not count, and no traces give an empty list", () => {
  expect(listEmerging(placed([...days(0, 0, 1, 20, 9), ...days(0, 1, 21, 25, 50)]), window)).toEqual([]);
  expect(listEmerging(placed([]), window)).toEqual([]);
});

test("where nothing changes hardly any list has an entry", () => {
  let alarms = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const rows = Array.from({ length: 800 }, () => {
      return [Math.floor(random() * 2), 1 + Math.floor(random() * 20), Math.floor(random() ** 2 * 15)] as const;
    });
    if (listEmerging(placed(rows), window).length > 0) alarms++;
  }
  // At most 5 % of such lists on average; exact tests on small counts stay well below.
  expect(alarms / 200).toBeLessThanOrEqual(0.05);
});

test("how clusters and units are numbered changes nothing but the numbers", () => {
  const row = fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 20 }), fc.integer({ min: -1, max: 4 }));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 150 }), (rows) => {
      const plain = listEmerging(placed(rows), window);
      const turned = listEmerging(placed(rows.map(([u, d, c]) => [2 - u, d, c < 0 ? c : 4 - c])), window);
      const facts = (list: typeof plain) => list.map(({ recent, past, q }) => [q, recent, past]).sort();
      expect(facts(turned)).toEqual(facts(plain));
    })
  );
});

test("the strangest of a unit are its most novel traces of the last days", () => {
  const row = fc.tuple(fc.nat(2), fc.integer({ min: 10, max: 22 }), fc.nat(3));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 80 }), (rows) => {
      const traces = placed(rows);
      const found = listStrangest(traces, window);
      const recent = rows.map(([unit, day], at) => ({ unit, day, at })).filter(({ day }) => day > 16 && day <= 20);
      const best = (of: number) =>
        recent
          .filter(({ unit }) => unit === of)
          .sort((a, b) => traces.novelty[b.at]! - traces.novelty[a.at]!)
          .slice(0, 5)
          .map(({ at }) => at);
      expect(found).toEqual(
        [0, 1, 2].map((unit) => ({ unit, traces: best(unit) })).filter((of) => of.traces.length > 0)
      );
    })
  );
});
