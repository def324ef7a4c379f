import type { FuzzyGraph } from "./fuzzy-graph.ts";
import type { LayoutTask } from "./kernels.ts";

/**
 * The edges of a graph as a layout uses them: each as often as it weighs, the heaviest once per epoch; those that
 * would not be used even once are left out.
 *
 * @param order  the point that has each place in the layout; ends of edges are places
 */
export function layoutEdges(
  { n, start, target, weight }: FuzzyGraph,
  order: Int32Array,
  epochs: number
): Pick<LayoutTask, "rows" | "tail" | "uses"> {
  let most = 0;
  for (const value of weight) if (value > most) most = value;
  const least = most / epochs;
  let edges = 0;
  for (const value of weight) if (value >= least) edges++;
  const placeOf = new Int32Array(n);
  for (let place = 0; place < n; place++) placeOf[order[place]!] = place;
  const rows = new Int32Array(n + 1);
  const tail = new Int32Array(edges);
  const uses = new Float32Array(edges);
  let edge = 0;
  for (let place = 0; place < n; place++) {
    const i = order[place]!;
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      if (weight[at]! < least) continue;
      tail[edge] = placeOf[target[at]!]!;
      uses[edge++] = weight[at]! / most;
    }
    rows[place + 1] = edge;
  }
  return { rows, tail, uses };
}
