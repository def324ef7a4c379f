import fc from "fast-check";
import { expect, test } from "vitest";
import { countedSpans, type Spending, sumKnown } from "#lib/model/counted-spans.ts";

/** Spans in which anything may hang below anything, circles and unknown parents too. */
const spans = fc
  .array(fc.record({ parent: fc.option(fc.nat(12)), tokens: fc.option(fc.nat(100)) }), { maxLength: 12 })
  .map((list) =>
    list.map(
      ({ parent, tokens }, at): Spending => ({
        id: String(at),
        parentId: parent === null ? null : String(parent),
        inputTokens: tokens,
        outputTokens: null,
        costUsd: null
      })
    )
  );

/** The rule as it is said: every span that reports, and from it upwards, one step at a time. */
function isAbove(all: readonly Spending[], above: Spending, below: Spending): boolean {
  const seen = new Set<string>();
  for (let at = below; at.parentId !== null && !seen.has(at.id); ) {
    seen.add(at.id);
    const parent = all.find(({ id }) => id === at.parentId);
    if (!parent) return false;
    if (parent.id === above.id) return true;
    at = parent;
  }
  return false;
}

test("a span counts exactly when no span below it reports anything", () => {
  fc.assert(
    fc.property(spans, (all) => {
      const expected = all.filter(
        (span) => !all.some((below) => below.inputTokens !== null && isAbove(all, span, below))
      );
      expect(countedSpans(all, (span) => span)).toEqual(expected);
    }),
    { seed: 3 }
  );
});

test("the order in which spans come changes nothing", () => {
  fc.assert(
    fc.property(spans, (all) => {
      const ids = (list: readonly Spending[]) => list.map(({ id }) => id).sort();
      expect(ids(countedSpans(all.toReversed(), (span) => span))).toEqual(ids(countedSpans(all, (span) => span)));
    }),
    { seed: 3 }
  );
});

test("a sum of what nobody knows is unknown, not zero", () => {
  expect(sumKnown([null, null])).toBeNull();
  expect(sumKnown([null, 0, 2])).toBe(2);
});
