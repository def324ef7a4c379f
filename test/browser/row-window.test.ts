import fc from "fast-check";
import { expect, test } from "vitest";
import { rowWindow } from "#lib/browser/row-window.ts";

test("an empty table draws nothing", () => {
  expect(rowWindow(0, 30, 0, 420)).toEqual({ bodyHeight: 0, first: 0, end: 0, top: 0 });
});

test("the rows drawn lie within the table and are few, wherever one scrolls", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 60, max: 2000 }),
      (total, share, view) => {
        const { bodyHeight } = rowWindow(total, 30, 0, view);
        const scrollTop = Math.max(0, bodyHeight - view) * share;
        const { first, end, top } = rowWindow(total, 30, scrollTop, view);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(total);
        expect(end).toBeGreaterThan(first);
        expect(end - first).toBeLessThanOrEqual(Math.ceil(view / 30) + 14);
        // What is drawn covers what is seen.
        expect(top).toBeLessThanOrEqual(scrollTop + 0.01);
        expect(top + (end - first) * 30).toBeGreaterThanOrEqual(
          Math.min(scrollTop + view, top + (total - first) * 30) - 0.01
        );
      }
    ),
    { seed: 7, numRuns: 500 }
  );
});

test("the last of five million rows is reached at the end of the scroll bar", () => {
  const { bodyHeight } = rowWindow(5_000_000, 30, 0, 420);
  expect(bodyHeight).toBeLessThanOrEqual(8_000_000);
  const { end, top, first } = rowWindow(5_000_000, 30, bodyHeight - 420, 420);
  expect(end).toBe(5_000_000);
  expect(top + (end - first) * 30).toBeCloseTo(bodyHeight, 3);
});
