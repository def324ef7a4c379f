import type { Places } from "#lib/map/spread-points.ts";
import type { ScatterColumn } from "./scatter-columns.ts";
import type { MapPoints } from "./scatter-rows.ts";

/**
 * Some points of a map at places of their own, with all that can be asked of them.
 *
 * @param at  which of the map's points, in their order
 */
export function pickPoints(points: MapPoints, at: Int32Array, { x, y }: Places): MapPoints {
  const own = (chosen: number) => at[chosen] ?? -1;
  return {
    x,
    y,
    cluster: at.map((point) => points.cluster[point]!),
    choices: points.choices.map((choice) => ({
      ...choice,
      read: async () => {
        const column = await choice.read();
        return column && pickColumn(column, at);
      }
    })),
    row: (chosen) => points.row(own(chosen)),
    text: (chosen, column) => points.text(own(chosen), column),
    novelty: (chosen) => points.novelty(own(chosen)),
    traceIds: (chosen) => points.traceIds(chosen.map(own)),
    async maskTraces(ids) {
      const mask = await points.maskTraces(ids);
      return Uint8Array.from(at, (point) => mask[point] ?? 0);
    }
  };
}

/** Codes mean what they did, so that colours stay. */
function pickColumn(column: ScatterColumn, at: Int32Array): ScatterColumn {
  if (column.kind !== "category") {
    return { ...column, values: Float64Array.from(at, (point) => column.values[point] ?? Number.NaN) };
  }
  const codes = at.map((point) => column.codes[point] ?? -1);
  const counts = column.words.map(() => 0);
  for (const code of codes) if (code >= 0) counts[code]! += 1;
  return { ...column, codes, counts };
}

/** Clusters of the map that some of its points are in, as they lie now, the largest first. */
export function partClusters<T extends { readonly id: number; readonly label: string }>(
  clusters: readonly T[],
  { x, y, cluster }: Pick<MapPoints, "x" | "y" | "cluster">
) {
  const sums = new Map(clusters.map(({ id, label }) => [id, { id, label, size: 0, x: 0, y: 0 }]));
  cluster.forEach((id, point) => {
    const sum = sums.get(id);
    if (!sum) return;
    sum.size += 1;
    sum.x += x[point]!;
    sum.y += y[point]!;
  });
  return [...sums.values()]
    .filter(({ size }) => size > 0)
    .map((sum) => ({ ...sum, x: sum.x / sum.size, y: sum.y / sum.size }))
    .sort((a, b) => b.size - a.size || a.id - b.id);
}

/** Which points of a mask are marked. */
export function markedPoints(mask: Uint8Array): Int32Array {
  const points: number[] = [];
  for (let at = 0; at < mask.length; at++) if (mask[at] === 1) points.push(at);
  return Int32Array.from(points);
}
