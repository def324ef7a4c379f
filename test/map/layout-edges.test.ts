import { expect, test } from "vitest";
import { buildFuzzyGraph } from "#lib/map/fuzzy-graph.ts";
import { layoutEdges } from "#lib/map/layout-edges.ts";
import { buildNeighbours } from "#lib/map/neighbours.ts";
import { walkOrder } from "#lib/map/walk-order.ts";
import { blobs } from "./blobs.ts";

const [n, d, k] = [600, 8, 10];
const neighbours = buildNeighbours(blobs(n, d, 6, 2, 3), n, d, k, 1);

test("a walk passes every point once, and mostly from neighbour to neighbour", () => {
  const order = walkOrder(neighbours);
  expect(new Set(order).size).toBe(n);
  let near = 0;
  for (let place = 1; place < n; place++) {
    const row = order[place - 1]! * k;
    if (neighbours.index.subarray(row, row + k).includes(order[place]!)) near++;
  }
  expect(near / n).toBeGreaterThan(0.7);
});

test("a walk over points without neighbours, or over none, is their own order", () => {
  const alone = { n: 3, k: 1, index: Int32Array.of(0, 1, 2), distance: new Float32Array(3) };
  expect([...walkOrder(alone)]).toEqual([0, 1, 2]);
  expect([...walkOrder({ ...alone, n: 0 })]).toEqual([]);
});

test("edges are those of the graph at their places, the heaviest used each epoch and the lightest not at all", () => {
  const graph = buildFuzzyGraph(neighbours);
  const order = walkOrder(neighbours);
  const { rows, tail, uses } = layoutEdges(graph, order, 20);
  const heaviest = graph.weight.reduce((most, weight) => Math.max(most, weight), 0);
  let kept = 0;
  for (let place = 0; place < n; place++) {
    const i = order[place]!;
    const [from, to] = [graph.start[i]!, graph.start[i + 1]!];
    const wanted = [...graph.target.subarray(from, to)].flatMap((id, at) =>
      graph.weight[from + at]! >= heaviest / 20 ? [[id, graph.weight[from + at]! / heaviest] as const] : []
    );
    const own = wanted.map((_, at) => [order[tail[rows[place]! + at]!]!, uses[rows[place]! + at]!] as const);
    expect(own.map(([id]) => id)).toEqual(wanted.map(([id]) => id));
    own.forEach(([, share], at) => {
      expect(share).toBeCloseTo(wanted[at]![1], 6);
    });
    expect(rows[place + 1]! - rows[place]!).toBe(wanted.length);
    kept += wanted.length;
  }
  expect(tail.length).toBe(kept);
  expect(kept).toBeLessThan(graph.target.length);
});
