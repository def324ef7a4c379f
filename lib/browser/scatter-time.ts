/** Points over time, in equal slices, with the part that is looked at. */
export interface TimeSlices {
  /** Of the first and the last point, in ms since 1970 UTC; the end lies just after the last. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly counts: Uint32Array;
}

/** Slices between the earliest and the latest time. @returns null where fewer than two times differ */
export function sliceTimes(times: Float64Array, slices: number): TimeSlices | null {
  let [fromMs, toMs] = [Infinity, -Infinity];
  for (let at = 0; at < times.length; at++) {
    const time = times[at] ?? Number.NaN;
    if (time < fromMs) fromMs = time;
    if (time > toMs) toMs = time;
  }
  if (!(toMs > fromMs)) return null;
  const counts = new Uint32Array(slices);
  for (let at = 0; at < times.length; at++) {
    const place = Math.floor((((times[at] ?? Number.NaN) - fromMs) / (toMs - fromMs)) * slices);
    if (place >= 0) counts[Math.min(slices - 1, place)] = (counts[Math.min(slices - 1, place)] ?? 0) + 1;
  }
  return { fromMs, toMs: toMs + 1, counts };
}

/** Part of the time, from inclusive to exclusive. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Which points lie in a range; those without a time do not. @returns n, 1 for points inside */
export function maskTimes(times: Float64Array, { fromMs, toMs }: TimeRange): Uint8Array {
  const mask = new Uint8Array(times.length);
  for (let at = 0; at < times.length; at++) {
    const time = times[at] ?? Number.NaN;
    if (time >= fromMs && time < toMs) mask[at] = 1;
  }
  return mask;
}

/** The range one step later, of the same length; after the end it begins again. */
export function stepRange(range: TimeRange, all: TimeRange, stepMs: number): TimeRange {
  const length = Math.min(range.toMs - range.fromMs, all.toMs - all.fromMs);
  if (stepMs > 0 && range.toMs >= all.toMs) return { fromMs: all.fromMs, toMs: all.fromMs + length };
  const fromMs = Math.max(all.fromMs, Math.min(all.toMs - length, range.fromMs + stepMs));
  return { fromMs, toMs: fromMs + length };
}
