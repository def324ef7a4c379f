import { normalBelow, normalQuantile } from "./normal.ts";
import { seededRandom } from "./random.ts";

/** How to draw. */
export interface BootstrapOptions {
  /** 2000 when absent. */
  readonly draws?: number;
  readonly seed?: number;
}

/** The interval is left out where more draws than this have no value. */
const mostUndefined = 0.1;

/**
 * 95 % interval of a statistic by drawing whole clusters again: labels of one trace or session are alike, and drawing
 * them one by one would make the interval too narrow. Corrected for bias and skewness.
 *
 * @param clusters   at least two; each is drawn or left out as a whole
 * @param statistic  of the drawn clusters, each as often as it was drawn; null where it has no value
 * @returns null with fewer than two clusters, or where the statistic has no value for them or for a tenth of the draws
 * @see Efron 1987, doi:10.1080/01621459.1987.10478410 (BCa); acceleration by leaving out one cluster at a time
 */
export function bootstrapInterval<T>(
  clusters: readonly T[],
  statistic: (drawn: readonly T[]) => number | null,
  { draws = 2000, seed = 1 }: BootstrapOptions = {}
): readonly [number, number] | null {
  const n = clusters.length;
  const whole = statistic(clusters);
  if (n < 2 || whole === null) return null;
  const random = seededRandom(seed);
  const drawn = Array.from({ length: draws }, () =>
    statistic(Array.from({ length: n }, () => clusters[Math.floor(random() * n)]!))
  );
  const values = drawn.filter((value) => value !== null).sort((a, b) => a - b);
  if (values.length < draws * (1 - mostUndefined)) return null;
  const below = values.filter((value) => value < whole).length;
  const equal = values.filter((value) => value === whole).length;
  const bias = normalQuantile((below + equal / 2) / values.length);
  if (!Number.isFinite(bias)) return [values[0]!, values.at(-1)!];
  const acceleration = accelerationOf(clusters, statistic);
  const quantile = (z: number) => {
    const share = normalBelow(bias + (bias + z) / (1 - acceleration * (bias + z)));
    return values[Math.min(values.length - 1, Math.max(0, Math.floor(share * values.length)))]!;
  };
  const z = normalQuantile(0.975);
  return [quantile(-z), quantile(z)];
}

/** Skewness of what each cluster does to the statistic; 0 where leaving one out takes its value away. */
function accelerationOf<T>(clusters: readonly T[], statistic: (drawn: readonly T[]) => number | null): number {
  const without = clusters.map((_, at) => statistic(clusters.toSpliced(at, 1)));
  const values = without.filter((value) => value !== null);
  if (values.length < without.length) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (mean - value) ** 2, 0);
  const cubes = values.reduce((sum, value) => sum + (mean - value) ** 3, 0);
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}
