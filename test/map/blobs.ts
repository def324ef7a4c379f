import { seededNormal } from "#lib/math/random.ts";

/** n vectors of d numbers around `groups` centres, the group of point i being i modulo `groups`. */
export function blobs(n: number, d: number, groups: number, apart: number, seed: number): Float32Array {
  const normal = seededNormal(seed);
  const centres = Float32Array.from({ length: groups * d }, () => normal() * apart);
  const vectors = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const centre = (i % groups) * d;
    for (let c = 0; c < d; c++) vectors[i * d + c] = centres[centre + c]! + normal();
  }
  return vectors;
}
