/**
 * Bytes a map takes at its peak, from above: texts and their words, dense blocks of the decomposition with their
 * copies in the kernels' memory, vectors, neighbours with their search, graph and layout. Measured with 22,500 texts:
 * 320 MB where they are short, 570 MB where they hold 490 characters each.
 *
 * @param traces      texts, repeats included
 * @param distinct    texts, each counted once
 * @param characters  of the distinct texts together
 * @param neighbours  per point
 * @param d           dimensions of given vectors; null where they are made here
 */
export function estimateMapBytes(
  traces: number,
  distinct: number,
  characters: number,
  neighbours: number,
  d: number | null = null
): number {
  const perCharacter = 28;
  // Given vectors are there three times: as they came, as the map takes them, and in the kernels' memory.
  const perVector = d === null ? 256 * 4 + 6 * 136 * 4 + 4 * 128 * 8 : 3 * 4 * d;
  const perText = perVector + neighbours * 60 + 600;
  const perTrace = 150;
  const fixed = 160 * 2 ** 20;
  return fixed + traces * perTrace + distinct * perText + characters * perCharacter;
}
