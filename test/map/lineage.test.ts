import fc from "fast-check";
import { expect, test } from "vitest";
import { listOverlaps } from "#lib/map/cluster-overlaps.ts";
import { NOISE } from "#lib/map/hdbscan.ts";
import { type Lineage, matchClusters } from "#lib/map/lineage.ts";

/** Runs of [earlier, later, members]. */
type Runs = readonly (readonly [number, number, number])[];

function labelsOf(runs: Runs) {
  const before = Int32Array.from(runs.flatMap(([a, , n]) => new Array<number>(n).fill(a)));
  const after = Int32Array.from(runs.flatMap(([, b, n]) => new Array<number>(n).fill(b)));
  return { before, after, weight: new Int32Array(before.length).fill(1) };
}

const sizesOf = (labels: Int32Array) => {
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  return Array.from({ length: count }, (_, id) => labels.filter((label) => label === id).length);
};

function match(shared: { before: Int32Array; after: Int32Array; weight: Int32Array }): Lineage {
  const sizes = sizesOf(shared.before);
  return matchClusters(
    shared,
    sizes,
    sizesOf(shared.after),
    Int32Array.from(sizes, (_, id) => 10 + id),
    100
  );
}
const kinds = ({ origins, ends }: Lineage) => [origins.map(({ kind }) => kind), ends.map(({ kind }) => kind)];

test("clusters that are renumbered, grow and shrink keep their identity", () => {
  const lineage = match(
    labelsOf([
      [0, 2, 30],
      [1, 0, 20],
      [NOISE, 0, 9],
      [2, 1, 20],
      [2, NOISE, 8]
    ])
  );
  expect([...lineage.identities]).toEqual([11, 12, 10]);
  expect(kinds(lineage)).toEqual([["grew", "shrank", "stayed"], []]);
  expect(lineage.kept).toBe(1);
});

test("the larger part of a split keeps the identity, the other has a new one and names its origin", () => {
  const lineage = match(
    labelsOf([
      [0, 0, 60],
      [0, 1, 40]
    ])
  );
  expect([...lineage.identities]).toEqual([10, 100]);
  expect(lineage.origins[1]).toMatchObject({ kind: "split", same: undefined, evidence: [{ before: 0, shared: 40 }] });
  expect(lineage.nextIdentity).toBe(101);
});

test("a cluster in three equal parts is split and none of them is it", () => {
  const lineage = match(
    labelsOf([
      [0, 0, 30],
      [0, 1, 30],
      [0, 2, 30]
    ])
  );
  expect(kinds(lineage)).toEqual([["split", "split", "split"], ["split"]]);
  expect([...lineage.identities]).toEqual([100, 101, 102]);
});

test("the larger of two that merge gives the identity, the other ends in it", () => {
  const lineage = match(
    labelsOf([
      [0, 0, 60],
      [1, 0, 40]
    ])
  );
  expect(kinds(lineage)).toEqual([["merged"], ["merged"]]);
  expect([...lineage.identities]).toEqual([10]);
});

test("what was in no cluster is born, what falls apart dies", () => {
  const lineage = match(
    labelsOf([
      [NOISE, 0, 20],
      [0, NOISE, 20]
    ])
  );
  expect(kinds(lineage)).toEqual([["born"], ["died"]]);
  expect(lineage.kept).toBe(0);
});

const cases = fc.array(
  fc.tuple(fc.integer({ min: -1, max: 5 }), fc.integer({ min: -1, max: 5 }), fc.integer({ min: 1, max: 20 })),
  {
    maxLength: 60
  }
);
/** Numbers without gaps, as clusters have. */
function dense(labels: readonly number[]): Int32Array {
  const ids = [...new Set(labels.filter((label) => label >= 0))].sort((a, b) => a - b);
  return Int32Array.from(labels, (label) => (label < 0 ? NOISE : ids.indexOf(label)));
}
const membersOf = (rows: readonly (readonly [number, number, number])[]) => ({
  before: dense(rows.map(([a]) => a)),
  after: dense(rows.map(([, b]) => b)),
  weight: Int32Array.from(rows, ([, , weight]) => weight)
});

test("members are conserved: every trace of a cluster is in one overlap or went to noise", () => {
  fc.assert(
    fc.property(cases, (rows) => {
      const { before, after, weight } = membersOf(rows);
      const overlaps = listOverlaps(before, after, weight);
      const total = (keep: (i: number) => boolean) => weight.reduce((sum, value, i) => sum + (keep(i) ? value : 0), 0);
      sizesOf(before).forEach((_, id) => {
        const shared = overlaps.filter((o) => o.before === id).reduce((sum, o) => sum + o.shared, 0);
        expect(shared + total((i) => before[i] === id && after[i] === NOISE)).toBe(total((i) => before[i] === id));
      });
      for (const { jaccard, ofBefore, ofAfter } of overlaps) {
        expect(jaccard).toBeGreaterThan(0);
        expect(jaccard).toBeLessThanOrEqual(Math.min(ofBefore, ofAfter));
      }
    })
  );
});

test("how the later clusters are numbered does not matter", () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 5 }), (rows, turn) => {
      const shared = membersOf(rows);
      const count = sizesOf(shared.after).length;
      const renumber = (id: number) => (id === NOISE ? NOISE : (id + turn) % count);
      const lineage = match(shared);
      const turned = match({ ...shared, after: shared.after.map(renumber) });
      lineage.origins.forEach(({ cluster, identity, kind }) => {
        const other = turned.origins[renumber(cluster)]!;
        expect([other.identity, other.kind]).toEqual([identity, kind]);
      });
      expect(turned.ends.map(({ kind, identity }) => [kind, identity])).toEqual(
        lineage.ends.map(({ kind, identity }) => [kind, identity])
      );
    })
  );
});

test("no identity is held twice, and a version matched with itself changes nothing", () => {
  fc.assert(
    fc.property(cases, (rows) => {
      const shared = membersOf(rows);
      const lineage = match(shared);
      expect(new Set(lineage.identities).size).toBe(lineage.identities.length);
      const again = match({ ...shared, after: shared.before });
      expect([...again.identities]).toEqual(sizesOf(shared.before).map((_, id) => 10 + id));
      expect(again.origins.every(({ kind }) => kind === "stayed")).toBe(true);
      expect([again.ends, again.kept]).toEqual([[], 1]);
    })
  );
});
