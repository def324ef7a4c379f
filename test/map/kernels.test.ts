import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseKernels, compileKernels, plainKernels } from "#lib/map/choose-kernels.ts";
import { forceTables } from "#lib/map/force-tables.ts";
import { kernelBytes } from "#lib/map/kernel-bytes.ts";
import { KernelMemory } from "#lib/map/kernel-memory.ts";
import type { Kernels, LayoutTask } from "#lib/map/kernels.ts";
import { buildLayout } from "#lib/map/layout.ts";
import type { Neighbours } from "#lib/map/neighbour-table.ts";
import { buildNeighbours, exactNeighbours } from "#lib/map/neighbours.ts";
import { descendNeighbours } from "#lib/map/nn-descent.ts";
import { SparseBuilder } from "#lib/map/sparse-matrix.ts";
import { seededRandom } from "#lib/math/random.ts";
import { blobs } from "./blobs.ts";

const both = [plainKernels, compileKernels()] as const;

function descend(vectors: Float32Array, n: number, d: number, k: number, seed: number, kernels: Kernels): Neighbours {
  return descendNeighbours(vectors, n, d, k, seed, () => undefined, kernels);
}

/** All bytes of a table, to compare at once. */
function bytesOf({ index, distance }: Neighbours): string {
  return [index, distance].map(({ buffer }) => Buffer.from(buffer).toString("base64")).join(" ");
}

/** A ring of points, each tied to the next two, with edges used at different rates. */
function ringTask(n: number, negatives: number, seed: number): LayoutTask {
  const random = seededRandom(seed);
  const edge = Array.from({ length: 2 * n }, (_, at) => at);
  return {
    n,
    rows: Int32Array.from({ length: n + 1 }, (_, i) => 2 * i),
    tail: Int32Array.from(edge, (at) => ((at >> 1) + 1 + ((at & 1) % (n - 1))) % n),
    uses: Float32Array.from(edge, () => 0.25 + 0.75 * random()),
    start: Float64Array.from({ length: 2 * n }, () => 10 * random() - 5),
    tables: forceTables(1.58, 0.9, 1),
    negatives,
    seed
  };
}

describe.each(both)("$name kernels", (kernels) => {
  test("find the neighbours that comparing every pair finds", () => {
    const [n, d, k] = [120, 11, 9];
    const vectors = blobs(n, d, 4, 1, 3);
    const { index, distance } = exactNeighbours(vectors, n, d, k, kernels);
    for (let i = 0; i < n; i++) {
      const apart = Array.from({ length: n }, (_, j) => {
        let sum = 0;
        for (let c = 0; c < d; c++) sum += (vectors[i * d + c]! - vectors[j * d + c]!) ** 2;
        return Math.sqrt(sum);
      });
      const order = [...apart.keys()].sort((a, b) => apart[a]! - apart[b]!);
      expect([...index.subarray(i * k, i * k + k)]).toEqual(order.slice(0, k));
      for (let c = 0; c < k; c++) expect(distance[i * k + c]).toBeCloseTo(apart[order[c]!]!, 4);
    }
  });

  test("descend to at least 95 of 100 true neighbours, each row in order, the same for the same seed", () => {
    const [n, d, k] = [1200, 24, 15];
    const vectors = blobs(n, d, 20, 1, 5);
    const found = descend(vectors, n, d, k, 1, kernels);
    const exact = exactNeighbours(vectors, n, d, k);
    let [hits, falls] = [0, 0];
    for (let i = 0; i < n; i++) {
      const row = found.index.subarray(i * k, i * k + k);
      const truth = new Set(exact.index.subarray(i * k, i * k + k));
      if (row[0] !== i || new Set(row).size !== k) throw new Error(`row ${i} is ${row}`);
      for (let at = i * k + 1; at < i * k + k; at++) falls += Number(found.distance[at]! < found.distance[at - 1]!);
      hits += row.filter((id) => truth.has(id)).length;
    }
    expect(falls).toBe(0);
    expect(hits / (n * k)).toBeGreaterThanOrEqual(0.95);
    expect(bytesOf(descend(vectors, n, d, k, 1, kernels))).toBe(bytesOf(found));
  });

  test("give coinciding points neighbours at distance 0", () => {
    const { index, distance } = descend(new Float32Array(500 * 3).fill(1), 500, 3, 10, 1, kernels);
    expect(index.every((id) => id >= 0 && id < 500)).toBe(true);
    expect(distance.every((value) => value === 0)).toBe(true);
  });

  test("draw tied points together and keep all apart", () => {
    const run = kernels.startLayout(ringTask(60, 5, 1));
    const [start, apart] = [
      run.positions(),
      (a: number, b: number, at: Float64Array) => Math.hypot(at[a * 2]! - at[b * 2]!, at[a * 2 + 1]! - at[b * 2 + 1]!)
    ];
    for (let epoch = 0; epoch < 200; epoch++) run.runEpoch(epoch, 1 - epoch / 200);
    const end = run.positions();
    const mean = (places: Float64Array, step: number) => {
      let sum = 0;
      for (let i = 0; i < 60; i++) sum += apart(i, (i + step) % 60, places) / 60;
      return sum;
    };
    expect(mean(end, 1)).toBeLessThan(mean(start, 1) / 2);
    expect(mean(end, 30)).toBeGreaterThan(4 * mean(end, 1));
    expect(new Set(end).size).toBe(120);
  });

  test("leave a point that is drawn for itself, and two on one place, where numbers are finite", () => {
    const task = { ...ringTask(3, 5, 2), start: new Float64Array(6) };
    const run = kernels.startLayout(task);
    for (let epoch = 0; epoch < 20; epoch++) run.runEpoch(epoch, 1);
    expect(run.positions().every(Number.isFinite)).toBe(true);
  });
});

