import { NOISE } from "./hdbscan.ts";
import type { Neighbours } from "./neighbour-table.ts";

/**
 * Gives a noise point the cluster that more than half of its neighbours are in; the others stay noise.
 * One pass over the labels as they were, so the order of points does not matter.
 */
export function fillNoise(labels: Int32Array, neighbours: Pick<Neighbours, "k" | "index">): Int32Array {
  const { k, index } = neighbours;
  return labels.map((label, point) => {
    if (label !== NOISE) return label;
    const votes = new Map<number, number>();
    for (let at = point * k + 1; at < (point + 1) * k; at++) {
      const other = labels[index[at]!]!;
      if (other !== NOISE) votes.set(other, (votes.get(other) ?? 0) + 1);
    }
    for (const [cluster, count] of votes) if (count * 2 > k - 1) return cluster;
    return NOISE;
  });
}
