import { expect, test } from "vitest";
import {
  countSeqs,
  formatRanges,
  parseRanges,
  pushSeq,
  type SeqRange,
  subtract,
  unite
} from "#lib/server/audit/seq-ranges.ts";

const toRanges = (seqs: Iterable<number>) => {
  const ranges: SeqRange[] = [];
  for (const seq of [...seqs].sort((left, right) => left - right)) pushSeq(ranges, seq);
  return ranges;
};
const toSet = (ranges: readonly SeqRange[]) =>
  new Set(ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at)));

test("ranges are read as they were written, and nothing else is", () => {
  const ranges = toRanges([4, 6, 7, 8, 12]);
  expect(formatRanges(ranges)).toBe("4,6-8,12");
  expect(parseRanges("4,6-8,12")).toEqual(ranges);
  expect(countSeqs(ranges)).toBe(5);
  for (const wrong of ["", "0", "4,", "8-6", "6,4", "4,4", "1.5", "-3", "9".repeat(16)])
    expect(() => parseRanges(wrong)).toThrow(/is no place of the trail/);
});

test("for any two sets of places, ranges unite and subtract as the sets do", () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const pick = () => new Set(Array.from({ length: 40 }, (_, at) => at + 1).filter(() => random() < 0.5));
  for (let round = 0; round < 200; round++) {
    const [left, right] = [pick(), pick()];
    const both = unite([...toRanges(right), ...toRanges(left)]);
    expect(both).toEqual(toRanges(left.union(right)));
    expect(toSet(subtract(toRanges(left), toRanges(right)))).toEqual(left.difference(right));
  }
});
