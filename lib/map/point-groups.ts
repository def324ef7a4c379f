import type { Neighbours } from "./neighbour-table.ts";

/**
 * Points by cluster, in order of their first point; points below 0 are in none.
 *
 * @param points  those to look at; all when absent
 */
export function groupPoints(labels: Int32Array, points?: readonly number[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  const add = (point: number) => {
    const label = labels[point]!;
    if (label < 0) return;
    const group = groups.get(label);
    if (group) group.push(point);
    else groups.set(label, [point]);
  };
  if (points) points.forEach(add);
  else for (let point = 0; point < labels.length; point++) add(point);
  return groups;
}

/** The share of the neighbours of some points for which something holds, 0..1; 0 without neighbours. */
export function linksInto(
  points: readonly number[],
  { k, index }: Neighbours,
  holds: (neighbour: number) => boolean
): number {
  let count = 0;
  for (const point of points) {
    for (let at = point * k + 1; at < (point + 1) * k; at++) if (holds(index[at]!)) count++;
  }
  return count / Math.max(1, points.length * (k - 1));
}
