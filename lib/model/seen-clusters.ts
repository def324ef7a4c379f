import type { ClusterTitle } from "./cluster-title.ts";
import type { ClusterChange, KeptMap } from "./kept-map.ts";
import type { BusinessUnit, Scope } from "./scope.ts";

/** What a model wrote of a cluster. */
export interface SeenTitle {
  readonly title: string;
  readonly description: string;
  readonly modelId: string;
}

/** A cluster of a kept map as one scope sees it: from the traces of its own units alone. */
export interface SeenCluster {
  readonly clusterId: number;
  /** The name people gave it, else the title a model wrote, else words; title and words are of traces that are seen. */
  readonly label: string;
  /** True when people gave the label. */
  readonly isNamed: boolean;
  /** Null where no model wrote one from traces that are seen. */
  readonly written: SeenTitle | null;
  /** Traces that are seen, at least 1. */
  readonly size: number;
  readonly change: ClusterChange;
  readonly from: readonly number[];
  readonly x: number;
  readonly y: number;
  readonly representatives: readonly string[];
}

const mostRepresentatives = 5;

/**
 * The clusters of a map with at least one trace of the scope's units, the largest first; title and words are those of
 * the unit with most traces in it.
 */
export function seenClusters({ version, names, titles }: KeptMap, scope: Scope): readonly SeenCluster[] {
  return version.clusters
    .flatMap(({ clusterId, change, from, parts }): SeenCluster[] => {
      const seen = scope.businessUnits
        .flatMap((unit) => (parts[unit] ? [{ unit, ...parts[unit] }] : []))
        .sort((a, b) => b.size - a.size);
      const [largest] = seen;
      if (!largest) return [];
      const size = seen.reduce((sum, part) => sum + part.size, 0);
      const written = findTitle(titles, { clusterId, unit: largest.unit, version: version.version });
      const centre = (axis: "x" | "y") => seen.reduce((sum, part) => sum + part[axis] * part.size, 0) / size;
      return [
        {
          clusterId,
          label: names[clusterId] ?? written?.title ?? largest.label,
          isNamed: names[clusterId] !== undefined,
          written,
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

function findTitle(
  titles: readonly ClusterTitle[],
  of: { readonly clusterId: number; readonly unit: BusinessUnit; readonly version: number }
): SeenTitle | null {
  const found = titles.find(
    (title) => title.clusterId === of.clusterId && title.businessUnit === of.unit && title.version === of.version
  );
  if (!found) return null;
  const { title, description, modelId } = found;
  return { title, description, modelId };
}

/** The units of a map that a scope sees. */
export function seenUnits({ businessUnits }: KeptMap, scope: Scope): readonly BusinessUnit[] {
  return businessUnits.filter((unit) => scope.businessUnits.includes(unit));
}
