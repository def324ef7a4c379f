import { readSpanRow, type SpanRow } from "../wire/trace.ts";
import type { SpanHead } from "../wire/traces.ts";

/** What a span and all below it spent; null where none of them says. */
export interface Spent {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
}

/** The spans of a trace as a tree. A span's place is its number in `spans`; its own come right behind it. */
export interface SpanTree {
  /** Parents before children, siblings by start. */
  readonly spans: readonly SpanHead[];
  /** Place of the span above, -1 at the top. */
  readonly parents: Int32Array;
  readonly depths: Int32Array;
  /** One past the place of the last span below. */
  readonly ends: Int32Array;
  /** Place of a span by its id, -1 for one that is not here. */
  placeOf(spanId: string): number;
  /** What the span at a place and all below it spent, each model call counted once. */
  spentAt(place: number): Spent;
  /** Of all spans. */
  readonly total: Spent;
}

/**
 * Builds the tree. A span whose parent is missing stands at the top; where parents run in a circle, the
 * earliest of the circle does. None is lost.
 *
 * @param rows  in any order, each id once
 */
export function buildTree(rows: readonly SpanRow[]): SpanTree {
  const heads = rows.map(readSpanRow).sort((a, b) => a.startMs - b.startMs || (a.spanId < b.spanId ? -1 : 1));
  const indexes = new Map(heads.map(({ spanId }, index) => [spanId, index]));
  const order = walkTree(heads, indexes);
  const placeByIndex = new Int32Array(heads.length);
  for (const [place, index] of order.entries()) placeByIndex[index] = place;
  const placeOf = (spanId: string) => placeByIndex[indexes.get(spanId) ?? -1] ?? -1;

  const spans = Array.from(order, (index) => heads[index] as SpanHead);
  const parents = new Int32Array(spans.length).fill(-1);
  const depths = new Int32Array(spans.length);
  const ends = Int32Array.from(spans, (_, place) => place + 1);
  for (const [place, { parentSpanId }] of spans.entries()) {
    const above = parentSpanId === null ? -1 : placeOf(parentSpanId);
    // A parent that comes later, or is the span itself, closes a circle.
    if (above < 0 || above >= place) continue;
    parents[place] = above;
    depths[place] = (depths[above] ?? 0) + 1;
  }
  for (let place = spans.length - 1; place >= 0; place--) {
    const above = parents[place] ?? -1;
    if (above >= 0) ends[above] = Math.max(ends[above] ?? 0, ends[place] ?? 0);
  }
  return { spans, parents, depths, ends, placeOf, ...sumSpent(spans, parents) };
}

/**
 * Places of the rows to draw: nothing below a folded span.
 *
 * @param folded  places
 */
export function listShown(tree: SpanTree, folded: ReadonlySet<number>): readonly number[] {
  const shown: number[] = [];
  for (let place = 0; place < tree.spans.length; ) {
    shown.push(place);
    place = folded.has(place) ? (tree.ends[place] ?? place + 1) : place + 1;
  }
  return shown;
}

/** Places of the spans above one, the nearest first. */
export function listAbove({ parents }: SpanTree, place: number): readonly number[] {
  const above: number[] = [];
  for (let at = parents[place] ?? -1; at >= 0; at = parents[at] ?? -1) above.push(at);
  return above;
}

/** Whether a span names a parent that the tree does not have. */
export function isOrphan({ placeOf }: SpanTree, { parentSpanId }: SpanHead): boolean {
  return parentSpanId !== null && placeOf(parentSpanId) < 0;
}

/** Indexes of the heads in the order of the tree. @param heads  in start order */
function walkTree(heads: readonly SpanHead[], indexes: ReadonlyMap<string, number>): Int32Array {
  /** The first child of each, and the next of the same parent; -1 where there is none. */
  const first = new Int32Array(heads.length).fill(-1);
  const next = new Int32Array(heads.length).fill(-1);
  const isRoot = new Uint8Array(heads.length);
  for (let index = heads.length - 1; index >= 0; index--) {
    const { parentSpanId } = heads[index] as SpanHead;
    const above = parentSpanId === null ? index : (indexes.get(parentSpanId) ?? index);
    if (above === index) isRoot[index] = 1;
    else {
      next[index] = first[above] ?? -1;
      first[above] = index;
    }
  }
  const order = new Int32Array(heads.length);
  const seen = new Uint8Array(heads.length);
  let placed = 0;
  const walk = (root: number) => {
    // One list of siblings for each level; a deep trace must not exhaust the call stack.
    const levels = [root];
    seen[root] = 1;
    order[placed++] = root;
    for (let at = first[root] ?? -1; ; ) {
      while (at >= 0 && seen[at] === 1) at = next[at] ?? -1;
      if (at >= 0) {
        seen[at] = 1;
        order[placed++] = at;
        levels.push(at);
        at = first[at] ?? -1;
        continue;
      }
      const done = levels.pop();
      if (done === undefined || levels.length === 0) return;
      at = next[done] ?? -1;
    }
  };
  for (let index = 0; index < heads.length; index++) if (isRoot[index] === 1) walk(index);
  for (let index = 0; index < heads.length; index++) if (seen[index] === 0) walk(index);
  return order;
}

/** Sums by the rule of `countedSpans`: a span counts when none below it, at any depth, reports anything. */
function sumSpent(spans: readonly SpanHead[], parents: Int32Array): Pick<SpanTree, "spentAt" | "total"> {
  const isCovered = new Uint8Array(spans.length);
  const sums = {
    inputTokens: new Float64Array(spans.length).fill(Number.NaN),
    outputTokens: new Float64Array(spans.length).fill(Number.NaN),
    costUsd: new Float64Array(spans.length).fill(Number.NaN)
  };
  const total = { inputTokens: Number.NaN, outputTokens: Number.NaN, costUsd: Number.NaN };
  for (let place = spans.length - 1; place >= 0; place--) {
    const span = spans[place] as SpanHead;
    const above = parents[place] ?? -1;
    let reports = isCovered[place] === 1;
    for (const name of spentNames) {
      const column = sums[name];
      const own = span[name];
      if (isCovered[place] === 0 && own !== null) {
        column[place] = own;
        reports = true;
      }
      const value = column[place] ?? Number.NaN;
      if (above >= 0) column[above] = add(column[above] ?? Number.NaN, value);
      else total[name] = add(total[name], value);
    }
    if (reports && above >= 0) isCovered[above] = 1;
  }
  const known = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  const spentOf = (read: (name: SpentName) => number | undefined): Spent => ({
    inputTokens: known(read("inputTokens")),
    outputTokens: known(read("outputTokens")),
    costUsd: known(read("costUsd"))
  });
  return { spentAt: (place) => spentOf((name) => sums[name][place]), total: spentOf((name) => total[name]) };
}

type SpentName = keyof Spent;
const spentNames: readonly SpentName[] = ["inputTokens", "outputTokens", "costUsd"];

/** NaN stands for what nobody says. */
function add(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b;
}
