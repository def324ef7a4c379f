import { expect, test } from "vitest";
import { buildMap, drawMap, type MapInput } from "#lib/map/build-map.ts";
import { freezeMap } from "#lib/map/frozen-projection.ts";
import { keepMap, placeTexts, prepareFor } from "#lib/map/keep-map.ts";
import { packArrays } from "#lib/map/packed-arrays.ts";
import { Placer } from "#lib/map/place.ts";
import { prepareTexts } from "#lib/map/prepared-texts.ts";
import { formatProjection, parseProjection } from "#lib/map/projection-bytes.ts";
import { wordVector } from "../server/embed/endpoint.ts";
import { topicTexts } from "./topic-texts.ts";

const d = 32;
const vectorsOf = (texts: readonly string[]) => Float32Array.from(texts.flatMap((text) => wordVector(text, d)));

function inputOf(texts: readonly string[], change: (vectors: Float32Array) => void = () => undefined): MapInput {
  const prepared = prepareTexts(texts);
  const vectors = vectorsOf(prepared.folded.texts);
  change(vectors);
  const given = { prepared, vectors, d, model: "words" };
  return { texts, traceIds: texts.map((_, i) => `t${i}`), seed: 1, neighbours: 15, minClusterSize: 0, given };
}

const silent = () => undefined;
const texts = topicTexts(240, 1);

test("a map of given vectors has their clusters, the texts' words, and says which model", () => {
  const map = buildMap(inputOf(texts));
  expect(map.vectors).toBe("words, 32 dimensions");
  expect(map.clusters.length).toBeGreaterThanOrEqual(3);
  for (const column of [map.x, map.y, map.novelty]) expect(column.every(Number.isFinite)).toBe(true);
  for (const { label } of map.clusters) expect(label).not.toBe("");
  expect(buildMap(inputOf(texts))).toEqual(map);
});

test("the length of a vector does not matter, and the caller's vectors stay as they were", () => {
  const input = inputOf(texts, (vectors) => vectors.set(vectors.map((value) => value * 8)));
  const before = input.given!.vectors.slice();
  const map = buildMap(input);
  expect(input.given!.vectors).toEqual(before);
  expect(map.cluster).toEqual(buildMap(inputOf(texts)).cluster);
});

test.each([0, 1, 2, 14])("a map of %i texts with given vectors is sound", (n) => {
  const map = buildMap(inputOf(topicTexts(n, 4)));
  expect(map.x).toHaveLength(n);
  expect([...map.x, ...map.y].every(Number.isFinite)).toBe(true);
});

test("all identical, half empty, and one of five megabytes", () => {
  expect(buildMap(inputOf(new Array<string>(300).fill("refund"))).clusters).toHaveLength(1);
  const half = buildMap(inputOf(texts.map((text, i) => (i % 2 === 0 ? text : " "))));
  expect([...half.cluster].filter((id) => id < 0).length).toBeGreaterThanOrEqual(120);
  expect(buildMap(inputOf([...texts, "flight seat ".repeat(420_000)])).x).toHaveLength(241);
});

test("vectors that are no numbers are refused by their place, and a vector of zeros is a point like any other", () => {
  const hurt = inputOf(texts, (vectors) => vectors.fill(Number.NaN, 5 * d + 3, 5 * d + 4));
  expect(() => buildMap(hurt)).toThrow(/vector 6 of \d+ holds NaN in dimension 3/);
  const short = inputOf(texts);
  expect(() => buildMap({ ...short, given: { ...short.given!, vectors: short.given!.vectors.slice(d) } })).toThrow(
    /vectors of 32 dimensions came as/
  );
  const zero = buildMap(inputOf(texts, (vectors) => vectors.fill(0, 0, 2 * d)));
  expect([...zero.x, ...zero.y].every(Number.isFinite)).toBe(true);
});

