/**
 * How far two groupings of the same things agree beyond chance: 1 the same, 0 as chance would.
 *
 * @see adjusted Rand index: Hubert and Arabie 1985, doi:10.1007/BF01908075
 */
export function adjustedRand(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const tally = (keys: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts.values()].reduce((sum, count) => sum + pairs(count), 0);
  };
  const both = tally(a.map((value, at) => `${value}\u0000${b[at]}`));
  const [inA, inB, all] = [tally(a.map(String)), tally(b.map(String)), pairs(a.length)];
  const chance = (inA * inB) / all;
  return (both - chance) / ((inA + inB) / 2 - chance);
}