test("products of matrices have the same bits with either, and are right", () => {
  const size = fc.record({
    rows: fc.integer({ min: 1, max: 150 }),
    inner: fc.integer({ min: 1, max: 40 }),
    width: fc.integer({ min: 1, max: 70 }),
    seed: fc.integer()
  });
  const fastKernels = both[1];
  fc.assert(
    fc.property(size, ({ rows, inner, width, seed }) => {
      const random = seededRandom(seed);
      const fill = (length: number) => Float32Array.from({ length }, () => random() - 0.5);
      const [left, dense] = [fill(rows * inner), fill(inner * width)];
      const builder = new SparseBuilder();
      for (let at = 0; at < left.length; at++) {
        if (random() < 0.3) left[at] = 0;
        else builder.add(at % inner, left[at]!);
        if (at % inner === inner - 1) builder.endRow(null);
      }
      const matrix = builder.finish(inner);
      const [plain, fast] = [plainKernels, fastKernels].map(({ matrix: { multiplySparse, multiplyDense, gram } }) => ({
        sparse: multiplySparse(matrix, dense, width),
        whole: multiplyDense(left, inner, dense, width),
        gram: gram(left, inner)
      }));
      expect(fast).toEqual(plain);
      const [row, column] = [rows - 1, width - 1];
      let sum = 0;
      for (let p = 0; p < inner; p++) sum += left[row * inner + p]! * dense[p * width + column]!;
      expect(fast!.sparse[row * width + column]).toBeCloseTo(sum, 4);
      expect(fast!.whole[row * width + column]).toBeCloseTo(sum, 4);
      let product = 0;
      for (let r = 0; r < rows; r++) product += left[r * inner]! * left[r * inner + inner - 1]!;
      expect(fast!.gram[inner - 1]).toBeCloseTo(product, 9);
    }),
    { numRuns: 30 }
  );
});

test("both kernels give the same bits, whatever the size", () => {
  const size = fc.record({
    n: fc.integer({ min: 2, max: 160 }),
    d: fc.integer({ min: 1, max: 100 }),
    k: fc.integer({ min: 2, max: 40 }),
    groups: fc.integer({ min: 1, max: 30 }),
    negatives: fc.integer({ min: 0, max: 9 }),
    farthest: fc.constantFrom(1, 5, 1e6),
    seed: fc.integer()
  });
  fc.assert(
    fc.property(size, ({ n, d, k, groups, negatives, farthest, seed }) => {
      const vectors = blobs(n, d, groups, 2, seed);
      for (let c = 0; c < d; c++) vectors[c]! *= farthest;
      // Some coincide.
      for (let i = 0; i < n; i += 7) vectors.copyWithin(i * d, 0, d);
      const columns = Math.min(k, n);
      const [plain, fast] = both.map((kernels) => {
        const run = kernels.startLayout(ringTask(n, negatives, seed));
        for (let epoch = 0; epoch < 10; epoch++) run.runEpoch(epoch, 1 - epoch / 10);
        return [
          bytesOf(descend(vectors, n, d, columns, seed, kernels)),
          bytesOf(exactNeighbours(vectors, n, d, columns, kernels)),
          run.positions().join()
        ];
      });
      expect(fast).toEqual(plain);
    }),
    { numRuns: 15 }
  );
});

test("a whole layout has the same bits with either", () => {
  const [n, d] = [300, 20];
  const vectors = blobs(n, d, 6, 2, 3);
  const [plain, fast] = both.map((kernels) =>
    buildLayout(vectors, d, buildNeighbours(vectors, n, d, 15, 1, undefined, kernels), 4, undefined, kernels)
  );
  expect(fast).toEqual(plain);
});

test("where the compiled kernels cannot run, the plain ones do", () => {
  expect(chooseKernels().name).toBe("webassembly");
  const old = () => {
    throw new WebAssembly.CompileError("no vector registers");
  };
  expect(chooseKernels(old).name).toBe("plain");
  expect(() =>
    chooseKernels(() => {
      throw new Error("a bug");
    })
  ).toThrow("a bug");
});

test("memory that is not there is said in a sentence", () => {
  const memory = new KernelMemory(new WebAssembly.Module(kernelBytes()));
  expect(() => memory.layOut({ much: 5 * 2 ** 30 })).toThrow(/no 5120 MB of memory left/);
});
