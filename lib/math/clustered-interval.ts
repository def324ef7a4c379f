import { wilsonInterval } from "./wilson.ts";

/** Trials that were made together and may resemble one another, like the steps of one trace. */
export interface Cluster {
  /** 0..trials. */
  readonly passes: number;
  /** 1 or more. */
  readonly trials: number;
}

/**
 * 95 % interval of a pass rate whose trials come in clusters: Wilson's, with as many trials as independent ones
 * would have to be to be as uncertain. Where all trials pass or all fail nothing is known of how alike a cluster's
 * trials are, and each cluster counts as one.
 *
 * @returns [low, high], each in 0..1; [0, 1] when there are no clusters
 * @see Korn and Graubard 1998, Survey Methodology 24(2), for the effective size; Cochran 1977, 6.3, for the variance
 */
export function clusteredInterval(clusters: readonly Cluster[]): readonly [number, number] {
  const n = clusters.length;
  const trials = clusters.reduce((sum, cluster) => sum + cluster.trials, 0);
  const passes = clusters.reduce((sum, cluster) => sum + cluster.passes, 0);
  if (n < 2 || passes === 0 || passes === trials) return wilsonInterval((n * passes) / Math.max(1, trials), n);
  const rate = passes / trials;
  const squares = clusters.reduce((sum, cluster) => sum + (cluster.passes - rate * cluster.trials) ** 2, 0);
  const variance = ((n / (n - 1)) * squares) / trials ** 2;
  const effective = Math.min(trials, (rate * (1 - rate)) / variance);
  return wilsonInterval(rate * effective, effective);
}
