/**
 * The loops of the neighbour search over memory that the host lays out; its twin in plain TypeScript is
 * lib/map/plain-neighbours.ts. Names that end in At are byte addresses. Rows of vectors are padded with
 * zeros to whole blocks of eight numbers.
 */
import { randomBelow } from "./random";

const LEAF: i32 = 32;
const CANDIDATES: i32 = 32;
/** Bytes after which a distance is held against the longest that still counts. */
const BLOCK: usize = 256;

let n: i32 = 0;
let others: i32 = 0;
let slots: i32 = 0;
let rowBytes: usize = 0;
let vectorsAt: usize = 0;
let indexAt: usize = 0;
let distanceAt: usize = 0;
let freshAt: usize = 0;
let worstAt: usize = 0;
let idsAt: usize = 0;
let leafAt: usize = 0;
let newsAt: usize = 0;
let oldsAt: usize = 0;
let newOffersAt: usize = 0;
let oldOffersAt: usize = 0;
let stackAt: usize = 0;

/** Names the memory of one search; `slots` is `others` rounded up to a multiple of four. */
export function openSearch(
  points: i32,
  neighbours: i32,
  neighbourSlots: i32,
  vectorBytes: usize,
  vectors: usize,
  index: usize,
  distance: usize,
  fresh: usize,
  worst: usize,
  ids: usize,
  leaf: usize,
  news: usize,
  olds: usize,
  newOffers: usize,
  oldOffers: usize,
  stack: usize
): void {
  n = points;
  others = neighbours;
  slots = neighbourSlots;
  rowBytes = vectorBytes;
  vectorsAt = vectors;
  indexAt = index;
  distanceAt = distance;
  freshAt = fresh;
  worstAt = worst;
  idsAt = ids;
  leafAt = leaf;
  newsAt = news;
  oldsAt = olds;
  newOffersAt = newOffers;
  oldOffersAt = oldOffers;
  stackAt = stack;
}

/** Squared distance of two rows; some number above `bound` as soon as it is certain to exceed it. */
function squaredDistance(a: i32, b: i32, bound: f32): f32 {
  const rowA = vectorsAt + <usize>a * rowBytes;
  const rowB = vectorsAt + <usize>b * rowBytes;
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  let sum: f32 = 0;
  let at: usize = 0;
  while (at < rowBytes && sum <= bound) {
    const rest = rowBytes - at;
    const end = at + (rest < BLOCK ? rest : BLOCK);
    for (; at < end; at += 32) {
      const p = f32x4.sub(v128.load(rowA + at), v128.load(rowB + at));
      const q = f32x4.sub(v128.load(rowA + at, 16), v128.load(rowB + at, 16));
      even = f32x4.add(even, f32x4.mul(p, p));
      odd = f32x4.add(odd, f32x4.mul(q, q));
    }
    const sums = f32x4.add(even, odd);
    const halves = f32x4.add(sums, v128.shuffle<f32>(sums, sums, 2, 3, 0, 1));
    sum = f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
  }
  return sum;
}

/** Takes j among the neighbours of i in place of the farthest; 0 when it is there already. */
function push(i: i32, j: i32, distance: f32): i32 {
  const row = <usize>i * slots;
  const index = indexAt + row * 4;
  const distances = distanceAt + row * 4;
  const fresh = freshAt + row;
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
  store<f32>(worstAt + ((<usize>i) << 2), load<f32>(distances));
  return 1;
}

function tryPair(a: i32, b: i32): i32 {
  const worstA = load<f32>(worstAt + ((<usize>a) << 2));
  const worstB = load<f32>(worstAt + ((<usize>b) << 2));
  const distance = squaredDistance(a, b, worstA > worstB ? worstA : worstB);
  let taken = 0;
  if (distance < worstA) taken += push(a, b, distance);
  if (distance < worstB) taken += push(b, a, distance);
  return taken;
}

function idAt(at: i32): i32 {
  return load<i32>(idsAt + ((<usize>at) << 2));
}

/** Orders all ids by random planes until at most LEAF are together; a leaf's first place is marked. */
export function growTree(): void {
  for (let at = 0; at < n; at++) store<i32>(idsAt + ((<usize>at) << 2), at);
  memory.fill(leafAt, 0, n);
  let from = 0;
  let to = n;
  let depth: usize = 0;
  for (;;) {
    if (to - from <= LEAF) {
      store<u8>(leafAt + from, 1);
      if (depth === 0) return;
      depth--;
      from = load<i32>(stackAt + depth * 8);
      to = load<i32>(stackAt + depth * 8, 4);
      continue;
    }
    const middle = splitRun(from, to);
    // The larger part waits, so that the stack stays as short as the logarithm of n.
    const waitsLeft = middle - from > to - middle;
    store<i32>(stackAt + depth * 8, waitsLeft ? from : middle);
    store<i32>(stackAt + depth * 8, waitsLeft ? middle : to, 4);
    depth++;
    if (waitsLeft) from = middle;
    else to = middle;
  }
}

