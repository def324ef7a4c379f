import { adjustFalseDiscovery } from "../math/false-discovery.ts";
import { compareRates } from "../math/rate-ratio.ts";
import { differShares } from "../math/share-difference.ts";
import { NOISE } from "./hdbscan.ts";

/** Two populations on one map; one entry per trace. */
export interface TwoPopulations {
  /** 0 for the first, 1 for the second; any other number is in neither. */
  readonly side: Uint8Array | Int32Array;
  /** Cluster, or NOISE. */
  readonly cluster: Int32Array;
}

/** A cluster of which the two populations hold different shares, beyond chance. */
export interface DifferingCluster {
  /** NOISE for traces in no cluster. */
  readonly cluster: number;
  /** Traces of each population in it, and of each in all. */
  readonly first: number;
  readonly second: number;
  readonly firstTotal: number;
  readonly secondTotal: number;
  /** Share of the first less share of the second, with 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Share of the first over share of the second, with 95 % interval; Infinity where the second has none. */
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
  /** Adjusted p-value over all clusters. */
  readonly q: number;
}

const FALSE_SHARE = 0.05;

/**
 * Clusters that two populations hold different shares of. Each is tested exactly (`compareRates`, both ways), and a
 * Benjamini and Hochberg limit over all clusters holds false finds to 5 % of the list. Ranked by how far the
 * difference surely is from none: the end of its interval that is nearer to 0. Traces count as independent; where
 * sessions or users bring many alike, the intervals are too narrow.
 */
export function listDifferences({ side, cluster }: TwoPopulations): readonly DifferingCluster[] {
  const counts = new Map<number, [number, number]>();
  const totals: [number, number] = [0, 0];
  side.forEach((of, trace) => {
    if (of !== 0 && of !== 1) return;
    const id = cluster[trace]! < 0 ? NOISE : cluster[trace]!;
    const own = counts.get(id) ?? [0, 0];
    own[of]++;
    totals[of]++;
    counts.set(id, own);
  });
  const tested = [...counts].map(([id, [first, second]]) => {
    const one = { events: first, trials: totals[0] };
    const other = { events: second, trials: totals[1] };
    return { id, first, second, rates: compareRates(one, other), shares: differShares(one, other) };
  });
  const q = adjustFalseDiscovery(tested.map(({ rates }) => rates.pEither));
  const surely = ({ low, high }: DifferingCluster) => Math.max(low, -high);
  return tested
    .map(
      ({ id, first, second, rates, shares }, at): DifferingCluster => ({
        cluster: id,
        first,
        second,
        firstTotal: totals[0],
        secondTotal: totals[1],
        ...shares,
        ratio: rates.ratio,
        ratioLow: rates.low,
        ratioHigh: rates.high,
        q: q[at]!
      })
    )
    .filter((entry) => entry.q <= FALSE_SHARE)
    .sort((a, b) => surely(b) - surely(a) || a.q - b.q || a.cluster - b.cluster);
}
