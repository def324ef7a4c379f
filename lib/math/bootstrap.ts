import { normalBelow, normalQuantile } from "./normal.ts";
import { seededRandom } from "./random.ts";

/** How to draw. */
export interface BootstrapOptions {
  /** 2000 when absent. */
  readonly draws?: number;
  readonly seed?: number;
}

/** Ends of a 95 % interval. */
export type Interval = readonly [number, number];

/** Statistics of some clusters, given by number, each as often as it was drawn; null where one has no value. */
export type ClusterStatistics = (drawn: Int32Array) => readonly (number | null)[];

/** The interval is left out where a greater share of the draws has no value. */
const mostUndefined = 0.1;
/** Clusters left out one at a time, to tell how skewed a statistic is; of more clusters, whole groups of them. */
const mostLeftOut = 400;
const drawsATurn = 50;

/**
 * 95 % intervals of statistics by drawing whole clusters again: labels of one trace or session are alike, and drawing
 * them one by one would make the intervals too narrow. Corrected for bias and skewness. Yields now and then, so that
 * its caller can let others work; the same seed gives the same intervals.
 *
 * @param n  clusters, numbered from 0; fewer than two give no interval
 * @returns by statistic; null where it has no value for the whole or for a tenth of the draws
 * @see Efron 1987, doi:10.1080/01621459.1987.10478410 (BCa)
 */
export function* bootstrapSteps(
  n: number,
  statistics: ClusterStatistics,
  { draws = 2000, seed = 1 }: BootstrapOptions = {}
): Generator<void, readonly (Interval | null)[]> {
  const everyone = Int32Array.from({ length: n }, (_, at) => at);
  const whole = statistics(everyone);
  if (n < 2) return whole.map(() => null);
  const random = seededRandom(seed);
  const drawn = new Int32Array(n);
  const values: (readonly (number | null)[])[] = [];
  for (let draw = 0; draw < draws; draw++) {
    for (let at = 0; at < n; at++) drawn[at] = Math.floor(random() * n);
    values.push(statistics(drawn));
    if (draw % drawsATurn === 0) yield;
  }
  const groups = Math.min(n, mostLeftOut);
  const without: (readonly (number | null)[])[] = [];
  for (let group = 0; group < groups; group++) {
    without.push(statistics(everyone.filter((at) => at % groups !== group)));
    if (group % drawsATurn === 0) yield;
  }
  return whole.map((value, which) => {
    const [some, left] = [values, without].map((list) => list.map((each) => each[which]!));
    return value === null ? null : intervalOf(value, some!, left!);
  });
}

/** The interval of one statistic over clusters, see `bootstrapSteps`. */
export function bootstrapInterval<T>(
  clusters: readonly T[],
  statistic: (drawn: readonly T[]) => number | null,
  options?: BootstrapOptions
): Interval | null {
  const steps = bootstrapSteps(
    clusters.length,
    (drawn) => [statistic(Array.from(drawn, (at) => clusters[at]!))],
    options
  );
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value[0]!;
  }
}

function intervalOf(
  whole: number,
  drawn: readonly (number | null)[],
  without: readonly (number | null)[]
): Interval | null {
  const values = drawn.filter((value) => value !== null).sort((a, b) => a - b);
  if (values.length < drawn.length * (1 - mostUndefined)) return null;
  const below = values.filter((value) => value < whole).length;
  const equal = values.filter((value) => value === whole).length;
  const bias = normalQuantile((below + equal / 2) / values.length);
  if (!Number.isFinite(bias)) return [values[0]!, values.at(-1)!];
  const acceleration = accelerationOf(without);
  const quantile = (z: number) => {
    const share = normalBelow(bias + (bias + z) / (1 - acceleration * (bias + z)));
    return values[Math.min(values.length - 1, Math.max(0, Math.floor(share * values.length)))]!;
  };
  const z = normalQuantile(0.975);
  return [quantile(-z), quantile(z)];
}

/** Skewness of what each cluster does to the statistic; 0 where leaving one out takes its value away. */
function accelerationOf(without: readonly (number | null)[]): number {
  const values = without.filter((value) => value !== null);
  if (values.length < without.length) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (mean - value) ** 2, 0);
  const cubes = values.reduce((sum, value) => sum + (mean - value) ** 3, 0);
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}
