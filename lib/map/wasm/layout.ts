/**
 * One epoch of the layout over memory that the host lays out; its twin in plain TypeScript is
 * lib/map/plain-layout.ts. Names that end in At are byte addresses.
 */

const SHIFT: i32 = 15;
const FIRST: i32 = 97 << 8;
const LAST: i32 = (50 << 8) - 1;
const CLIP: f32 = 4;
/** Uses of an edge for which random numbers are drawn at a time. */
const DRAWN_USES: i32 = 256;

let n: i32 = 0;
let edges: i32 = 0;
let negatives: i32 = 0;
let headAt: usize = 0;
let tailAt: usize = 0;
let everyAt: usize = 0;
let nextAt: usize = 0;
let positionsAt: usize = 0;
let pullAt: usize = 0;
let pushAt: usize = 0;
let diceAt: usize = 0;
let drawnAt: usize = 0;

/** Names the memory of one layout; `edges` is a multiple of four, what fills it up is never due. */
export function openLayout(
  points: i32,
  edgeSlots: i32,
  samples: i32,
  head: usize,
  tail: usize,
  every: usize,
  next: usize,
  positions: usize,
  pull: usize,
  push: usize,
  dice: usize,
  drawn: usize
): void {
  n = points;
  edges = edgeSlots;
  negatives = samples;
  headAt = head;
  tailAt = tail;
  everyAt = every;
  nextAt = next;
  positionsAt = positions;
  pullAt = pull;
  pushAt = push;
  diceAt = dice;
  drawnAt = drawn;
}

/** Fills the drawn numbers with points, each number of four streams in turn. */
function drawPoints(): void {
  let dice = v128.load(diceAt);
  const points = i32x4.splat(n);
  const end = drawnAt + <usize>(DRAWN_USES * negatives) * 4;
  for (let at = drawnAt; at < end; at += 16) {
    dice = v128.xor(dice, i32x4.shl(dice, 13));
    dice = v128.xor(dice, i32x4.shr_u(dice, 17));
    dice = v128.xor(dice, i32x4.shl(dice, 5));
    const low = i64x2.extmul_low_i32x4_u(dice, points);
    const high = i64x2.extmul_high_i32x4_u(dice, points);
    v128.store(at, v128.shuffle<i32>(low, high, 1, 3, 5, 7));
  }
  v128.store(diceAt, dice);
}

function clip(value: f32): f32 {
  return value > CLIP ? CLIP : value < -CLIP ? -CLIP : value;
}

function slotOf(squared: f32): usize {
  const slot = (reinterpret<i32>(squared) >> SHIFT) - FIRST;
  return <usize>(slot < 0 ? 0 : slot > LAST ? LAST : slot);
}

/** Moves all points by one epoch; see `LayoutKernel.runEpoch`. */
export function runEpoch(epoch: f32, rate: f32): void {
  const now = f32x4.splat(epoch);
  const drawnEnd = drawnAt + <usize>(DRAWN_USES * negatives) * 4;
  let drawn = drawnEnd;
  for (let group: usize = 0; group < <usize>edges * 4; group += 16) {
    const next = v128.load(nextAt + group);
    const due = f32x4.le(next, now);
    let mask = i32x4.bitmask(due);
    if (mask === 0) continue;
    const later = f32x4.add(next, v128.load(everyAt + group));
    v128.store(nextAt + group, v128.bitselect(later, next, due));
    for (; mask !== 0; mask &= mask - 1) {
      const edge = group + ((<usize>ctz(mask)) << 2);
      if (drawn === drawnEnd) {
        drawPoints();
        drawn = drawnAt;
      }
      moveAlong(
        positionsAt + ((<usize>load<u32>(headAt + edge)) << 3),
        positionsAt + ((<usize>load<u32>(tailAt + edge)) << 3),
        drawn,
        rate
      );
      drawn += (<usize>negatives) << 2;
    }
  }
}

/** Pulls the ends of an edge together and pushes the first from the points drawn for this use. */
function moveAlong(from: usize, to: usize, drawn: usize, rate: f32): void {
  let x = load<f32>(from);
  let y = load<f32>(from, 4);
  const toX = load<f32>(to);
  const toY = load<f32>(to, 4);
  let dx = x - toX;
  let dy = y - toY;
  const pull = load<f32>(pullAt + (slotOf(dx * dx + dy * dy) << 2));
  dx = clip(dx * pull) * rate;
  dy = clip(dy * pull) * rate;
  x += dx;
  y += dy;
  store<f32>(to, toX - dx);
  store<f32>(to, toY - dy, 4);
  // A point drawn for itself must find itself where it is now.
  store<f32>(from, x);
  store<f32>(from, y, 4);

  const allX = f32x4.splat(x);
  const allY = f32x4.splat(y);
  let sumX = f32x4.splat(0);
  let sumY = f32x4.splat(0);
  const end = drawn + ((<usize>negatives) << 2);
  for (; drawn + 16 <= end; drawn += 16) {
    let first = v128.load64_zero(positionsAt + ((<usize>load<u32>(drawn)) << 3));
    first = v128.load64_lane(positionsAt + ((<usize>load<u32>(drawn, 4)) << 3), first, 1);
    let second = v128.load64_zero(positionsAt + ((<usize>load<u32>(drawn, 8)) << 3));
    second = v128.load64_lane(positionsAt + ((<usize>load<u32>(drawn, 12)) << 3), second, 1);
    const apartX = f32x4.sub(allX, v128.shuffle<f32>(first, second, 0, 2, 4, 6));
    const apartY = f32x4.sub(allY, v128.shuffle<f32>(first, second, 1, 3, 5, 7));
    const squared = f32x4.add(f32x4.mul(apartX, apartX), f32x4.mul(apartY, apartY));
    let slot = i32x4.sub(i32x4.shr_s(squared, SHIFT), i32x4.splat(FIRST));
    slot = i32x4.shl(i32x4.min_s(i32x4.max_s(slot, i32x4.splat(0)), i32x4.splat(LAST)), 2);
    let push = v128.load32_zero(pushAt + <usize>i32x4.extract_lane(slot, 0));
    push = v128.load32_lane(pushAt + <usize>i32x4.extract_lane(slot, 1), push, 1);
    push = v128.load32_lane(pushAt + <usize>i32x4.extract_lane(slot, 2), push, 2);
    push = v128.load32_lane(pushAt + <usize>i32x4.extract_lane(slot, 3), push, 3);
    sumX = f32x4.add(sumX, clipped(f32x4.mul(apartX, push)));
    sumY = f32x4.add(sumY, clipped(f32x4.mul(apartY, push)));
  }
  let moveX = sumOf(sumX);
  let moveY = sumOf(sumY);
  for (; drawn < end; drawn += 4) {
    const other = positionsAt + ((<usize>load<u32>(drawn)) << 3);
    dx = x - load<f32>(other);
    dy = y - load<f32>(other, 4);
    const push = load<f32>(pushAt + (slotOf(dx * dx + dy * dy) << 2));
    moveX += clip(dx * push);
    moveY += clip(dy * push);
  }
  store<f32>(from, x + moveX * rate);
  store<f32>(from, y + moveY * rate, 4);
}

function clipped(values: v128): v128 {
  return f32x4.pmax(f32x4.pmin(values, f32x4.splat(CLIP)), f32x4.splat(-CLIP));
}

function sumOf(values: v128): f32 {
  const halves = f32x4.add(values, v128.shuffle<f32>(values, values, 2, 3, 0, 1));
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
}
