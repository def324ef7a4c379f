import { Fault } from "../model/fault.ts";

/** Numbers at or above `low` and below `high`; null is open. Both null stands for a number that nobody said. */
export interface NumberRange {
  readonly low: number | null;
  readonly high: number | null;
}

const unknown = "none";

/** `1..5`, `..5`, `5..`, or `none` for what nobody said; `parseRange` gives the range back. */
export function formatRange({ low, high }: NumberRange): string {
  return low === null && high === null ? unknown : `${low ?? ""}..${high ?? ""}`;
}

/** @param name  of the field, for the sentence of the fault @throws Fault `invalid` */
export function parseRange(text: string, name: string): NumberRange {
  if (text === unknown) return { low: null, high: null };
  const at = text.indexOf("..");
  const end = (part: string) => (part === "" ? null : Number(part));
  const [low, high] = at < 0 ? [Number.NaN, null] : [end(text.slice(0, at)), end(text.slice(at + 2))];
  const isNumber = (value: number | null) => value === null || Number.isFinite(value);
  if (
    !isNumber(low) ||
    !isNumber(high) ||
    (low === null && high === null) ||
    (low !== null && high !== null && low >= high)
  ) {
    throw new Fault("invalid", `"${name}" is "${text.slice(0, 80)}", not a range`, {
      hint: "Write 1..5, ..5, 5.. or none."
    });
  }
  return { low, high };
}

/** Ranges that meet each other at these bounds: below the first, between two, from the last on. */
export function rangesBetween(bounds: readonly number[]): readonly NumberRange[] {
  return [null, ...bounds].map((low, at) => ({ low, high: bounds[at] ?? null }));
}

/** Ranges of a trace's duration that the list counts, in ms. */
export const durationRanges = rangesBetween([1000, 3000, 10_000, 30_000, 120_000]);

/** Ranges of a trace's cost that the list counts, in US dollars; the last is what nobody said. */
export const costRanges: readonly NumberRange[] = [...rangesBetween([0.001, 0.01, 0.1, 1]), { low: null, high: null }];
