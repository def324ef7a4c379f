import { expect, test } from "vitest";
import { PartLayout } from "#lib/map/part-layout.ts";
import { findTextNeighbours } from "#lib/map/text-neighbours.ts";
import { topicTexts } from "./topic-texts.ts";

const distinct = topicTexts(60, 4);
/** Every text twice, and two traces without one. */
const texts = [...distinct, "", ...distinct, "…"];
const part = findTextNeighbours({ texts, seed: 1, neighbours: 8 });
const places = {
  x: Float32Array.from(texts, (_, at) => Math.sin(at % 61)),
  y: Float32Array.from(texts, (_, at) => Math.cos(at % 61))
};

function lay(seed: number) {
  const layout = new PartLayout(part, places, seed);
  let done = 0;
  while (done < layout.epochs) done = layout.step();
  return layout.places();
}

test("the neighbours of some texts are the nearest among these alone, repeats counted once", () => {
  expect([part.n, part.k, part.owner.length]).toEqual([60, 8, 122]);
  expect([part.owner[60], part.owner[121]]).toEqual([-1, -1]);
  expect([...part.counts]).toEqual(Array(60).fill(2));
  for (let text = 0; text < part.n; text++) {
    const row = [...part.index.subarray(text * part.k, (text + 1) * part.k)];
    expect(row[0]).toBe(text);
    expect(new Set(row).size).toBe(part.k);
  }
  // Texts of one topic are nearest to each other.
  const topic = new Map(distinct.map((_, at) => [part.owner[at]!, at % 3]));
  const same = part.index.filter((other, at) => topic.get(other) === topic.get(Math.floor(at / part.k))).length;
  expect(same / part.index.length).toBeGreaterThan(0.8);
});

test("a part is laid out with repeats beside each other, the same for the same seed", () => {
  const first = lay(1);
  expect(first.x.every(Number.isFinite) && first.y.every(Number.isFinite)).toBe(true);
  expect(lay(1)).toEqual(first);
  expect(lay(2)).not.toEqual(first);
  const width = Math.max(...first.x) - Math.min(...first.x);
  for (let at = 0; at < 60; at++) {
    const way = Math.hypot(first.x[at]! - first.x[at + 61]!, first.y[at]! - first.y[at + 61]!);
    expect(way).toBeLessThan(0.02 * width);
  }
  // What says nothing lies below all that does.
  const told = first.y.filter((_, at) => part.owner[at]! >= 0);
  expect(Math.max(first.y[60]!, first.y[121]!)).toBeLessThan(Math.min(...told));
});

test("topics come apart when they are laid out", () => {
  const { x, y } = lay(1);
  let [near, all] = [0, 0];
  for (let at = 0; at < 60; at++) {
    const others = [...Array(60).keys()].filter((other) => other !== at);
    const [closest] = others.sort(
      (a, b) => Math.hypot(x[a]! - x[at]!, y[a]! - y[at]!) - Math.hypot(x[b]! - x[at]!, y[b]! - y[at]!)
    );
    near += closest! % 3 === at % 3 ? 1 : 0;
    all++;
  }
  expect(near / all).toBeGreaterThan(0.8);
});

test.each([
  [[], /the 0 traces say nothing: a layout needs at least 5 different texts/],
  [[" … "], /the trace says nothing/],
  [["one"], /the trace says one and the same/],
  [Array(900).fill("again and again"), /the 900 traces say one and the same/],
  [["a cat", "a dog", "a fish", "a horse", "A  cat"], /the 5 traces say 4 different things/]
])("too few texts are refused in a sentence", (few, sentence) => {
  expect(() => findTextNeighbours({ texts: few, seed: 1, neighbours: 15 })).toThrow(sentence);
});

test("five texts and texts without a word in common are laid out", () => {
  const five = ["alpha", "beta", "gamma", "delta", "epsilon"];
  const near = findTextNeighbours({ texts: five, seed: 1, neighbours: 15 });
  expect(near.k).toBe(4);
  const layout = new PartLayout(near, { x: new Float32Array(5), y: new Float32Array(5) }, 1);
  layout.step();
  expect(layout.places().x.every(Number.isFinite)).toBe(true);
});
