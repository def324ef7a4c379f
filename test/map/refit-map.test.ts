import { expect, test } from "vitest";
import type { MapInput } from "#lib/map/build-map.ts";
import { buildFirstMap, refitMap } from "#lib/map/refit-map.ts";
import { seededRandom } from "#lib/math/random.ts";
import { topicTexts } from "./topic-texts.ts";

const inputOf = (texts: readonly string[]): MapInput => ({
  texts,
  traceIds: texts.map((_, i) => `t${i}`),
  seed: 1,
  neighbours: 15,
  minClusterSize: 0
});
const texts = topicTexts(300, 1);
const first = buildFirstMap(inputOf(texts), "v1");

test("a refit on other texts of the same topics hardly moves the known ones, and its clusters stay who they are", () => {
  const later = refitMap(inputOf([...texts.slice(60), ...topicTexts(60, 77)]), first.projection, "v2", 3);
  expect(later.known).toBe(240);
  expect(later.move).toBeLessThanOrEqual(0.015);
  expect(later.lineage.kept).toBe(1);
  expect([...later.projection.identities].sort()).toEqual([0, 1, 2]);
  expect(later.projection.version).toBe("v2");
});

test("a new topic is a born cluster with an identity of its own, beside the old ones", () => {
  const random = seededRandom(4);
  const words = ["mortgage", "interest", "lender", "deposit", "valuation", "house", "surveyor"];
  const fresh = Array.from({ length: 60 }, (_, i) => {
    const own = Array.from({ length: 5 }, () => words[Math.floor(random() * 7)]!);
    return ["please", "help", ...own, `case ${900 + i}`].join(" ");
  });
  const input = { ...inputOf([...texts, ...fresh]), minClusterSize: 20 };
  const { lineage, map } = refitMap(input, first.projection, "v2", 3);
  const born = lineage.origins.filter(({ kind }) => kind === "born");
  expect(born.map(({ identity }) => identity)).toEqual(born.map((_, at) => 3 + at));
  expect(lineage.nextIdentity).toBe(3 + born.length);
  const isBorn = (id: number) => born.some(({ cluster }) => cluster === id);
  expect(map.cluster.subarray(300).filter(isBorn).length).toBeGreaterThan(50);
  expect(map.cluster.subarray(0, 300).filter(isBorn).length).toBe(0);
  expect(lineage.kept).toBe(1);
});

test("a refit on nothing known still is a map, with all identities new", () => {
  const { lineage, known, move } = refitMap(inputOf(topicTexts(90, 50)), first.projection, "v2", 3);
  expect([known, move]).toEqual([0, 0]);
  expect(Math.min(...lineage.identities)).toBeGreaterThanOrEqual(3);
});
