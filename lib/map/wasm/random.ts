/** The stream of `seededRandom` in lib/math, as whole numbers below 2^32. */
let state: i32 = 0;

/** Begins the stream of a seed. */
export function seedRandom(seed: i32): void {
  state = seed;
}

/** A whole number in 0..limit - 1. */
export function randomBelow(limit: i32): i32 {
  state += 0x6d2b79f5;
  let mixed = (state ^ (state >>> 15)) * (1 | state);
  mixed = (mixed + (mixed ^ (mixed >>> 7)) * (61 | mixed)) ^ mixed;
  return <i32>((<u64>(<u32>(mixed ^ (mixed >>> 14))) * limit) >> 32);
}
