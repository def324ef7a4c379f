import { Fault } from "#lib/model/fault.ts";

/** Places of the chain from one to another, both included. */
export type SeqRange = readonly [first: number, last: number];

/** Adds a place behind those of a list, which grows only where there is a gap. */
export function pushSeq(ranges: SeqRange[], seq: number): void {
  const last = ranges.at(-1);
  if (last && seq === last[1] + 1) ranges[ranges.length - 1] = [last[0], seq];
  else ranges.push([seq, seq]);
}

/** How many places there are in ranges that do not overlap. */
export function countSeqs(ranges: readonly SeqRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** As `4,6-9`; `parseRanges` reads it. */
export function formatRanges(ranges: readonly SeqRange[]): string {
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}

/** @throws Fault `invalid` for what `formatRanges` did not write of ranges in order */
export function parseRanges(text: string): readonly SeqRange[] {
  let before = 0;
  return text.split(",").map((part) => {
    const [, first, last = first] = /^([1-9]\d{0,14})(?:-([1-9]\d{0,14}))?$/.exec(part) ?? [];
    const range = [Number(first), Number(last)] as const;
    if (first === undefined || range[0] <= before || range[1] < range[0])
      throw new Fault("invalid", `"${part.slice(0, 40)}" is no place of the trail`);
    before = range[1];
    return range;
  });
}

/** Ranges in any order, overlapping or not, as ranges in order that do not. */
export function unite(ranges: readonly SeqRange[]): readonly SeqRange[] {
  const united: SeqRange[] = [];
  for (const [first, last] of ranges.toSorted((left, right) => left[0] - right[0])) {
    const open = united.at(-1);
    if (open && first <= open[1] + 1) united[united.length - 1] = [open[0], Math.max(open[1], last)];
    else united.push([first, last]);
  }
  return united;
}

/** What of some ranges does not lie in others; both in order and without overlaps. */
export function subtract(from: readonly SeqRange[], taken: readonly SeqRange[]): readonly SeqRange[] {
  const left: SeqRange[] = [];
  let at = 0;
  for (const [first, last] of from) {
    let begin = first;
    while (at < taken.length && taken[at]![1] < begin) at += 1;
    for (let next = at; next < taken.length && taken[next]![0] <= last; next++) {
      if (begin < taken[next]![0]) left.push([begin, taken[next]![0] - 1]);
      begin = taken[next]![1] + 1;
    }
    if (begin <= last) left.push([begin, last]);
  }
  return left;
}
