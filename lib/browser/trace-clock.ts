import type { SpanHead } from "../wire/traces.ts";

/** A time in which nothing happens, too long to be drawn in proportion. Milliseconds after the trace's start. */
export interface Fold {
  readonly fromMs: number;
  readonly toMs: number;
  /** The last span to end before it, and the first to begin after it. */
  readonly before: SpanHead;
  readonly after: SpanHead;
}

/** How the times of a trace are drawn: in proportion, but for the folds. */
export interface TraceClock {
  readonly folds: readonly Fold[];
  /** What the whole trace is long on paper, in ms; above 0. */
  readonly paperMs: number;
  /** From a time to its place on paper, and back. Both grow; outside the trace both go on in proportion. */
  toPaper(ms: number): number;
  toTime(paperMs: number): number;
}

/** No shorter pause is folded, in ms. */
const leastFoldMs = 60_000;
/** A pause is folded when it is so many times as long as all in which something happens. */
const foldTimes = 20;
/** Share of the busy time that a fold is wide on paper. */
const foldShare = 0.05;

/** When a span ends; one that ends before it starts ends where it starts. */
export function endMs({ startMs, durationMs }: SpanHead): number {
  return startMs + Math.max(0, durationMs);
}

/** The clock of a trace's spans, in any order; at least one fold where spans lie days apart. */
export function buildClock(spans: readonly SpanHead[]): TraceClock {
  const { pauses, busyMs, lastMs } = readPauses(spans);
  const least = Math.max(leastFoldMs, foldTimes * busyMs);
  const folds = pauses.filter(({ fromMs, toMs }) => toMs - fromMs > least);
  const width = Math.max(busyMs * foldShare, 0.001);
  /** Corners of the line from time to paper. */
  const corners = [{ time: 0, paper: 0 }];
  for (const { fromMs, toMs } of folds) {
    const last = corners.at(-1) ?? { time: 0, paper: 0 };
    const paper = last.paper + fromMs - last.time;
    corners.push({ time: fromMs, paper }, { time: toMs, paper: paper + width });
  }
  const map = (value: number, from: "time" | "paper", to: "time" | "paper"): number => {
    let at = 0;
    while (at + 1 < corners.length && (corners[at + 1]?.[from] ?? 0) <= value) at++;
    const [here, next] = [corners[at], corners[at + 1]];
    if (!here) return value;
    // Every second stretch, from an odd corner on the time axis, is a fold.
    const isFold = at % 2 === 1 && next !== undefined;
    const scale = isFold ? (next[to] - here[to]) / (next[from] - here[from]) : 1;
    return here[to] + (value - here[from]) * scale;
  };
  const toPaper = (ms: number) => map(ms, "time", "paper");
  return {
    folds,
    paperMs: Math.max(toPaper(lastMs), 0.001),
    toPaper,
    toTime: (paperMs) => map(paperMs, "paper", "time")
  };
}

function readPauses(spans: readonly SpanHead[]) {
  const ordered = [...spans].sort((a, b) => a.startMs - b.startMs);
  const pauses: Fold[] = [];
  let last = ordered[0];
  let [busyMs, lastMs] = [0, 0];
  for (const span of ordered) {
    if (!last) break;
    const end = endMs(span);
    if (span.startMs > lastMs) pauses.push({ fromMs: lastMs, toMs: span.startMs, before: last, after: span });
    busyMs += Math.max(0, end - Math.max(span.startMs, lastMs));
    if (end >= lastMs) [last, lastMs] = [span, end];
  }
  return { pauses, busyMs, lastMs };
}
