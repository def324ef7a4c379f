import type { Cluster } from "../model/run.ts";

/** What a list of clusters is made from; one entry per trace. */
export interface ClusteredTraces {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly cluster: Int32Array;
  readonly traceIds: readonly string[];
}

const REPRESENTATIVES = 5;

/**
 * Clusters as people see them: size, share of all traces, centre, and the traces nearest the centre.
 *
 * @param labels  by cluster id; an empty one becomes "group" and its number
 * @param textOf  distinct text per trace: representatives are of different texts where there are enough
 */
export function listClusters(
  traces: ClusteredTraces,
  labels: readonly string[],
  textOf: Int32Array
): readonly Cluster[] {
  const { x, y, cluster, traceIds } = traces;
  const members = labels.map((): number[] => []);
  cluster.forEach((id, trace) => {
    if (id >= 0) members[id]!.push(trace);
  });
  return members.map((list, id) => {
    const centre = list.reduce(
      (sum, trace) => ({ x: sum.x + x[trace]! / list.length, y: sum.y + y[trace]! / list.length }),
      { x: 0, y: 0 }
    );
    return {
      id,
      label: labels[id] || `group ${id + 1}`,
      size: list.length,
      share: list.length / cluster.length,
      x: centre.x,
      y: centre.y,
      representatives: nearestTraces(list, traces, centre, textOf).map((trace) => traceIds[trace]!)
    };
  });
}

function nearestTraces(
  list: readonly number[],
  { x, y }: ClusteredTraces,
  centre: { readonly x: number; readonly y: number },
  textOf: Int32Array
): number[] {
  const away = (trace: number) => (x[trace]! - centre.x) ** 2 + (y[trace]! - centre.y) ** 2;
  const firstOfText = new Map<number, number>();
  for (const trace of list) {
    const held = firstOfText.get(textOf[trace]!);
    if (held === undefined || away(trace) < away(held)) firstOfText.set(textOf[trace]!, trace);
  }
  const nearest = [...firstOfText.values()].sort((a, b) => away(a) - away(b) || a - b).slice(0, REPRESENTATIVES);
  for (const trace of list) {
    if (nearest.length >= REPRESENTATIVES) break;
    if (!nearest.includes(trace)) nearest.push(trace);
  }
  return nearest;
}
