/**
 * The chance of at least `k` passes in `trials` at a rate, 0..1.
 *
 * @param k     whole; 0 or less is certain, more than `trials` impossible
 * @param rate  0..1
 * @see the regularised incomplete beta function I_rate(k, trials - k + 1): Abramowitz and Stegun 1964, 26.5.24
 */
export function binomialAtLeast(k: number, trials: number, rate: number): number {
  if (k <= 0 || rate >= 1) return k <= trials ? 1 : 0;
  if (k > trials || rate <= 0) return 0;
  return incompleteBeta(rate, k, trials - k + 1);
}

/**
 * The exact interval of a rate.
 *
 * @param passes  0..trials
 * @param level   0..1 without its ends; 0.95 by default
 * @returns [low, high], each in 0..1; [0, 1] without trials
 * @see Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404
 */
export function exactInterval(passes: number, trials: number, level = 0.95): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const tail = (1 - level) / 2;
  const solve = (holds: (rate: number) => boolean) => {
    let [low, high] = [0, 1];
    for (let step = 0; step < 50; step++) {
      const middle = (low + high) / 2;
      if (holds(middle)) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return [
    passes === 0 ? 0 : solve((rate) => binomialAtLeast(passes, trials, rate) < tail),
    passes === trials ? 1 : solve((rate) => binomialAtLeast(passes + 1, trials, rate) < 1 - tail)
  ];
}

/** @see continued fraction by Lentz's method: Press et al., Numerical Recipes, 6.4 */
function incompleteBeta(x: number, a: number, b: number): number {
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const guard = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let sum = d;
  // The count of terms grows with the root of the larger parameter; a thousand are enough for ten million trials.
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    sum *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    sum *= d * c;
    if (Math.abs(d * c - 1) < 1e-13) break;
  }
  return sum;
}

/** The logarithm of the gamma function of a number above 0. @see Lanczos 1964, doi:10.1137/0701008 */
function logGamma(x: number): number {
  const weights = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7
  ];
  const sum = weights.reduce((all, weight, at) => all + weight / (x + at), 0.9999999999998099);
  const base = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}
