import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildTree, isOrphan, listAbove, listShown } from "#lib/browser/span-tree.ts";
import { buildClock } from "#lib/browser/trace-clock.ts";
import { listOddities } from "#lib/browser/trace-oddities.ts";
import { countedSpans, sumKnown } from "#lib/model/counted-spans.ts";
import type { SpanRow } from "#lib/wire/trace.ts";

interface Given {
  readonly parent?: string | null;
  readonly at?: number;
  readonly lasts?: number;
  readonly tokens?: number | null;
  readonly cost?: number | null;
}

const row = (id: string, { parent = null, at = 0, lasts = 10, tokens = null, cost = null }: Given = {}): SpanRow => [
  id,
  parent,
  `step ${id}`,
  "llm",
  "ok",
  at,
  lasts,
  null,
  null,
  tokens,
  null,
  cost
];
const idsOf = (rows: readonly SpanRow[]) => buildTree(rows).spans.map(({ spanId }) => spanId);
const day = 86_400_000;

describe("the tree of a trace", () => {
  test("has parents before children and siblings by start, in whatever order they come", () => {
    const rows = [row("c", { parent: "a", at: 5 }), row("d", { parent: "b", at: 3 }), row("b", { parent: "a", at: 1 })];
    expect(idsOf([...rows, row("a")])).toEqual(["a", "b", "d", "c"]);
  });

  test("loses no span to a missing parent, a circle or a span that is its own parent", () => {
    const tree = buildTree([
      row("lost", { parent: "gone" }),
      row("x", { parent: "y", at: 1 }),
      row("y", { parent: "x", at: 2 }),
      row("self", { parent: "self", at: 3 })
    ]);
    expect(tree.spans.map(({ spanId }) => spanId)).toEqual(["lost", "self", "x", "y"]);
    expect([...tree.depths]).toEqual([0, 0, 0, 1]);
    expect(tree.spans.map((span) => isOrphan(tree, span))).toEqual([true, false, false, false]);
  });

  test("is not broken by a chain of 20,000 spans", () => {
    const chain = Array.from({ length: 20_000 }, (_, at) =>
      row(`s${at}`, { parent: at === 0 ? null : `s${at - 1}`, at })
    );
    expect(buildTree(chain).depths.at(-1)).toBe(19_999);
  });

  test("folds away all that is below a span, and finds the way to it", () => {
    const tree = buildTree([
      row("a"),
      row("b", { parent: "a", at: 1 }),
      row("c", { parent: "b", at: 2 }),
      row("d", { parent: "a", at: 3 })
    ]);
    expect(listShown(tree, new Set([1]))).toEqual([0, 1, 3]);
    expect(listShown(tree, new Set([0]))).toEqual([0]);
    expect(listAbove(tree, 2)).toEqual([1, 0]);
  });

  test("counts each model call once, however often the spans above it repeat the sum", () => {
    const tree = buildTree([
      row("a", { tokens: 30, cost: 3 }),
      row("b", { parent: "a", at: 1, tokens: 30 }),
      row("c", { parent: "b", at: 2, tokens: 10, cost: 1 }),
      row("d", { parent: "b", at: 3, tokens: 20, cost: 2 }),
      row("e", { parent: "a", at: 4 })
    ]);
    expect(tree.total).toEqual({ inputTokens: 30, outputTokens: null, costUsd: 3 });
    expect(tree.spans.map((_, place) => tree.spentAt(place).inputTokens)).toEqual([30, 30, 10, 20, null]);
  });

  test("sums up to what its top-level spans and the counted spans say, whatever the tree", () => {
    const shape = fc.array(fc.record({ parent: fc.nat(30), tokens: fc.option(fc.nat(100)) }), { maxLength: 30 });
    fc.assert(
      fc.property(shape, (spans) => {
        const tree = buildTree(
          spans.map(({ parent, tokens }, at) => row(`s${at}`, { parent: `s${parent}`, at, tokens }))
        );
        const tops = tree.spans.map((_, place) => place).filter((place) => tree.parents[place] === -1);
        const sum = tops.reduce((all, place) => all + (tree.spentAt(place).inputTokens ?? 0), 0);
        const counted = countedSpans(tree.spans, (span) => ({
          ...span,
          id: span.spanId,
          // Where parents run in a circle, the tree has cut it.
          parentId: tree.spans[tree.parents[tree.placeOf(span.spanId)] ?? -1]?.spanId ?? null
        }));
        expect(sum).toBe(tree.total.inputTokens ?? 0);
        expect(sumKnown(counted.map(({ inputTokens }) => inputTokens))).toBe(tree.total.inputTokens);
        expect(new Set(tree.spans).size).toBe(spans.length);
      }),
      { seed: 7 }
    );
  });
});

describe("the clock of a trace", () => {
  const clockOf = (rows: readonly SpanRow[]) => buildClock(buildTree(rows).spans);

  test("is in proportion while something happens", () => {
    const clock = clockOf([row("a", { lasts: 100 }), row("b", { at: 300, lasts: 100 })]);
    expect(clock).toMatchObject({ folds: [], paperMs: 400 });
    expect(clock.toPaper(150)).toBe(150);
  });

  test("folds three empty days and says whose clock is off", () => {
    const rows = [row("a", { lasts: 1000 }), row("b", { parent: "a", at: 3 * day, lasts: 1000 })];
    const clock = clockOf(rows);
    expect(clock.folds).toHaveLength(1);
    expect(clock.paperMs).toBeCloseTo(2100, 6);
    expect(clock.toPaper(3 * day + 500)).toBeCloseTo(1600, 6);
    const [oddity] = listOddities(buildTree(rows), clock);
    expect(oddity?.spanId).toBe("b");
    expect(oddity?.sentence).toContain("“step b” begins 71 h 59 min after its parent “step a” ended");
  });

  test("says so of a child days before its parent, and of a pause between strangers", () => {
    const early = [row("b", { parent: "a", lasts: 1000 }), row("a", { at: 2 * day })];
    expect(listOddities(buildTree(early), clockOf(early))[0]?.sentence).toContain("before its parent “step a” begins");
    const pause = [row("a", { lasts: 10 }), row("b", { at: 600_000 })];
    expect(listOddities(buildTree(pause), clockOf(pause))[0]?.sentence).toMatch(/^Nothing happens for 10 min 0 s/);
  });

  test("leads back from paper to time", () => {
    const clock = clockOf([row("a", { lasts: 1000 }), row("b", { at: day }), row("c", { at: 3 * day, lasts: 500 })]);
    fc.assert(
      fc.property(fc.double({ min: -10, max: 4 * day, noNaN: true }), (ms) => {
        expect(clock.toTime(clock.toPaper(ms))).toBeCloseTo(ms, 2);
      }),
      { seed: 7 }
    );
  });

  test("draws a span that ends before it starts without length, and says so", () => {
    const rows = [row("a", { lasts: -3000 }), row("lost", { parent: "gone", at: 5 })];
    const sentences = listOddities(buildTree(rows), clockOf(rows)).map(({ sentence }) => sentence);
    expect(sentences).toEqual([
      "1 span names a parent that is not here: not sent yet, lost or sampled away. It stands at the top level.",
      "1 span ends before it starts (“step a” by 3 s); it is drawn where it starts, without length."
    ]);
    expect(clockOf([]).paperMs).toBeGreaterThan(0);
  });
});
