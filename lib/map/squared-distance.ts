/**
 * Squared Euclidean distance of two rows that begin at `a` and `b`, in 32-bit numbers: eight running sums,
 * then their halves, as vector registers add them.
 */
export function squaredDistance(vectors: Float32Array, a: number, b: number, d: number): number {
  const round = Math.fround;
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < d; at += 8) {
    const left = d - at;
    const square = (lane: number) => {
      if (lane >= left) return 0;
      const apart = round(vectors[a + at + lane]! - vectors[b + at + lane]!);
      return round(apart * apart);
    };
    s0 = round(s0 + square(0));
    s1 = round(s1 + square(1));
    s2 = round(s2 + square(2));
    s3 = round(s3 + square(3));
    s4 = round(s4 + square(4));
    s5 = round(s5 + square(5));
    s6 = round(s6 + square(6));
    s7 = round(s7 + square(7));
  }
  const [even, odd] = [round(round(s0 + s4) + round(s2 + s6)), round(round(s1 + s5) + round(s3 + s7))];
  return round(even + odd);
}
