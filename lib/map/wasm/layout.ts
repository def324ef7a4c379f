/**
 * One epoch of the layout over memory that the host lays out; its twin in plain TypeScript is
 * lib/map/plain-layout.ts. Names that end in At are byte addresses.
 */

const SHIFT: i32 = 16;
const CLIP: f32 = 4;
/** Bytes of four points that others are pushed from: their x, their y, their ids. */
const QUAD: usize = 48;

let n: i32 = 0;
let negatives: i32 = 0;
let quads: i32 = 0;
let rowsAt: usize = 0;
let tailAt: usize = 0;
let usesAt: usize = 0;
let positionsAt: usize = 0;
let standAt: usize = 0;
let pullAt: usize = 0;
let pushAt: usize = 0;
let packAt: usize = 0;
let dueAt: usize = 0;

/** Names the memory of one layout; rows of edges are whole fours, what fills them up is never due. */
export function openLayout(
  points: i32,
  samples: i32,
  rows: usize,
  tail: usize,
  uses: usize,
  positions: usize,
  stand: usize,
  pull: usize,
  push: usize,
  pack: usize,
  due: usize
): void {
  n = points;
  negatives = samples;
  quads = (points + 3) >> 2;
  rowsAt = rows;
  tailAt = tail;
  usesAt = uses;
  positionsAt = positions;
  standAt = stand;
  pullAt = pull;
  pushAt = push;
  packAt = pack;
  dueAt = due;
}

/** Writes down where the points to be pushed from are now. */
function takeStand(): void {
  const end = standAt + <usize>quads * QUAD;
  for (let quad = standAt; quad < end; quad += QUAD) {
    let first = v128.load64_zero(positionsAt + ((<usize>load<u32>(quad, 32)) << 3));
    first = v128.load64_lane(positionsAt + ((<usize>load<u32>(quad, 36)) << 3), first, 1);
    let second = v128.load64_zero(positionsAt + ((<usize>load<u32>(quad, 40)) << 3));
    second = v128.load64_lane(positionsAt + ((<usize>load<u32>(quad, 44)) << 3), second, 1);
    v128.store(quad, v128.shuffle<f32>(first, second, 0, 2, 4, 6));
    v128.store(quad, v128.shuffle<f32>(first, second, 1, 3, 5, 7), 16);
  }
}

/** Moves all points by one epoch, the first pushed from the four that begin at `quad`; see `LayoutRun.runEpoch`. */
export function runEpoch(epoch: f32, rate: f32, quad: i32): void {
  takeStand();
  const now = f32x4.splat(epoch);
  const later = f32x4.splat(epoch + 1);
  const rates = f32x4.splat(rate);
  const standEnd = standAt + <usize>quads * QUAD;
  let stand = standAt + <usize>quad * QUAD;
  let owed = 0;
  for (let i = 0; i < n; i++) {
    const end = (<usize>load<u32>(rowsAt + ((<usize>i) << 2), 4)) << 4;
    let due = dueAt;
    for (let at = (<usize>load<u32>(rowsAt + ((<usize>i) << 2))) << 4; at < end; at += 16) {
      const uses = v128.load(usesAt + at);
      const mask = i32x4.bitmask(f32x4.ne(f32x4.floor(f32x4.mul(uses, later)), f32x4.floor(f32x4.mul(uses, now))));
      v128.store(due, v128.swizzle(v128.load(tailAt + at), v128.load(packAt + ((<usize>mask) << 4))));
      due += (<usize>popcnt(mask)) << 2;
    }
    if (due === dueAt) continue;
    const place = positionsAt + ((<usize>i) << 3);
    let here = v128.load64_zero(place);

    owed += <i32>((due - dueAt) >> 2) * negatives;
    const own = i32x4.splat(i);
    const allX = v128.shuffle<f32>(here, here, 0, 0, 0, 0);
    const allY = v128.shuffle<f32>(here, here, 1, 1, 1, 1);
    let sumX = f32x4.splat(0);
    let sumY = f32x4.splat(0);
    for (; owed >= 4; owed -= 4) {
      const apartX = f32x4.sub(allX, v128.load(stand));
      const apartY = f32x4.sub(allY, v128.load(stand, 16));
      const squared = f32x4.add(f32x4.mul(apartX, apartX), f32x4.mul(apartY, apartY));
      const slot = i32x4.shl(i32x4.shr_u(squared, SHIFT), 2);
      let push = v128.load32_zero(pushAt + <usize>i32x4.extract_lane(slot, 0));
      push = v128.load32_lane(pushAt + <usize>i32x4.extract_lane(slot, 1), push, 1);
      push = v128.load32_lane(pushAt + <usize>i32x4.extract_lane(slot, 2), push, 2);
      push = v128.load32_lane(pushAt + <usize>i32x4.extract_lane(slot, 3), push, 3);
      push = v128.andnot(push, i32x4.eq(own, v128.load(stand, 32)));
      sumX = f32x4.add(sumX, clipped(f32x4.mul(apartX, push)));
      sumY = f32x4.add(sumY, clipped(f32x4.mul(apartY, push)));
      stand += QUAD;
      if (stand === standEnd) stand = standAt;
    }

    const halfX = f32x4.add(sumX, v128.shuffle<f32>(sumX, sumX, 2, 3, 0, 1));
    const halfY = f32x4.add(sumY, v128.shuffle<f32>(sumY, sumY, 2, 3, 0, 1));
    const pushed = f32x4.add(v128.shuffle<f32>(halfX, halfY, 0, 4, 0, 4), v128.shuffle<f32>(halfX, halfY, 1, 5, 1, 5));
    const share = f32x4.div(f32x4.mul(pushed, rates), f32x4.splat(<f32>((due - dueAt) >> 2)));
    for (let at = dueAt; at < due; at += 4) {
      const other = positionsAt + ((<usize>load<u32>(at)) << 3);
      const there = v128.load64_zero(other);
      const apart = f32x4.sub(here, there);
      const squares = f32x4.mul(apart, apart);
      const squared = f32x4.extract_lane(f32x4.add(squares, v128.shuffle<f32>(squares, squares, 1, 0, 3, 2)), 0);
      const pull = v128.load32_splat(pullAt + <usize>((reinterpret<u32>(squared) >> SHIFT) << 2));
      const move = f32x4.mul(clipped(f32x4.mul(apart, pull)), rates);
      here = f32x4.add(f32x4.add(here, move), share);
      v128.store64_lane(other, f32x4.sub(there, move), 0);
    }
    v128.store64_lane(place, here, 0);
  }
}

function clipped(values: v128): v128 {
  return f32x4.pmax(f32x4.pmin(values, f32x4.splat(CLIP)), f32x4.splat(-CLIP));
}
