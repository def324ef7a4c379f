import { expect, test } from "vitest";
import { buildTextVectors, projectTexts } from "#lib/map/text-vectors.ts";
import { cleanText, foldTexts, wordsOf } from "#lib/map/texts.ts";
import { buildWordTable } from "#lib/map/vocabulary.ts";
import { topicTexts } from "./topic-texts.ts";

const tableOf = (texts: readonly string[]) => buildWordTable(texts.map(wordsOf));
const { texts } = foldTexts(topicTexts(300, 1));
const made = buildTextVectors(texts, tableOf(texts), 1);
const model = made.keepModel();

test("texts of the fit are projected onto their own vectors, in any order and company", () => {
  const some = [texts[17]!, texts[250]!, texts[3]!];
  const { vectors: again } = projectTexts(model, some, tableOf(some));
  [17, 250, 3].forEach((from, at) => {
    for (let c = 0; c < made.d; c++) expect(again[at * made.d + c]).toBeCloseTo(made.vectors[from * made.d + c]!, 3);
  });
});

test("a new text lies nearest to the texts of its topic, and has length one", () => {
  const fresh = ["seat and luggage at the airport gate", "cable modem restart", "refund my money back"].map(cleanText);
  const { vectors: rows } = projectTexts(model, fresh, tableOf(fresh));
  const topics = [
    "flight seat gate boarding luggage airport delayed",
    "router wifi signal cable modem",
    "refund money back return paid"
  ];
  fresh.forEach((_, at) => {
    const own = rows.subarray(at * made.d, (at + 1) * made.d);
    expect(Math.hypot(...own)).toBeCloseTo(1, 5);
    const likeness = texts.map((_, i) => own.reduce((sum, value, c) => sum + value * made.vectors[i * made.d + c]!, 0));
    const nearest = texts[likeness.indexOf(Math.max(...likeness))]!;
    expect(nearest.split(" ").some((word) => topics[at]!.split(" ").includes(word))).toBe(true);
  });
});

test("a text of unknown words has a direction of its own, the same each time, and is unseen wholly", () => {
  const project = () => projectTexts(model, ["żółć 東京"], tableOf(["żółć 東京"]));
  expect(Math.hypot(...project().vectors)).toBeCloseTo(1, 5);
  expect(project().unseen[0]).toBe(1);
  expect(project()).toEqual(project());
});

test("words with digits are neither seen nor unseen", () => {
  const some = ["refund money 482190", "refund money", "refund zebra"];
  const { unseen } = projectTexts(model, some, tableOf(some));
  expect(unseen[2]).toBeGreaterThan(unseen[1]!);
  expect(unseen[0]).toBe(unseen[1]);
});
