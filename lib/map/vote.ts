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
 * The cluster each reference text would have if it came in now. Placed traces are in no cluster more often than those
 * the map was built from; who compares the two, as `listEmerging` does, takes these for the latter.
 *
 * @returns by reference text; its own cluster where it has no neighbours
 */
export function voteAnew({ n, k, neighbours, cluster }: FrozenProjection): Int32Array {
  if (k < 2) return cluster;
  return Int32Array.from({ length: n }, (_, text) =>
    voteOf(neighbours.subarray(text * k + 1, (text + 1) * k), cluster)
  );
}
