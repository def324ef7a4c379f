/**
 * What the neighbour search holds of each point, all beside each other, so that who looks at one part has the
 * others near: distances of the neighbours found, a heap whose first is the farthest; their ids; whether each is new;
 * the vector, padded with zeros to whole blocks of 32 bytes: eight numbers of 32 bits, or sixteen whole ones of 16.
 */

/** Bytes after which a distance is held against the longest that still counts. */
const BLOCK: usize = 256;

export let n: i32 = 0;
export let others: i32 = 0;
export let slots: i32 = 0;
export let rowBytes: usize = 0;
/** Whether vectors are of whole numbers. */
export let whole: bool = false;
let pointsAt: usize = 0;
let pointBytes: usize = 0;
let rowOffset: usize = 0;

/** `neighbourSlots` is `neighbours` rounded up to a multiple of four; a row begins `row` bytes into a point. */
export function openPoints(
  count: i32,
  neighbours: i32,
  neighbourSlots: i32,
  vectorBytes: usize,
  wholes: bool,
  points: usize,
  bytes: usize,
  row: usize
): void {
  n = count;
  others = neighbours;
  slots = neighbourSlots;
  rowBytes = vectorBytes;
  whole = wholes;
  pointsAt = points;
  pointBytes = bytes;
  rowOffset = row;
}

export function pointAt(i: i32): usize {
  return pointsAt + <usize>i * pointBytes;
}

export function rowAt(i: i32): usize {
  return pointAt(i) + rowOffset;
}

export function indexAt(point: usize): usize {
  return point + ((<usize>slots) << 2);
}

export function freshAt(point: usize): usize {
  return point + ((<usize>slots) << 3);
}

/** How far the farthest of the neighbours held is. */
export function worstOf(i: i32): f32 {
  return load<f32>(pointAt(i));
}

/** Squared distance of two points; some number above `bound` as soon as it is certain to exceed it. */
export function squaredDistance(a: i32, b: i32, bound: f32): f32 {
  return whole ? wholeDistance(rowAt(a), rowAt(b), bound) : floatDistance(rowAt(a), rowAt(b), rowBytes, bound);
}

/** Squared distance of two rows of so many bytes, which hold numbers of 32 bits. */
export function floatDistance(a: usize, b: usize, bytes: usize, bound: f32): f32 {
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  let sum: f32 = 0;
  let at: usize = 0;
  while (at < bytes && sum <= bound) {
    const end = blockEnd(at, bytes);
    for (; at < end; at += 32) {
      const p = f32x4.sub(v128.load(a + at), v128.load(b + at));
      const q = f32x4.sub(v128.load(a + at, 16), v128.load(b + at, 16));
      even = f32x4.add(even, f32x4.mul(p, p));
      odd = f32x4.add(odd, f32x4.mul(q, q));
    }
    const sums = f32x4.add(even, odd);
    const halves = f32x4.add(sums, v128.shuffle<f32>(sums, sums, 2, 3, 0, 1));
    sum = f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
  }
  return sum;
}

function wholeDistance(a: usize, b: usize, bound: f32): f32 {
  let sums = i32x4.splat(0);
  let sum: f32 = 0;
  let at: usize = 0;
  while (at < rowBytes && sum <= bound) {
    const end = blockEnd(at, rowBytes);
    for (; at < end; at += 16) {
      const apart = i16x8.sub(v128.load(a + at), v128.load(b + at));
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(apart, apart));
    }
    sum = <f32>sumOfWholes(sums);
  }
  return sum;
}

/** Where the block ends that begins so many bytes into a row. */
export function blockEnd(at: usize, bytes: usize): usize {
  const rest = bytes - at;
  return at + (rest < BLOCK ? rest : BLOCK);
}

export function sumOfWholes(sums: v128): i32 {
  const halves = i32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 0, 1));
  return i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
}

/** Takes j among the neighbours of i in place of the farthest; 0 when it is there already. */
export function push(i: i32, j: i32, distance: f32): i32 {
  const distances = pointAt(i);
  const index = indexAt(distances);
  const fresh = freshAt(distances);
  const wanted = i32x4.splat(j);
  for (let at: usize = 0; at < <usize>slots * 4; at += 16) {
    if (v128.any_true(i32x4.eq(v128.load(index + at), wanted))) return 0;
  }
  let slot: usize = 0;
  for (;;) {
    let child: usize = 2 * slot + 1;
    if (child >= <usize>others) break;
    let value = load<f32>(distances + child * 4);
    if (child + 1 < <usize>others) {
      const beside = load<f32>(distances + child * 4, 4);
      if (beside > value) {
        value = beside;
        child++;
      }
    }
    if (distance >= value) break;
    store<i32>(index + slot * 4, load<i32>(index + child * 4));
    store<f32>(distances + slot * 4, value);
    store<u8>(fresh + slot, load<u8>(fresh + child));
    slot = child;
  }
  store<i32>(index + slot * 4, j);
  store<f32>(distances + slot * 4, distance);
  store<u8>(fresh + slot, 1);
  return 1;
}

/** Offers two points to each other. @returns entries that changed */
export function tryPair(a: i32, b: i32): i32 {
  const worstA = worstOf(a);
  const worstB = worstOf(b);
  const distance = squaredDistance(a, b, worstA > worstB ? worstA : worstB);
  let taken = 0;
  if (distance < worstA) taken += push(a, b, distance);
  if (distance < worstB) taken += push(b, a, distance);
  return taken;
}