test("a kept map of given vectors is read back, and places what it knows and what is new", () => {
  const drawn = drawMap(inputOf(texts), silent);
  const projection = parseProjection(formatProjection(freezeMap(drawn, "v1", 1)));
  expect([projection.model, projection.textModel]).toEqual(["words", undefined]);
  expect(projection.boilerplate).toEqual(drawn.map.boilerplate);
  const placer = new Placer(projection);
  const fresh = topicTexts(30, 99);
  const unknown = placer.listUnknown(fresh);
  const placed = placer.placeTexts([...texts, ...fresh], { texts: unknown, vectors: vectorsOf(unknown) });
  expect(placed.x.slice(0, 240)).toEqual(drawn.map.x);
  const right = fresh.filter((_, i) => placed.cluster[240 + i] === drawn.map.cluster[i % 3]);
  expect(right.length).toBeGreaterThan(20);
  expect(() => placer.placeTexts(fresh)).toThrow(TypeError);
  const strange = Float32Array.from([
    ...new Array<number>(d).fill(0),
    ...vectorsOf([fresh[0]!]).map((value) => value * 8)
  ]);
  const [zero, long] = [placer.placeVectors(strange), placer.placeVectors(vectorsOf([fresh[0]!]))];
  expect([zero.cluster[0], zero.nearest[0]]).toEqual([-1, -1]);
  expect(zero.x[1]).toBeCloseTo(long.x[0]!, 5);
  expect(() => placer.placeVectors(Float32Array.from({ length: d }, () => Number.NaN))).toThrow(/holds NaN/);
});

const keepInput = (some: readonly string[], before: Parameters<typeof keepMap>[0]["before"] = null) => {
  const prepared = prepareFor(before?.projection ?? null, some);
  const given = { prepared, vectors: vectorsOf(prepared.folded.texts), d, model: "words" };
  return {
    ...inputOf(some),
    given,
    units: some.map((_, i) => (i % 2 === 0 ? "sales" : "support")),
    version: before ? "v2" : "v1",
    before
  };
};

test("the next version of a map of given vectors keeps places and clusters, and other vectors are refused", () => {
  const first = keepMap(keepInput(texts), silent);
  expect(first.model).toBe("words");
  const before = { projection: first.projection, nextClusterId: first.nextClusterId };
  const second = keepMap(keepInput([...texts.slice(30), ...topicTexts(30, 50)], before), silent);
  expect(second.movedShare).toBeLessThan(0.05);
  const same = second.clusterId.slice(0, 210).filter((id, i) => id === first.clusterId[i + 30]);
  expect(same.length).toBeGreaterThan(190);
  const { given: _, ...own } = keepInput(texts, before);
  expect(() => keepMap(own, silent)).toThrow(/made with words, 32 dimensions, and cannot be built again/);
});

test("texts that come to a kept map are cleaned as its own were, and only new ones ask for a vector", () => {
  const greeted = texts.map((text) => `Dear customer service team.\n${text}`);
  const first = keepMap(keepInput(greeted), silent);
  const coming = prepareFor(first.projection, [greeted[7]!, "Dear customer service team.\nSomething new", ""]);
  expect(coming.unknown).toEqual(["something new"]);
  const given = { texts: coming.unknown, vectors: vectorsOf(coming.unknown) };
  const placed = placeTexts(first.projection, [greeted[7]!, "Dear customer service team.\nSomething new", ""], given);
  expect([placed.x[0], placed.clusterId[0]]).toEqual([first.x[7], first.clusterId[7]]);
  expect(placed.clusterId[2]).toBe(-1);
});

test("a map that was kept before texts were cleaned is read as one without a rule", () => {
  const projection = freezeMap(drawMap({ ...inputOf(texts.slice(0, 40)), given: null }, silent), "v1", 1);
  const bytes = formatProjection(projection);
  const [, , textLength] = new Uint32Array(bytes.buffer, 0, 3);
  const { head } = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + textLength!))) as {
    head: Record<string, unknown>;
  };
  const { model: _, boilerplate: __, ...old } = head;
  const { vectors, positions, cluster, novelty, counts, keys, neighbours, identities } = projection;
  const arrays = { vectors, positions, cluster, novelty, counts, keys, neighbours, identities };
  const opened = parseProjection(packArrays(1, { ...old, text: null }, arrays));
  expect([opened.model, opened.boilerplate]).toEqual([null, { whole: [], openings: [], closings: [] }]);
  expect(() => parseProjection(packArrays(3, old, arrays))).toThrow(/has format 3, this program reads format 1 and 2/);
});
