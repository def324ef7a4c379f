/**
 * Chance that at least one of k trials passes, from n trials of which c passed; null where k is more than n.
 *
 * @see Chen et al. 2021, arXiv:2107.03374 (pass@k)
 */
export function passAtLeastOnce(n: number, c: number, k: number): number | null {
  return k > n ? null : 1 - drawnWithout(n, n - c, k);
}

/**
 * Chance that all of k trials pass, from n trials of which c passed; null where k is more than n.
 *
 * @see Yao et al. 2024, arXiv:2406.12045 (pass^k)
 */
export function passEveryTime(n: number, c: number, k: number): number | null {
  return k > n ? null : drawnWithout(n, c, k);
}

/** Chance that k drawn of n are all among m of them: C(m, k) / C(n, k). */
function drawnWithout(n: number, m: number, k: number): number {
  let chance = 1;
  for (let i = 0; i < k; i++) chance *= Math.max(0, m - i) / (n - i);
  return chance;
}
