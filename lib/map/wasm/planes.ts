import { n, rowAt, rowBytes, squaredDistance, sumOfWholes, whole } from "./points";
import { randomBelow } from "./random";

const LEAF: i32 = 64;

let idsAt: usize = 0;
let leafAt: usize = 0;
let stackAt: usize = 0;
let normalAt: usize = 0;

export function openPlanes(ids: usize, leaf: usize, stack: usize, normal: usize): void {
  idsAt = ids;
  leafAt = leaf;
  stackAt = stack;
  normalAt = normal;
}

export function idAt(at: i32): i32 {
  return load<i32>(idsAt + ((<usize>at) << 2));
}

/** Whether a leaf begins at a place of the ids. */
export function isLeafStart(at: i32): bool {
  return load<u8>(leafAt + at) === 1;
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
  const border = whole ? openPlane(a, b) : 0;
  let left = from;
  let right = to - 1;
  while (left <= right) {
    const id = idAt(left);
    const side = whole ? sideOfPlane(id, border) : sideBetween(id, a, b);
    if (side > 0 || (side === 0 && randomBelow(2) === 1)) left++;
    else {
      store<i32>(idsAt + ((<usize>left) << 2), idAt(right));
      store<i32>(idsAt + ((<usize>right) << 2), id);
      right--;
    }
  }
  // What no plane parts is halved as it lies.
  return left === from || left === to ? (from + to) >> 1 : left;
}

/** Positive where a point is nearer to a than to b. */
function sideBetween(id: i32, a: i32, b: i32): i32 {
  const toA = squaredDistance(id, a, Infinity);
  const toB = squaredDistance(id, b, Infinity);
  return <i32>(toB > toA) - <i32>(toA > toB);
}

/** Writes a - b down. @returns twice the product that a point in the middle has with it */
function openPlane(a: i32, b: i32): i32 {
  const rowA = rowAt(a);
  const rowB = rowAt(b);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    v128.store(normalAt + at, i16x8.sub(v128.load(rowA + at), v128.load(rowB + at)));
  }
  return product(rowA, rowA) - product(rowB, rowB);
}

/** Positive on the side of a. */
function sideOfPlane(id: i32, border: i32): i32 {
  return 2 * product(rowAt(id), normalAt) - border;
}

/** Of two rows of whole numbers. */
function product(a: usize, b: usize): i32 {
  let even = i32x4.splat(0);
  let odd = i32x4.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 32) {
    even = i32x4.add(even, i32x4.dot_i16x8_s(v128.load(a + at), v128.load(b + at)));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(v128.load(a + at, 16), v128.load(b + at, 16)));
  }
  return sumOfWholes(i32x4.add(even, odd));
}
