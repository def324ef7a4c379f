import { seededNormal } from "#lib/math/random.ts";

/** n vectors of d numbers around `groups` centres, the group of point i being i modulo `groups`. */
export function blobs(n: number, d: number, groups: number, apart: number, seed: number): Float32Array {
  const normal = seededNormal(seed);
  const centres = Float32Array.from({ length: groups * d }, () => normal() * apart);
  return Float32Array.from(
    { length: n * d },
    (_, at) => centres[(Math.floor(at / d) % groups) * d + (at % d)]! + normal()
  );
}
