import { NOISE } from "./hdbscan.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { groupPoints, linksInto } from "./point-groups.ts";

/** The cluster of a point that the earlier version does not have. */
export const UNKNOWN = -2;

/** A group leaves its cluster when for each of its neighbour links fewer than this many lead to or come from the rest. */
const APART = 0.1;
/** A group is a free cluster's own when it is at least this share of it. */
const PURE = 0.8;
/** Two clusters become one when this share of each is in one free cluster, and of the smaller's neighbours in the larger. */
const TOGETHER = 0.75;
const MIXED = 1 / 3;

/**
 * Clusters of a refit that stay what they were unless the points say clearly otherwise. Clustering anew draws many
 * borders of dense stretches by chance, so it only proposes, and the neighbour table must agree:
 * known points keep their cluster, new ones join that of most of their known neighbours; a free cluster most of whose
 * points are in none is born; a part that is a free cluster and hardly a neighbour of the rest splits off; two whose
 * points lie in one free cluster and among one another merge; a cluster of under half the smallest size ends.
 *
 * @param free     by point its cluster of the new version alone, or NOISE
 * @param earlier  by point its cluster in the earlier version, NOISE or UNKNOWN
 * @param counts   traces at each point
 * @param least    smallest cluster, traces
 * @returns by point a cluster, numbered from 0 without gaps, or NOISE
 */
export function steadyClusters(
  free: Int32Array,
  earlier: Int32Array,
  neighbours: Neighbours,
  counts: Int32Array,
  least: number
): Int32Array {
  const labels = carryOver(earlier, neighbours);
  let next = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const tracesOf = (points: readonly number[]) => points.reduce((sum, point) => sum + counts[point]!, 0);
  for (const [, members] of groupPoints(free)) {
    const loose = members.filter((point) => labels[point]! < 0);
    if (loose.length * 2 > members.length && tracesOf(loose) >= least) {
      for (const point of loose) labels[point] = next;
      next++;
    }
  }
  next = splitOff(labels, free, neighbours, next, (points) => tracesOf(points) >= least);
  mergeMixed(labels, free, neighbours);
  for (const [, members] of groupPoints(labels)) {
    if (tracesOf(members) * 2 < least) for (const point of members) labels[point] = NOISE;
  }
  const ids = new Map([...groupPoints(labels).keys()].map((label, id) => [label, id]));
  return labels.map((label) => ids.get(label) ?? NOISE);
}

/** Known points as they were; new ones by most of their known neighbours, where a third of all neighbours are known. */
function carryOver(earlier: Int32Array, { k, index }: Neighbours): Int32Array {
  return earlier.map((label, point) => {
    if (label !== UNKNOWN) return label;
    const votes = new Map<number, number>();
    let known = 0;
    for (let at = point * k + 1; at < (point + 1) * k; at++) {
      const other = earlier[index[at]!]!;
      if (other === UNKNOWN) continue;
      known++;
      if (other >= 0) votes.set(other, (votes.get(other) ?? 0) + 1);
    }
    if (known * 3 < k - 1) return NOISE;
    for (const [cluster, count] of votes) if (count * 2 > known) return cluster;
    return NOISE;
  });
}

/** Gives parts that stand apart numbers of their own, changing `labels`; returns the next free number. */
function splitOff(
  labels: Int32Array,
  free: Int32Array,
  neighbours: Neighbours,
  first: number,
  isEnough: (points: readonly number[]) => boolean
): number {
  let next = first;
  const freeSizes = new Map([...groupPoints(free)].map(([id, members]) => [id, members.length]));
  for (const [cluster, members] of groupPoints(labels)) {
    const parts = [...groupPoints(free, members)].sort(([, a], [, b]) => a.length - b.length || a[0]! - b[0]!);
    let rest = members.length;
    for (const [id, part] of parts) {
      if (part.length < PURE * freeSizes.get(id)! || !isEnough(part)) continue;
      // The largest part keeps the cluster's place: what is left must be more than the part that leaves.
      if (part.length * 2 > rest) continue;
      const inPart = new Set(part);
      const others = members.filter((point) => labels[point] === cluster && !inPart.has(point));
      const inRest = new Set(others);
      const out = linksInto(part, neighbours, (other) => inRest.has(other));
      const back = (linksInto(others, neighbours, (other) => inPart.has(other)) * others.length) / part.length;
      if (Math.max(out, back) >= APART) continue;
      for (const point of part) labels[point] = next;
      rest -= part.length;
      next++;
    }
  }
  return next;
}

/** Joins clusters that lie in one another, changing `labels`; the larger gives the number. */
function mergeMixed(labels: Int32Array, free: Int32Array, neighbours: Neighbours): void {
  const groups = [...groupPoints(labels)].sort(([, a], [, b]) => b.length - a.length || a[0]! - b[0]!);
  const homes = new Map<number, { readonly cluster: number; readonly members: readonly number[] }>();
  for (const [cluster, members] of groups) {
    const home = [...groupPoints(free, members)].find(([, part]) => part.length >= TOGETHER * members.length)?.[0];
    if (home === undefined) continue;
    const larger = homes.get(home);
    if (!larger) {
      homes.set(home, { cluster, members });
      continue;
    }
    const mixed = linksInto(members, neighbours, (other) => labels[other] === larger.cluster);
    if (mixed >= MIXED) for (const point of members) labels[point] = larger.cluster;
  }
}
