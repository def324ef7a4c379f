import { expect, test } from "vitest";
import { integer, object, optional, record, text } from "#lib/wire/parse.ts";

test.each([[null], [[]], ["text"], [3], [undefined]])(
  "%j is no JSON object, and is called what it stood for",
  (value) => {
    expect(() => object(value, "the save")).toThrow("the save is not a JSON object");
  }
);

test("fields give back what they hold in the type asked for", () => {
  const fields = object({ title: "Refunds", revision: 4, params: { days: 7 } }, "the save");
  expect(text(fields, "title")).toBe("Refunds");
  expect(integer(fields, "revision")).toBe(4);
  expect(record(fields, "params")).toEqual({ days: 7 });
});

test("an empty text is a text, and a missing one is not", () => {
  expect(text({ note: "" }, "note")).toBe("");
  expect(() => text({}, "note")).toThrow('"note" is not a text');
});

test.each([[1.5], ["4"], [Number.MAX_SAFE_INTEGER + 1], [null]])("%j is no whole number", (value) => {
  expect(() => integer({ revision: value }, "revision")).toThrow('"revision" is not a whole number');
});

test("an absent object is an empty one, but a list in its place is refused", () => {
  expect(record({}, "params")).toEqual({});
  expect(() => record({ params: [] }, "params")).toThrow('"params" is not a JSON object');
});

test("an optional field may be absent or null, but not of another type", () => {
  expect(optional({}, "note", text)).toBeUndefined();
  expect(optional({ note: null }, "note", text)).toBeUndefined();
  expect(optional({ note: "seen" }, "note", text)).toBe("seen");
  expect(() => optional({ note: 3 }, "note", text)).toThrow('"note" is not a text');
});
