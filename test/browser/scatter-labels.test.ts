import fc from "fast-check";
import { expect, test } from "vitest";
import { placeLabels, shortLabel } from "#lib/browser/scatter-labels.ts";

const size = { width: 800, height: 600 };
const view = { x: 0, y: 0, scale: 10 };
const words = (labels: readonly { readonly text: string }[]) => labels.map(({ text }) => text);

test("labels give way to the ones before them", () => {
  const items = [
    { x: 0, y: 0, label: "first" },
    { x: 0.1, y: 0.1, label: "second" },
    { x: 0.2, y: 0.1, label: "crowded out" },
    { x: 20, y: 0, label: "third" },
    { x: 900, y: 0, label: "far" }
  ];
  expect(words(placeLabels(items, view, size))).toEqual(["first", "second", "third"]);
});

test("at no zoom do two labels overlap, leave the picture or lie under the controls", () => {
  const place = fc.double({ min: -50, max: 50, noNaN: true });
  const item = fc.record({ x: place, y: place, label: fc.string({ minLength: 1, maxLength: 40 }) });
  const controls = { left: 0, top: 0, width: 400, height: 40 };
  fc.assert(
    fc.property(fc.array(item, { maxLength: 30 }), fc.double({ min: 0.1, max: 1000, noNaN: true }), (items, scale) => {
      const boxes = placeLabels(items, { x: 0, y: 0, scale }, size, (text) => text.length * 6, [controls]).map(
        ({ text, left, top }) => {
          const width = text.length * 6 + 28;
          return { left: left - width / 2, right: left + width / 2, top: top - 10, bottom: top + 10 };
        }
      );
      const taken = [...boxes, { left: 0, right: 400, top: 0, bottom: 40 }];
      for (const [at, one] of boxes.entries()) {
        expect(one.left >= 0 && one.right <= size.width && one.top >= 0 && one.bottom <= size.height).toBe(true);
        for (const other of taken.slice(at + 1)) {
          const apart =
            one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
          expect(apart).toBe(true);
        }
      }
    })
  );
});

test("inside a cluster whose middle is out of sight its name stands over what is seen of it", () => {
  const wide = { x: 100, y: 0, label: "wide", spots: [[10, 5, 3] as const, [20, 5, 1] as const, [300, 0, 9] as const] };
  const [label] = placeLabels([wide], view, size);
  expect(label).toMatchObject({ text: "wide", left: 400 + 125, top: 300 - 50 - 14 });
  expect(placeLabels([{ ...wide, spots: [] }], view, size)).toEqual([]);
});

test("where there is no room over a cluster its name stands under it, and in the middle of one that fills the picture", () => {
  const item = { x: 0, y: 0, label: "name" };
  expect(placeLabels([item, item, item], view, size).map(({ top }) => top)).toEqual([286, 314]);
  const large = { ...item, spots: [[0, 12, 1] as const, [0, -12, 1] as const] };
  expect(placeLabels([large], view, size).map(({ top }) => top)).toEqual([300]);
});

test("a label is whole words, the first one in any case", () => {
  expect(shortLabel("refund, charge, twice")).toBe("refund, charge, twice");
  expect(shortLabel("stopped working, nine weeks, warranty claim, refused")).toBe("stopped working");
  expect(shortLabel("group 12")).toBe("group 12");
  expect(shortLabel("x".repeat(60))).toHaveLength(32);
});
