import { expect, test } from "vitest";
import { withOptions } from "#lib/scoring/scorer-options.ts";

interface Scorer {
  score(...subjects: readonly unknown[]): unknown;
}

const given = (spec: object, options = {}): unknown => (withOptions(spec, options) as Scorer).score("first", "second");

test("a scorer gets its own options, and over them those that are given, after what it scores", () => {
  const score = (...all: readonly unknown[]) => all;
  expect(given({ options: { a: 1, b: [] }, score })).toEqual(["first", { a: 1, b: [] }]);
  expect(given({ options: { a: 1, b: [] }, score }, { b: [2] })).toEqual(["first", { a: 1, b: [2] }]);
  expect(given({ target: "span", options: { a: 1 }, score }, { a: 2 })).toEqual(["first", "second", { a: 2 }]);
  expect(given({ options: { a: null }, score }, { a: { deep: true } })).toEqual(["first", { a: { deep: true } }]);
});

test("what declares no options and is given none is left as it is", () => {
  const plain = { score: () => 1 };
  expect(withOptions(plain, {})).toBe(plain);
  expect(withOptions(undefined, { a: 1 })).toBeUndefined();
  expect(withOptions({ name: "none" }, { a: 1 })).toEqual({ name: "none" });
});

test("a scorer that asks is given its tools after the options, also where it has none", () => {
  const score = (...all: readonly unknown[]) => all;
  expect(given({ asks: {}, options: { a: 1 }, score })).toEqual(["first", { a: 1 }, "second"]);
  expect(given({ asks: {}, score })).toEqual(["first", {}, "second"]);
  const spans = withOptions({ asks: {}, target: "span", score }, {}) as Scorer;
  expect(spans.score("span", "trace", "tools")).toEqual(["span", "trace", {}, "tools"]);
});

test("a scorer keeps what it is called on", () => {
  const spec = {
    options: { a: 1 },
    limit: 7,
    score() {
      return this.limit;
    }
  };
  expect(given(spec)).toBe(7);
});

test("options cannot be changed by one call for the next", () => {
  const spec = { options: { a: 1 }, score: (_: unknown, options: { a: number }) => Object.isFrozen(options) };
  expect(given(spec)).toBe(true);
});

test.each([
  [{ a: 1 }, { b: 2 }, 'there is no "b"; there are a'],
  [{}, { b: 2 }, 'there is no "b"; there are none'],
  [{ a: 1 }, { a: "x" }, '"a" is "x", not a number as the scorer\'s 1'],
  [{ a: [] }, { a: { x: 1 } }, '"a" is {"x":1}, not a list'],
  [{ a: false }, { a: null }, '"a" is null, not true or false'],
  [{ a: 1 }, JSON.parse('{"__proto__": 1}'), 'there is no "__proto__"']
])("of %j, %j is refused", (options, set, sentence) => {
  expect(() => withOptions({ options, score: () => 1 }, set)).toThrow(sentence);
});
