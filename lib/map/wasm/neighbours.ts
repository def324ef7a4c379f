/**
 * The loops of the neighbour search over memory that the host lays out; its twin in plain TypeScript is
 * lib/map/plain-neighbours.ts. Names that end in At are byte addresses.
 */
import { growTree, idAt, isLeafStart, openPlanes } from "./planes";
import { floatDistance, freshAt, indexAt, n, openPoints, others, pointAt, tryPair, whole, worstOf } from "./points";
import { randomBelow } from "./random";
import { joinSeated, openSeats, seat } from "./seats";

export { growTree };

const CANDIDATES: i32 = 32;
/** Of the candidates of a point: how many new ones and known ones were offered, then the new ones, then the known. */
const NEWS: usize = 16;
const OLDS: usize = NEWS + CANDIDATES * 4;
const CANDIDATE_BYTES: usize = OLDS + CANDIDATES * 4;

let candidatesAt: usize = 0;

/** Names the memory of one search; see points.ts for what is held of a point. */
export function openSearch(
  count: i32,
  neighbours: i32,
  neighbourSlots: i32,
  vectorBytes: usize,
  wholes: bool,
  pointBytes: usize,
  row: usize,
  points: usize,
  candidates: usize,
  ids: usize,
  leaf: usize,
  stack: usize,
  normal: usize,
  seatRows: usize,
  seatIds: usize,
  seatWorst: usize,
  four: usize
): void {
  openPoints(count, neighbours, neighbourSlots, vectorBytes, wholes, points, pointBytes, row);
  openPlanes(ids, leaf, stack, normal);
  openSeats(seatRows, seatIds, seatWorst, four);
  candidatesAt = candidates;
}

/** Compares all points of every leaf with one another. */
export function joinLeaves(): void {
  let from = 0;
  for (let at = 1; at <= n; at++) {
    if (at < n && !isLeafStart(at)) continue;
    if (whole) {
      for (let i = from; i < at; i++) seat(i - from, idAt(i));
      joinSeated(at - from, at - from);
    } else for (let i = from; i < at; i++) for (let j = i + 1; j < at; j++) tryPair(idAt(i), idAt(j));
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
    for (let tries = 0; tries < 10 * others && worstOf(i) === Infinity; tries++) {
      const j = randomBelow(n);
      if (j !== i) tryPair(i, j);
    }
  }
}

function candidatesOf(i: i32): usize {
  return candidatesAt + <usize>i * CANDIDATE_BYTES;
}

/** Where the offers of one kind are counted in the candidates of a point. */
function countAt(own: usize, isNew: bool): usize {
  return isNew ? own : own + 4;
}

function itemsAt(own: usize, isNew: bool): usize {
  return isNew ? own + NEWS : own + OLDS;
}

/** Keeps a fair sample of at most CANDIDATES offers per point and kind. */
function offer(i: i32, j: i32, isNew: bool): void {
  const own = candidatesOf(i);
  const seenAt = countAt(own, isNew);
  const seen = load<i32>(seenAt);
  store<i32>(seenAt, seen + 1);
  const slot = seen < CANDIDATES ? seen : randomBelow(seen + 1);
  if (slot < CANDIDATES) store<i32>(itemsAt(own, isNew) + ((<usize>slot) << 2), j);
}

function isSampled(i: i32, j: i32): bool {
  const own = candidatesOf(i);
  const count = min(load<i32>(countAt(own, true)), CANDIDATES);
  const items = itemsAt(own, true);
  for (let at = 0; at < count; at++) if (load<i32>(items + ((<usize>at) << 2)) === j) return true;
  return false;
}

/**
 * Draws the candidates of a round: neighbours both ways, new ones apart from known ones. Known ones are compared with
 * new ones only, so a point without any needs none.
 */
export function sampleCandidates(): void {
  for (let i = 0; i < n; i++) store<i64>(candidatesOf(i), 0);
  for (let i = 0; i < n; i++) {
    const index = indexAt(pointAt(i));
    const fresh = freshAt(pointAt(i));
    for (let at: usize = 0; at < <usize>others; at++) {
      if (load<u8>(fresh + at) === 0) continue;
      const j = load<i32>(index + at * 4);
      offer(i, j, true);
      offer(j, i, true);
    }
  }
  for (let i = 0; i < n; i++) {
    const index = indexAt(pointAt(i));
    const fresh = freshAt(pointAt(i));
    const hasNew = isOfferedNew(i);
    for (let at: usize = 0; at < <usize>others; at++) {
      const j = load<i32>(index + at * 4);
      if (load<u8>(fresh + at) === 1) {
        if (isSampled(i, j)) store<u8>(fresh + at, 0);
      } else if (j >= 0) {
        if (hasNew) offer(i, j, false);
        if (isOfferedNew(j)) offer(j, i, false);
      }
    }
  }
}

function isOfferedNew(i: i32): bool {
  return load<i32>(countAt(candidatesOf(i), true)) > 0;
}

/** Compares the candidates of the points from..to - 1, at least one of each pair new. @returns entries that changed */
export function joinCandidates(from: i32, to: i32): i32 {
  let updates = 0;
  for (let i = from; i < to; i++) {
    const own = candidatesOf(i);
    const newCount = min(load<i32>(countAt(own, true)), CANDIDATES);
    if (newCount === 0) continue;
    const all = newCount + min(load<i32>(countAt(own, false)), CANDIDATES);
    if (whole) {
      for (let a = 0; a < all; a++) seat(a, candidateOf(own, newCount, a));
      updates += joinSeated(newCount, all);
      continue;
    }
    for (let a = 0; a < newCount; a++) {
      const p = candidateOf(own, newCount, a);
      for (let b = a + 1; b < all; b++) {
        const q = candidateOf(own, newCount, b);
        if (p !== q) updates += tryPair(p, q);
      }
    }
  }
  return updates;
}

/** The candidates of a point in turn, new ones first. */
function candidateOf(own: usize, newCount: i32, at: i32): i32 {
  return at < newCount
    ? load<i32>(own + NEWS + ((<usize>at) << 2))
    : load<i32>(own + OLDS + ((<usize>(at - newCount)) << 2));
}

/** Measures what is held anew by rows of 32-bit numbers, in the order of the points; each is so many bytes long. */
export function measureHeld(rows: usize, bytes: usize): void {
  for (let i = 0; i < n; i++) {
    const distances = pointAt(i);
    const index = indexAt(distances);
    for (let at: usize = 0; at < <usize>others * 4; at += 4) {
      const j = load<i32>(index + at);
      if (j < 0) continue;
      store<f32>(distances + at, floatDistance(rows + <usize>i * bytes, rows + <usize>j * bytes, bytes, Infinity));
    }
  }
}
