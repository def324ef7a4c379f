import { expect, test } from "vitest";
import { checkSides, requireLabels } from "#lib/model/label-sides.ts";

test("labels mean one thing each, and every kind has one", () => {
  expect(checkSides({ wrong: ["bad", "bad"], fine: ["good"] })).toEqual({ wrong: ["bad"], fine: ["good"] });
  expect(() => checkSides({ wrong: [], fine: ["good"] })).toThrow(/nobody said which labels mean that it went wrong/);
  expect(() => checkSides({ wrong: ["a"], fine: ["b", "a"] })).toThrow(
    'the label "a" cannot mean that it went wrong and that it did not'
  );
  const many = Array.from({ length: 100 }, (_, at) => `l${at}`);
  expect(() => checkSides({ wrong: many, fine: ["good"] })).toThrow(/100 labels apart at most, not 101/);
});

test.each([
  [0, 0, "no trace has a label that counts yet"],
  [12, 0, "all 12 labelled traces went wrong, so there is nothing to tell them apart from"],
  [0, 30, "none of the 30 labelled traces went wrong, so there is nothing to find"],
  [2, 3, "5 labelled traces count, 15 too few"],
  [2, 30, "2 of the labelled traces went wrong, 3 too few"],
  [30, 4, "4 of the labelled traces did not go wrong, 1 too few"]
])("%d that went wrong and %d that did not are too few: a sentence says what is missing", (wrong, fine, message) => {
  try {
    requireLabels({ wrong, fine });
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid", message });
    expect((error as { hint: string }).hint).toBe(
      "A draft needs 20 labelled traces, at least 5 that went wrong and 5 that did not."
    );
  }
});

test("twenty labels of both kinds are enough", () => {
  expect(requireLabels({ wrong: 5, fine: 15 })).toBeUndefined();
});
