import { expect, test } from "vitest";
import { buildMap, drawMap, type MapInput } from "#lib/map/build-map.ts";
import type { CheckpointSubject, KeptStep, OpenCheckpoint } from "#lib/map/checkpoint.ts";
import { freezeMap } from "#lib/map/frozen-projection.ts";
import type { ResumePoint } from "#lib/map/map-progress.ts";
import { openPack, packArrays } from "#lib/map/packed-arrays.ts";
import { prepareTexts } from "#lib/map/prepared-texts.ts";
import { formatProjection } from "#lib/map/projection-bytes.ts";
import { buildFirstMap, refitMap } from "#lib/map/refit-map.ts";
import { seededRandom } from "#lib/math/random.ts";
import { topicTexts } from "./topic-texts.ts";

const stop = new Error("stopped");
const texts = topicTexts(160, 5);
const input: MapInput = {
  texts,
  traceIds: texts.map((_, i) => `t${i}`),
  seed: 3,
  neighbours: 15,
  minClusterSize: 0
};

/** Steps kept in memory; stops the map once so many have been kept. */
function memory(stopAfter = Number.POSITIVE_INFINITY) {
  const kept = new Map<KeptStep, Uint8Array>();
  const subjects: CheckpointSubject[] = [];
  let count = 0;
  const open =
    (limit: number): OpenCheckpoint =>
    (subject) => {
      subjects.push(subject);
      return {
        find(step) {
          const bytes = kept.get(step);
          return bytes && openPack(bytes, [1], "step");
        },
        keep(step, head, arrays) {
          kept.set(step, packArrays(1, head, arrays));
          if (++count === limit) throw stop;
        },
        isDue: () => true,
        finish(stays) {
          for (const step of kept.keys()) if (!stays.includes(step)) kept.delete(step);
        }
      };
    };
  return { kept, subjects, first: open(stopAfter), again: open(Number.POSITIVE_INFINITY), counted: () => count };
}

/** How often a whole map is kept. */
function keepings(): number {
  const all = memory();
  buildMap(input, () => undefined, all.first);
  return all.counted();
}

test("a map that stops after any keeping ends in the bytes of one that did not", () => {
  const whole = buildMap(input);
  const total = keepings();
  expect(total).toBeGreaterThan(20);
  for (const at of [1, 2, 3, 4, 11, total >> 1, total - 1, total]) {
    const held = memory(at);
    expect(() => buildMap(input, () => undefined, held.first)).toThrow(stop);
    const from = new Set<string>();
    const tell = (point?: ResumePoint) => point && from.add(`${point.step} ${point.share.toFixed(2)}`);
    expect(buildMap(input, (_step, _done, _total, point) => tell(point), held.again)).toEqual(whole);
    const [point] = [...from];
    expect(from.size).toBe(1);
    expect(point).toMatch(at === 1 ? /^vectors 1/ : at === 2 ? /^neighbours 1/ : /^layout/);
    expect([...held.kept.keys()].sort()).toEqual(["layout", "neighbours"]);
  }
});

test("a map that stops again and again ends in the same bytes", () => {
  const whole = buildMap(input);
  const random = seededRandom(9);
  const held = memory();
  for (let stops = 0; stops < 12; stops++) {
    const limit = held.counted() + 1 + Math.floor(random() * 4);
    const breaking: OpenCheckpoint = (subject) => {
      const inside = held.again(subject);
      return {
        ...inside,
        keep(step, head, arrays) {
          inside.keep(step, head, arrays);
          if (held.counted() >= limit) throw stop;
        }
      };
    };
    expect(() => buildMap(input, () => undefined, breaking)).toThrow(stop);
  }
  expect(buildMap(input, () => undefined, held.again)).toEqual(whole);
});

test("any one of the kept steps can be missing", () => {
  const whole = buildMap(input);
  const total = keepings();
  for (const lost of ["vectors", "neighbours", "layout"] as const) {
    const held = memory(Math.floor(total / 2));
    expect(() => buildMap(input, () => undefined, held.first)).toThrow(stop);
    held.kept.delete(lost);
    expect(buildMap(input, () => undefined, held.again)).toEqual(whole);
  }
});

test("another smallest cluster goes on from the finished layout and is the map that it would be from the beginning", () => {
  const held = memory();
  buildMap(input, () => undefined, held.first);
  const steps = new Set<string>();
  const wide = { ...input, minClusterSize: 40 };
  const again = buildMap(wide, (step, _done, _total, from) => steps.add(`${step} ${from?.share}`), held.again);
  expect(again).toEqual(buildMap(wide));
  expect([...steps].filter((step) => step.startsWith("vectors 1") || step.startsWith("neighbours"))).toEqual([]);
  expect(steps).toContain("layout 1");
});

test("a kept map that stops has the projection of one that did not, and so has its refit", () => {
  const silent = () => undefined;
  const whole = buildFirstMap(input, "v1", silent);
  const held = memory(12);
  expect(() => buildFirstMap(input, "v1", silent, held.first)).toThrow(stop);
  expect(buildFirstMap(input, "v1", silent, held.again)).toEqual(whole);

  const later = topicTexts(300, 6);
  const next = { ...input, texts: later, traceIds: later.map((_, i) => `t${i}`) };
  const refit = refitMap(next, whole.projection, "v2", 10);
  for (const at of [1, 4]) {
    const broken = memory(at);
    expect(() => refitMap(next, whole.projection, "v2", 10, silent, broken.first)).toThrow(stop);
    const resumed = refitMap(next, whole.projection, "v2", 10, silent, broken.again);
    expect(resumed).toEqual(refit);
    expect(formatProjection(resumed.projection)).toEqual(formatProjection(refit.projection));
    expect(broken.kept.size).toBe(0);
    expect(broken.subjects[0]?.start).toHaveLength(2 * refit.folded.texts.length);
  }
});

test("a map by the vectors of a model goes on without keeping them", () => {
  const prepared = prepareTexts(texts);
  const random = seededRandom(4);
  const vectors = Float32Array.from({ length: prepared.folded.texts.length * 8 }, () => random() - 0.5);
  const given = { ...input, given: { prepared, vectors, d: 8, model: "m" } };
  const whole = drawMap(given, () => undefined);
  const held = memory(9);
  expect(() => buildMap(given, () => undefined, held.first)).toThrow(stop);
  expect([...held.kept.keys()].sort()).toEqual(["layout", "neighbours"]);
  const resumed = drawMap(given, () => undefined, held.again);
  expect(resumed.map).toEqual(whole.map);
  expect(formatProjection(freezeMap(resumed, "v", 1))).toEqual(formatProjection(freezeMap(whole, "v", 1)));
});

test("maps of few texts, or none, are kept and found alike", () => {
  for (const n of [0, 1, 2, 3, 4, 14]) {
    const few = { ...input, texts: texts.slice(0, n), traceIds: input.traceIds.slice(0, n) };
    const held = memory();
    const whole = buildMap(few);
    expect(buildMap(few, () => undefined, held.first)).toEqual(whole);
    expect(buildMap(few, () => undefined, held.again)).toEqual(whole);
  }
});
