import type { SpanHead } from "../wire/traces.ts";
import { formatCount, formatDuration } from "./format.ts";
import { isOrphan, type SpanTree } from "./span-tree.ts";
import { endMs, type Fold, type TraceClock } from "./trace-clock.ts";

/** Something about a trace that cannot be quite right, and how it is drawn. */
export interface Oddity {
  readonly sentence: string;
  /** A span to look at. */
  readonly spanId: string;
}

/** Pauses beyond this between a span and its parent are put down to their clocks, in ms. */
const clockMs = 3_600_000;
const mostPauses = 3;

/** What a reader must know to read the times and the tree right, the most important first. */
export function listOddities(tree: SpanTree, clock: TraceClock): readonly Oddity[] {
  const oddities = clock.folds.slice(0, mostPauses).map((fold) => describeFold(tree, fold));
  const [orphan, ...others] = tree.spans.filter((span) => isOrphan(tree, span));
  if (orphan) {
    const n = others.length + 1;
    oddities.push({
      sentence: `${formatCount(n, "span")} ${n === 1 ? "names a parent that is" : "name parents that are"} not here: not sent yet, lost or sampled away. ${n === 1 ? "It stands" : "They stand"} at the top level.`,
      spanId: orphan.spanId
    });
  }
  const [backward, ...more] = tree.spans.filter(isBackward);
  if (backward) {
    const n = more.length + 1;
    oddities.push({
      sentence: `${formatCount(n, "span")} ${n === 1 ? "ends before it starts" : "end before they start"} (“${nameOf(backward)}” by ${formatDuration(-backward.durationMs)}); ${n === 1 ? "it is" : "they are"} drawn where ${n === 1 ? "it starts" : "they start"}, without length.`,
      spanId: backward.spanId
    });
  }
  return oddities;
}

/** Whether a span ends before it starts. */
export function isBackward({ durationMs }: SpanHead): boolean {
  return durationMs < 0;
}

function describeFold(tree: SpanTree, { fromMs, toMs, before, after }: Fold): Oddity {
  const length = formatDuration(toMs - fromMs);
  const parentOf = ({ parentSpanId }: SpanHead) =>
    parentSpanId === null ? undefined : tree.spans[tree.placeOf(parentSpanId)];
  const folded = "The empty time is folded.";
  const late = parentOf(after);
  if (late && endMs(late) <= fromMs && toMs - endMs(late) > clockMs) {
    return {
      sentence: `“${nameOf(after)}” begins ${formatDuration(toMs - endMs(late))} after its parent “${nameOf(late)}” ended: the clocks of their machines probably differ. ${folded}`,
      spanId: after.spanId
    };
  }
  const early = parentOf(before);
  if (early && early.startMs >= toMs && early.startMs - endMs(before) > clockMs) {
    return {
      sentence: `“${nameOf(before)}” ends ${formatDuration(early.startMs - endMs(before))} before its parent “${nameOf(early)}” begins: the clocks of their machines probably differ. ${folded}`,
      spanId: before.spanId
    };
  }
  return {
    sentence: `Nothing happens for ${length} between “${nameOf(before)}” and “${nameOf(after)}”. ${folded}`,
    spanId: after.spanId
  };
}

function nameOf({ toolName, name }: SpanHead): string {
  return toolName ?? name;
}
