import { expect, test } from "vitest";
import { factorLower, solveLower, solveUpper } from "#lib/map/lower-factor.ts";
import { PairCounts } from "#lib/map/pair-counts.ts";
import { SparseBuilder, type SparseMatrix } from "#lib/map/sparse-matrix.ts";
import { sketchRows } from "#lib/map/sparse-sketch.ts";
import { buildTruncatedSvd } from "#lib/map/truncated-svd.ts";
import { symmetricEigen } from "#lib/math/eigen.ts";
import { seededNormal, seededRandom } from "#lib/math/random.ts";

/** A third of the entries filled, their columns fading so that the spectrum falls. */
function fadingMatrix(rows: number, columns: number, seed: number): SparseMatrix {
  const [normal, random] = [seededNormal(seed), seededRandom(seed + 1)];
  const builder = new SparseBuilder();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (random() < 1 / 3) builder.add(column, normal() * 0.9 ** column);
    }
    builder.endRow(null);
  }
  return builder.finish(columns);
}

/** Matrix times its transpose, entry by entry. */
function outerProduct({ rows, columns, start, column, value }: SparseMatrix): Float64Array {
  const dense = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let at = start[row]!; at < start[row + 1]!; at++) dense[row * columns + column[at]!] = value[at]!;
  return Float64Array.from({ length: rows * rows }, (_, at) => {
    let sum = 0;
    for (let c = 0; c < columns; c++)
      sum += dense[Math.floor(at / rows) * columns + c]! * dense[(at % rows) * columns + c]!;
    return sum;
  });
}

function dotOfColumns(values: ArrayLike<number>, rows: number, width: number, p: number, q: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += values[row * width + p]! * values[row * width + q]!;
  return sum;
}

test("the strongest singular values are those of the whole matrix, their directions orthonormal", () => {
  const [rows, rank] = [83, 10];
  const matrix = fadingMatrix(rows, 120, 3);
  const { left, values } = buildTruncatedSvd(matrix, rank, 1);
  const exact = symmetricEigen(outerProduct(matrix), rows).values;
  for (let c = 0; c < rank; c++) {
    expect(values[c]! / Math.sqrt(exact[c]!)).toBeGreaterThan(0.97);
    expect(values[c]! / Math.sqrt(exact[c]!)).toBeLessThan(1.0001);
    for (let other = 0; other <= c; other++)
      expect(dotOfColumns(left, rows, rank, c, other)).toBeCloseTo(c === other ? 1 : 0, 4);
  }
  expect(buildTruncatedSvd(matrix, rank, 1).left).toEqual(left);
});

test("a matrix of two directions has two, whatever is asked", () => {
  const builder = new SparseBuilder();
  for (let row = 0; row < 40; row++) {
    builder.add(row % 2, 1 + row / 40);
    builder.endRow(null);
  }
  const { values, left } = buildTruncatedSvd(builder.finish(12), 9, 5);
  expect(values[1]!).toBeGreaterThan(1);
  for (const value of values.subarray(2)) expect(value).toBeLessThan(0.02);
  expect(left.every(Number.isFinite)).toBe(true);
});

test("a matrix of nothing has no directions and no NaN", () => {
  const builder = new SparseBuilder();
  for (let row = 0; row < 5; row++) builder.endRow(null);
  const { values, left } = buildTruncatedSvd(builder.finish(4), 3, 1);
  expect([...values, ...left].every((value) => value === 0)).toBe(true);
});

test("a sketch keeps lengths on average", () => {
  const matrix = fadingMatrix(400, 60, 8);
  const width = 32;
  const sketch = sketchRows(matrix, width, 2);
  let [own, sketched] = [0, 0];
  for (const value of matrix.value) own += value * value;
  for (const value of sketch) sketched += value * value;
  // Eight signs per row: the sketch is eight times as long.
  expect(sketched / own / 8).toBeGreaterThan(0.9);
  expect(sketched / own / 8).toBeLessThan(1.1);
});

test("a lower triangle times its transpose is the matrix, and both solves undo it", () => {
  const size = 7;
  const normal = seededNormal(4);
  const lower = Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    return row === column ? 1 + Math.abs(normal()) : row > column ? normal() : 0;
  });
  const whole = Float64Array.from({ length: size * size }, (_, at) => {
    let sum = 0;
    for (let c = 0; c < size; c++) sum += lower[Math.floor(at / size) * size + c]! * lower[(at % size) * size + c]!;
    return sum;
  });
  factorLower(whole, size).forEach((value, at) => {
    expect(value).toBeCloseTo(lower[at]!, 9);
  });
  const halfway = solveLower(lower, whole, size);
  const identity = solveUpper(lower, halfway, size);
  identity.forEach((value, at) => {
    expect(value).toBeCloseTo(at % (size + 1) === 0 ? 1 : 0, 9);
  });
});

test("pairs are counted and visited in order, however many", () => {
  const random = seededRandom(6);
  const size = 300;
  const pairs = new PairCounts(size);
  const truth = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    const [a, b] = [Math.floor(random() ** 2 * size), Math.floor(random() ** 2 * size)];
    pairs.add(a, b);
    truth.set(a * size + b, (truth.get(a * size + b) ?? 0) + 1);
  }
  const seen: [number, number][] = [];
  pairs.each((a, b, count) => seen.push([a * size + b, count]));
  expect(seen).toEqual([...truth].sort(([p], [q]) => p - q));
});
