import type { FrozenProjection } from "./frozen-projection.ts";
import { NOISE } from "./hdbscan.ts";

/**
 * The cluster of more than half of some points, or NOISE: how a placed trace and a map's own noise points get a cluster.
 *
 * @param points   ids, at least one
 * @param cluster  by id
 */
export function voteOf(points: Int32Array, cluster: Int32Array): number {
  const votes = new Map<number, number>();
  for (const id of points) {
    const label = cluster[id]!;
    if (label !== NOISE) votes.set(label, (votes.get(label) ?? 0) + 1);
  }
  for (const [label, count] of votes) if (count * 2 > points.length) return label;
  return NOISE;
}

/**
 * The cluster a trace of each reference text would have if it came in now and the others were there. Placed traces are
 * in no cluster more often than those the map was built from; who compares the two, as `listEmerging` does, takes
 * these for the latter.
 *
 * @returns by reference text; its own cluster where other traces have the same text, or where it has no neighbours
 */
export function voteAnew({
  n,
  k,
  neighbours,
  cluster,
  counts
}: Pick<FrozenProjection, "n" | "k" | "neighbours" | "cluster" | "counts">): Int32Array {
  if (k < 2) return cluster;
  return Int32Array.from({ length: n }, (_, text) =>
    counts[text]! > 1 ? cluster[text]! : voteOf(neighbours.subarray(text * k + 1, (text + 1) * k), cluster)
  );
}
