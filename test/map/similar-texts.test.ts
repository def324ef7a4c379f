import { expect, test } from "vitest";
import { rankSimilarTexts } from "#lib/map/similar-texts.ts";

test("the same words are alike in full, whatever their case and order", () => {
  const [best] = rankSimilarTexts("My parcel is LATE", ["unrelated question", "late is my parcel"], 5);
  expect(best?.at).toBe(1);
  expect(best?.likeness).toBeCloseTo(1, 10);
});

test("a rare word in common counts more than a frequent one", () => {
  const others = ["please refund", "please cancel", "please explain", "duplicate invoice"];
  expect(rankSimilarTexts("please correct the duplicate", others, 5)[0]?.at).toBe(3);
});

test("texts without a common word, and empty ones, are left out, and no more come than were asked for", () => {
  expect(rankSimilarTexts("refund", ["weather", "", "!!!"], 5)).toEqual([]);
  expect(rankSimilarTexts("", ["weather"], 5)).toEqual([]);
  expect(rankSimilarTexts("late parcel", ["late", "parcel", "late parcel"], 2).map(({ at }) => at)).toEqual([2, 0]);
});