/** Parts a run of ids by which of two of its points is nearer. */
function splitRun(from: i32, to: i32): i32 {
  const a = idAt(from + randomBelow(to - from));
  const b = idAt(from + randomBelow(to - from));
  let left = from;
  let right = to - 1;
  while (left <= right) {
    const id = idAt(left);
    const toA = squaredDistance(id, a, Infinity);
    const toB = squaredDistance(id, b, Infinity);
    if (toA < toB || (toA === toB && randomBelow(2) === 1)) left++;
    else {
      store<i32>(idsAt + ((<usize>left) << 2), idAt(right));
      store<i32>(idsAt + ((<usize>right) << 2), id);
      right--;
    }
  }
  // What no plane parts is halved as it lies.
  return left === from || left === to ? (from + to) >> 1 : left;
}

/** Compares all points of every leaf with one another. */
export function joinLeaves(): void {
  let from = 0;
  for (let at = 1; at <= n; at++) {
    if (at < n && load<u8>(leafAt + at) === 0) continue;
    for (let i = from; i < at; i++) for (let j = i + 1; j < at; j++) tryPair(idAt(i), idAt(j));
    from = at;
  }
}

/** Compares every pair of the points from..to - 1 with all points before. */
export function joinAll(from: i32, to: i32): void {
  for (let i = from; i < to; i++) for (let j = 0; j < i; j++) tryPair(i, j);
}

/** Gives points that still lack neighbours some at random. */
export function fillRandomly(): void {
  for (let i = 0; i < n; i++) {
    for (let tries = 0; tries < 10 * others && load<f32>(worstAt + ((<usize>i) << 2)) === Infinity; tries++) {
      const j = randomBelow(n);
      if (j !== i) tryPair(i, j);
    }
  }
}

/** Keeps a fair sample of at most CANDIDATES offers per point. */
function offer(itemsAt: usize, offersAt: usize, i: i32, j: i32): void {
  const seenAt = offersAt + ((<usize>i) << 2);
  const seen = load<i32>(seenAt);
  store<i32>(seenAt, seen + 1);
  const slot = seen < CANDIDATES ? seen : randomBelow(seen + 1);
  if (slot < CANDIDATES) store<i32>(itemsAt + <usize>(i * CANDIDATES + slot) * 4, j);
}

function isSampled(i: i32, j: i32): bool {
  const items = newsAt + <usize>(i * CANDIDATES) * 4;
  const count = min(load<i32>(newOffersAt + ((<usize>i) << 2)), CANDIDATES);
  for (let at = 0; at < count; at++) if (load<i32>(items + ((<usize>at) << 2)) === j) return true;
  return false;
}

/** Draws the candidates of a round: neighbours both ways, new ones apart from known ones. */
export function sampleCandidates(): void {
  memory.fill(newOffersAt, 0, <usize>n * 4);
  memory.fill(oldOffersAt, 0, <usize>n * 4);
  for (let i = 0; i < n; i++) {
    const row = <usize>i * slots;
    for (let at: usize = row; at < row + others; at++) {
      const j = load<i32>(indexAt + at * 4);
      if (j < 0) continue;
      const isNew = load<u8>(freshAt + at) === 1;
      offer(isNew ? newsAt : oldsAt, isNew ? newOffersAt : oldOffersAt, i, j);
      offer(isNew ? newsAt : oldsAt, isNew ? newOffersAt : oldOffersAt, j, i);
    }
  }
  for (let i = 0; i < n; i++) {
    const row = <usize>i * slots;
    for (let at: usize = row; at < row + others; at++) {
      if (load<u8>(freshAt + at) === 1 && isSampled(i, load<i32>(indexAt + at * 4))) store<u8>(freshAt + at, 0);
    }
  }
}

/** Compares the candidates of the points from..to - 1, at least one of each pair new. @returns entries that changed */
export function joinCandidates(from: i32, to: i32): i32 {
  let updates = 0;
  for (let i = from; i < to; i++) {
    const news = newsAt + <usize>(i * CANDIDATES) * 4;
    const olds = oldsAt + <usize>(i * CANDIDATES) * 4;
    const newCount = min(load<i32>(newOffersAt + ((<usize>i) << 2)), CANDIDATES);
    const oldCount = min(load<i32>(oldOffersAt + ((<usize>i) << 2)), CANDIDATES);
    for (let a = 0; a < newCount; a++) {
      const p = load<i32>(news + ((<usize>a) << 2));
      for (let b = a + 1; b < newCount; b++) {
        const q = load<i32>(news + ((<usize>b) << 2));
        if (p !== q) updates += tryPair(p, q);
      }
      for (let b = 0; b < oldCount; b++) {
        const q = load<i32>(olds + ((<usize>b) << 2));
        if (p !== q) updates += tryPair(p, q);
      }
    }
  }
  return updates;
}
