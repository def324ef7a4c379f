/**
 * Products of matrices over memory that the host lays out; their twins in plain TypeScript are in
 * lib/map/plain-matrix.ts. Names that end in At are byte addresses. Rows of dense matrices are padded with zeros to
 * whole blocks of eight numbers; `rowBytes` is their length.
 */

/** Numbers of a row whose running sums are held at once: eight registers of four. */
const BLOCK: usize = 128;

/** Sparse (rows, in compressed rows) times dense. Each sum runs over a row's entries in order, in 32-bit numbers. */
export function multiplySparse(
  rows: i32,
  startAt: usize,
  columnAt: usize,
  valueAt: usize,
  denseAt: usize,
  rowBytes: usize,
  outAt: usize
): void {
  for (let row = 0; row < rows; row++) {
    const from = (<usize>load<i32>(startAt + ((<usize>row) << 2))) << 2;
    const to = (<usize>load<i32>(startAt + ((<usize>row) << 2), 4)) << 2;
    const out = outAt + <usize>row * rowBytes;
    let at: usize = 0;
    for (; at + BLOCK <= rowBytes; at += BLOCK) sumBlock(columnAt, valueAt, from, to, denseAt + at, rowBytes, out + at);
    for (; at < rowBytes; at += 32) sumEight(columnAt, valueAt, from, to, denseAt + at, rowBytes, out + at);
  }
}

/**
 * Dense times dense, summed as `multiplySparse` does.
 *
 * @param leftBytes   of a row of the left matrix, not padded
 * @param countingAt  the numbers from 0 on, one per column of the left matrix
 */
export function multiplyDense(
  rows: i32,
  leftAt: usize,
  leftBytes: usize,
  countingAt: usize,
  denseAt: usize,
  rowBytes: usize,
  outAt: usize
): void {
  for (let row = 0; row < rows; row++) {
    const left = leftAt + <usize>row * leftBytes;
    const out = outAt + <usize>row * rowBytes;
    let at: usize = 0;
    for (; at + BLOCK <= rowBytes; at += BLOCK)
      sumBlock(countingAt, left, 0, leftBytes, denseAt + at, rowBytes, out + at);
    for (; at < rowBytes; at += 32) sumEight(countingAt, left, 0, leftBytes, denseAt + at, rowBytes, out + at);
  }
}

function sumBlock(
  columnAt: usize,
  valueAt: usize,
  from: usize,
  to: usize,
  denseAt: usize,
  rowBytes: usize,
  out: usize
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (let at = from; at < to; at += 4) {
    const row = denseAt + <usize>load<i32>(columnAt + at) * rowBytes;
    const weight = v128.load32_splat(valueAt + at);
    s0 = f32x4.add(s0, f32x4.mul(weight, v128.load(row)));
    s1 = f32x4.add(s1, f32x4.mul(weight, v128.load(row, 16)));
    s2 = f32x4.add(s2, f32x4.mul(weight, v128.load(row, 32)));
    s3 = f32x4.add(s3, f32x4.mul(weight, v128.load(row, 48)));
    s4 = f32x4.add(s4, f32x4.mul(weight, v128.load(row, 64)));
    s5 = f32x4.add(s5, f32x4.mul(weight, v128.load(row, 80)));
    s6 = f32x4.add(s6, f32x4.mul(weight, v128.load(row, 96)));
    s7 = f32x4.add(s7, f32x4.mul(weight, v128.load(row, 112)));
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
  v128.store(out, s6, 96);
  v128.store(out, s7, 112);
}

function sumEight(
  columnAt: usize,
  valueAt: usize,
  from: usize,
  to: usize,
  denseAt: usize,
  rowBytes: usize,
  out: usize
): void {
  let low = f32x4.splat(0);
  let high = low;
  for (let at = from; at < to; at += 4) {
    const row = denseAt + <usize>load<i32>(columnAt + at) * rowBytes;
    const weight = v128.load32_splat(valueAt + at);
    low = f32x4.add(low, f32x4.mul(weight, v128.load(row)));
    high = f32x4.add(high, f32x4.mul(weight, v128.load(row, 16)));
  }
  v128.store(out, low);
  v128.store(out, high, 16);
}

/** Rows of a matrix whose sums are continued together, so that they stay in the cache. */
const RUN: i32 = 64;

/**
 * The lower triangle of a dense matrix's transpose times itself, in 64-bit numbers, each sum over the rows in order.
 *
 * @param outAt  square of as many numbers as a padded row has, zeros at first
 */
export function gram(rows: i32, denseAt: usize, rowBytes: usize, outAt: usize): void {
  for (let first = 0; first < rows; first += RUN) {
    const from = denseAt + <usize>first * rowBytes;
    const to = denseAt + <usize>min(first + RUN, rows) * rowBytes;
    for (let p: usize = 0; p < rowBytes; p += 16) {
      for (let q: usize = 0; q <= p; q += 16) addTile(from, to, rowBytes, p, q, outAt);
    }
  }
}

/** Continues the sums of four columns by four. */
function addTile(from: usize, to: usize, rowBytes: usize, p: usize, q: usize, outAt: usize): void {
  // A row of the square has as many numbers as a row of the matrix, of twice the size.
  const step = rowBytes << 1;
  const out = outAt + (p >> 2) * step + (q << 1);
  let a0 = v128.load(out);
  let a1 = v128.load(out, 16);
  let b0 = v128.load(out + step);
  let b1 = v128.load(out + step, 16);
  let c0 = v128.load(out + 2 * step);
  let c1 = v128.load(out + 2 * step, 16);
  let d0 = v128.load(out + 3 * step);
  let d1 = v128.load(out + 3 * step, 16);
  for (let row = from; row < to; row += rowBytes) {
    const columns = v128.load(row + q);
    const low = f64x2.promote_low_f32x4(columns);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(columns, columns, 2, 3, 2, 3));
    const a = f64x2.splat(<f64>load<f32>(row + p));
    const b = f64x2.splat(<f64>load<f32>(row + p, 4));
    const c = f64x2.splat(<f64>load<f32>(row + p, 8));
    const d = f64x2.splat(<f64>load<f32>(row + p, 12));
    a0 = f64x2.add(a0, f64x2.mul(a, low));
    a1 = f64x2.add(a1, f64x2.mul(a, high));
    b0 = f64x2.add(b0, f64x2.mul(b, low));
    b1 = f64x2.add(b1, f64x2.mul(b, high));
    c0 = f64x2.add(c0, f64x2.mul(c, low));
    c1 = f64x2.add(c1, f64x2.mul(c, high));
    d0 = f64x2.add(d0, f64x2.mul(d, low));
    d1 = f64x2.add(d1, f64x2.mul(d, high));
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out + step, b0);
  v128.store(out + step, b1, 16);
  v128.store(out + 2 * step, c0);
  v128.store(out + 2 * step, c1, 16);
  v128.store(out + 3 * step, d0);
  v128.store(out + 3 * step, d1, 16);
}
