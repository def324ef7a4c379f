import { expect, test } from "vitest";
import { findFigures, toAsciiDigits, widenReading } from "#lib/scoring/figures.ts";

const readings = (text: string) => findFigures(text).map(({ readings }) => readings);

test.each([
  ["$1,000.00", ["1000"]],
  ["1.000", ["1000", "1"]],
  ["1\u00a0234,5", ["1234.5"]],
  ["-7", ["7", "-7"]],
  ["12 %", ["12", "0.12"]],
  ["٤٥", ["45"]],
  ["2024-03-05", ["d2024-03-05"]],
  ["5 March 2024", ["d2024-03-05"]],
  ["March 5th, 2024", ["d2024-03-05"]],
  ["05/03/2024", ["d2024-05-03", "d2024-03-05"]],
  ["5 March", ["d-03-05"]],
  ["March 5", ["d-03-05"]]
])("%s is read as %j", (text, expected) => {
  expect(readings(text)).toEqual([expected]);
});

test("a date's digits are no numbers of their own, a word is no month, and what cannot be a day is none", () => {
  expect(readings("On 2024-03-05 he paid 7.")).toEqual([["d2024-03-05"], ["7"]]);
  expect(readings("12 may apply")).toEqual([["12"]]);
  expect(
    readings("2024-13-05")
      .flat()
      .some((reading) => reading.startsWith("d"))
  ).toBe(false);
  expect(readings("order W2378156")).toEqual([]);
});

test("a date tells its day and its year", () => {
  expect(widenReading("d2024-03-05")).toEqual(["d2024-03-05", "d-03-05", "2024"]);
  expect(widenReading("12")).toEqual(["12"]);
  expect(toAsciiDigits("٣ ۴ ५ ６ 7")).toBe("3 4 5 6 7");
});
