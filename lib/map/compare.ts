import { adjustFalseDiscovery } from "../math/false-discovery.ts";
import { compareRates } from "../math/rate-ratio.ts";
import { differShares } from "../math/share-difference.ts";

/** Traces of two populations in one cluster. */
export interface ClusterCounts {
  /** Cluster, or NOISE. */
  readonly cluster: number;
  readonly first: number;
  readonly second: number;
}

/** A cluster of which the two populations hold different shares, beyond chance. */
export interface DifferingCluster extends ClusterCounts {
  /** Share of the first less share of the second, with 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Adjusted p-value over all clusters. */
  readonly q: number;
}

const FALSE_SHARE = 0.05;

/**
 * Clusters that two populations hold different shares of. Each is tested exactly (`compareRates`, both ways), and a
 * Benjamini and Hochberg limit over all clusters holds false finds to 5 % of the list. Ranked by how far the
 * difference surely is from none: the end of its interval that is nearer to 0. Traces count as independent; where
 * sessions or users bring many alike, the intervals are too narrow.
 *
 * @param counts  every cluster once, those without a cluster too; a trace is in one population at most
 */
export function listDifferences(counts: readonly ClusterCounts[]): readonly DifferingCluster[] {
  const total = (side: "first" | "second") => counts.reduce((sum, entry) => sum + entry[side], 0);
  const totals = { first: total("first"), second: total("second") };
  const tested = counts.map(({ cluster, first, second }) => {
    const one = { events: first, trials: totals.first };
    const other = { events: second, trials: totals.second };
    return { cluster, first, second, ...differShares(one, other), p: compareRates(one, other).pEither };
  });
  const q = adjustFalseDiscovery(tested.map(({ p }) => p));
  const surely = ({ low, high }: DifferingCluster) => Math.max(low, -high);
  return tested
    .map(({ p: _, ...entry }, at): DifferingCluster => ({ ...entry, q: q[at]! }))
    .filter((entry) => entry.q <= FALSE_SHARE)
    .sort((a, b) => surely(b) - surely(a) || a.q - b.q || a.cluster - b.cluster);
}
