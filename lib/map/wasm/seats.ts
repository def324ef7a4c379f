/**
 * A few points copied beside each other to be compared with one another, four at a time: what one by one would be
 * waiting for memory.
 */
import { blockEnd, push, rowAt, rowBytes, worstOf } from "./points";

let rowsAt: usize = 0;
let idsAt: usize = 0;
let worstAt: usize = 0;
let fourAt: usize = 0;

export function openSeats(rows: usize, ids: usize, worst: usize, four: usize): void {
  rowsAt = rows;
  idsAt = ids;
  worstAt = worst;
  fourAt = four;
}

export function seat(place: i32, id: i32): void {
  store<i32>(idsAt + ((<usize>place) << 2), id);
  store<f32>(worstAt + ((<usize>place) << 2), worstOf(id));
  const from = rowAt(id);
  const to = rowsAt + <usize>place * rowBytes;
  for (let at: usize = 0; at < rowBytes; at += 32) {
    v128.store(to + at, v128.load(from + at));
    v128.store(to + at, v128.load(from + at, 16), 16);
  }
}

/**
 * Compares the first `news` points seated with all seated after each; pairs and their order are those of `tryPair`
 * one by one. Rows are of whole numbers. @returns entries that changed
 */
export function joinSeated(news: i32, all: i32): i32 {
  let updates = 0;
  for (let a = 0; a < news; a++) {
    const row = rowsAt + <usize>a * rowBytes;
    for (let b = (a + 1) & ~3; b < all; b += 4) {
      const bounds = f32x4.pmax(v128.load(worstAt + ((<usize>b) << 2)), v128.load32_splat(worstAt + ((<usize>a) << 2)));
      const distances = fourDistances(row, rowsAt + <usize>b * rowBytes, bounds);
      let mask = i32x4.bitmask(f32x4.lt(distances, bounds));
      if (b <= a) mask &= -1 << (a + 1 - b);
      if (b + 4 > all) mask &= 15 >> (b + 4 - all);
      if (mask === 0) continue;
      v128.store(fourAt, distances);
      for (; mask !== 0; mask &= mask - 1) {
        const lane = ctz(mask);
        updates += offerSeated(a, b + lane, load<f32>(fourAt + ((<usize>lane) << 2)));
      }
    }
  }
  return updates;
}

/** Squared distances of a row to four that follow one another; any number above its bound for one beyond it. */
function fourDistances(row: usize, first: usize, bounds: v128): v128 {
  const second = first + rowBytes;
  const third = second + rowBytes;
  const fourth = third + rowBytes;
  let s0 = i32x4.splat(0);
  let s1 = i32x4.splat(0);
  let s2 = i32x4.splat(0);
  let s3 = i32x4.splat(0);
  let sums = f32x4.splat(0);
  let at: usize = 0;
  while (at < rowBytes) {
    const end = blockEnd(at, rowBytes);
    for (; at < end; at += 16) {
      const own = v128.load(row + at);
      const d0 = i16x8.sub(own, v128.load(first + at));
      const d1 = i16x8.sub(own, v128.load(second + at));
      const d2 = i16x8.sub(own, v128.load(third + at));
      const d3 = i16x8.sub(own, v128.load(fourth + at));
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(d0, d0));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(d1, d1));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(d2, d2));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(d3, d3));
    }
    const low = i32x4.add(v128.shuffle<i32>(s0, s1, 0, 4, 1, 5), v128.shuffle<i32>(s0, s1, 2, 6, 3, 7));
    const high = i32x4.add(v128.shuffle<i32>(s2, s3, 0, 4, 1, 5), v128.shuffle<i32>(s2, s3, 2, 6, 3, 7));
    sums = f32x4.convert_i32x4_s(
      i32x4.add(v128.shuffle<i32>(low, high, 0, 1, 4, 5), v128.shuffle<i32>(low, high, 2, 3, 6, 7))
    );
    if (!v128.any_true(f32x4.lt(sums, bounds))) return sums;
  }
  return sums;
}

/** Offers two seated points to each other; bounds of seats may have been those of before. */
function offerSeated(a: i32, b: i32, distance: f32): i32 {
  const p = load<i32>(idsAt + ((<usize>a) << 2));
  const q = load<i32>(idsAt + ((<usize>b) << 2));
  if (p === q) return 0;
  let taken = 0;
  if (distance < worstOf(p) && push(p, q, distance) === 1) {
    store<f32>(worstAt + ((<usize>a) << 2), worstOf(p));
    taken++;
  }
  if (distance < worstOf(q) && push(q, p, distance) === 1) {
    store<f32>(worstAt + ((<usize>b) << 2), worstOf(q));
    taken++;
  }
  return taken;
}
