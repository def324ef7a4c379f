import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "#lib/browser/diff-lines.ts";

const texts = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));

test("both texts are whole in their difference", () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const lines = diffLines(before, after);
      const without = (change: string) =>
        lines
          .filter((line) => line.change !== change)
          .map((line) => line.text)
          .join("\n");
      expect(without("added")).toBe(before);
      expect(without("removed")).toBe(after);
    }),
    { seed: 5, numRuns: 500 }
  );
});

test("only what changed is said to have changed", () => {
  expect(diffLines("a\nb\nc", "a\nx\nc")).toEqual([
    { change: "same", text: "a" },
    { change: "removed", text: "b" },
    { change: "added", text: "x" },
    { change: "same", text: "c" }
  ]);
});

test("a text that is wholly new in thousands of lines is shown as replaced", () => {
  const lines = (word: string) => Array.from({ length: 2100 }, (_, at) => `${word}${at}`).join("\n");
  expect(diffLines(lines("a"), lines("b")).filter(({ change }) => change === "removed")).toHaveLength(2100);
});
