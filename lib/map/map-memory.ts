/**
 * Bytes a map takes at its peak, from above: texts and their words, two dense blocks of the
 * decomposition, vectors, neighbours with their search, graph and layout.
 *
 * @param points      texts, repeats included
 * @param characters  of all texts together
 * @param neighbours  per point
 */
export function estimateMapBytes(points: number, characters: number, neighbours: number): number {
  const perCharacter = 16;
  const perPoint = 256 * 4 + 3 * 136 * 8 + 128 * 8 + neighbours * 60 + 600;
  const fixed = 200 * 2 ** 20;
  return fixed + points * perPoint + characters * perCharacter;
}
