/**
 * A seeded stream of numbers in [0, 1): the same seed gives the same stream on every machine.
 *
 * @param seed  any number; only its low 32 bits count
 * @see splitmix-style 32-bit mixing (mulberry32); the period is 2^32, enough for sampling and starts
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A seeded stream of standard normal numbers.
 *
 * @see Box and Muller 1958, doi:10.1214/aoms/1177706645
 */
export function seededNormal(seed: number): () => number {
  const random = seededRandom(seed);
  let spare = Number.NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const kept = spare;
      spare = Number.NaN;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * A 32-bit hash of a text, for seeds that follow from content.
 *
 * @returns an unsigned integer below 2^32
 * @see FNV-1a, over UTF-16 units
 */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
