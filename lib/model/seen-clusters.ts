import type { ClusterChange, KeptMap } from "./kept-map.ts";
import type { BusinessUnit, Scope } from "./scope.ts";

/** A cluster of a kept map as one scope sees it: from the traces of its own units alone. */
export interface SeenCluster {
  readonly clusterId: number;
  /** The name people gave it, or words of the traces that are seen. */
  readonly label: string;
  /** True when people gave the label. */
  readonly isNamed: boolean;
  /** Traces that are seen, at least 1. */
  readonly size: number;
  readonly change: ClusterChange;
  readonly from: readonly number[];
  readonly x: number;
  readonly y: number;
  readonly representatives: readonly string[];
}

const mostRepresentatives = 5;

/** The clusters of a map with at least one trace of the scope's units, the largest first; words are those of the unit with most traces in it. */
export function seenClusters({ version, names }: KeptMap, scope: Scope): readonly SeenCluster[] {
  return version.clusters
    .flatMap(({ clusterId, change, from, parts }): SeenCluster[] => {
      const seen = scope.businessUnits.flatMap((unit) => parts[unit] ?? []).sort((a, b) => b.size - a.size);
      const [largest] = seen;
      if (!largest) return [];
      const size = seen.reduce((sum, part) => sum + part.size, 0);
      const centre = (axis: "x" | "y") => seen.reduce((sum, part) => sum + part[axis] * part.size, 0) / size;
      return [
        {
          clusterId,
          label: names[clusterId] ?? largest.label,
          isNamed: names[clusterId] !== undefined,
          size,
          change,
          from,
          x: centre("x"),
          y: centre("y"),
          representatives: seen.flatMap(({ representatives }) => representatives).slice(0, mostRepresentatives)
        }
      ];
    })
    .sort((a, b) => b.size - a.size || a.clusterId - b.clusterId);
}

/** The units of a map that a scope sees. */
export function seenUnits({ businessUnits }: KeptMap, scope: Scope): readonly BusinessUnit[] {
  return businessUnits.filter((unit) => scope.businessUnits.includes(unit));
}
