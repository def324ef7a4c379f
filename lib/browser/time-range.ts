import type { SpanHead } from "#lib/wire/traces.ts";

/** A part of a trace's time, in ms after its start; `toMs` is above `fromMs`. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Spans that are in the range at least for an instant, the earliest first, the longer first of two. */
export function spansIn(spans: readonly SpanHead[], { fromMs, toMs }: TimeRange): readonly SpanHead[] {
  return spans
    .filter((span) => span.startMs <= toMs && span.startMs + span.durationMs >= fromMs)
    .sort((a, b) => a.startMs - b.startMs || b.durationMs - a.durationMs);
}

/** Where the bar of a span lies in the range: left and width as shares, 0..1, cut at both ends. */
export function barOf(span: SpanHead, { fromMs, toMs }: TimeRange): { readonly left: number; readonly width: number } {
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
  const left = share(span.startMs);
  return { left, width: share(span.startMs + span.durationMs) - left };
}

/**
 * A range `factor` times as long around the same middle, kept inside the whole.
 *
 * @param factor  below 1 zooms in; never below a thousandth of a ms
 */
export function zoomRange(range: TimeRange, factor: number, whole: TimeRange): TimeRange {
  const length = Math.min(whole.toMs - whole.fromMs, Math.max(0.001, (range.toMs - range.fromMs) * factor));
  return keepInside((range.fromMs + range.toMs - length) / 2, length, whole);
}

/** The range moved by a share of its own length, kept inside the whole. */
export function shiftRange(range: TimeRange, share: number, whole: TimeRange): TimeRange {
  const length = range.toMs - range.fromMs;
  return keepInside(range.fromMs + length * share, length, whole);
}

/**
 * Round instants of the axis: 1, 2 or 5 times a power of ten apart.
 *
 * @param most  at most so many, at least 1
 */
export function timeTicks({ fromMs, toMs }: TimeRange, most: number): readonly number[] {
  const least = (toMs - fromMs) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= least) ?? least;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step); at * step <= toMs && ticks.length <= most; at++) ticks.push(at * step);
  return ticks;
}

function keepInside(fromMs: number, length: number, whole: TimeRange): TimeRange {
  const from = Math.min(Math.max(whole.fromMs, fromMs), Math.max(whole.fromMs, whole.toMs - length));
  return { fromMs: from, toMs: from + length };
}
