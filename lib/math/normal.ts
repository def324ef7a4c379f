/**
 * Chance that a standard normal number is below z.
 *
 * @see Abramowitz and Stegun 1964, 26.2.11 (series, near the middle) and 26.2.14 (continued fraction, in the tails)
 */
export function normalBelow(z: number): number {
  if (z < -38) return 0;
  if (z > 38) return 1;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const away = Math.abs(z);
  if (away < 3) {
    let [term, sum] = [away, away];
    for (let odd = 3; Math.abs(term) > 1e-17 * sum; odd += 2) {
      term *= (away * away) / odd;
      sum += term;
    }
    return 0.5 + Math.sign(z) * density * sum;
  }
  let tail = away;
  for (let step = 60; step >= 1; step--) tail = away + step / tail;
  return z > 0 ? 1 - density / tail : density / tail;
}

/**
 * The z that a standard normal number is below with a chance.
 *
 * @param chance  in 0..1; 0 gives -Infinity, 1 Infinity
 * @see bisection on `normalBelow`, to 1e-12
 */
export function normalQuantile(chance: number): number {
  if (chance <= 0) return -Infinity;
  if (chance >= 1) return Infinity;
  let [low, high] = [-38, 38];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
