import { expect, test } from "vitest";
import { contentText, countAt, fieldsAt, listAt, numberAt, parseInstantNs, textAt } from "#lib/formats/fields.ts";

test("a field of another type than asked for is as good as absent", () => {
  const fields = { list: [1], map: { a: 1 }, text: "x", nothing: null };
  expect(fieldsAt(fields, "map")).toEqual({ a: 1 });
  for (const name of ["list", "text", "nothing", "absent"]) expect(fieldsAt(fields, name)).toEqual({});
  expect(listAt(fields, "list")).toEqual([1]);
  for (const name of ["map", "text", "nothing", "absent"]) expect(listAt(fields, name)).toEqual([]);
});

test("numbers and flags can be read as text, lists and objects cannot", () => {
  const fields = { text: "", number: 4, flag: false, list: ["a"], nothing: null };
  expect(["text", "number", "flag", "list", "nothing"].map((name) => textAt(fields, name))).toEqual([
    "",
    "4",
    "false",
    null,
    null
  ]);
});

test("a number must be finite, and a count not negative", () => {
  const fields = { half: 2.6, below: -1, text: "3", never: Number.NaN };
  expect(["half", "below", "text", "never"].map((name) => numberAt(fields, name))).toEqual([2.6, -1, null, null]);
  expect(["half", "below", "text", "never"].map((name) => countAt(fields, name))).toEqual([3, null, null, null]);
});

test("the readable text of a message is its text parts, by blank lines", () => {
  expect(contentText("plain")).toBe("plain");
  expect(contentText(["a", { type: "text", text: "b" }, { content: "c" }, { type: "image" }, 4])).toBe("a\n\nb\n\nc");
  expect(contentText([{ type: "image" }])).toBeNull();
  expect(contentText({ text: "a" })).toBeNull();
});

test.each([
  ["2026-11-20T09:00:00Z", 0n],
  ["2026-11-20 09:00:00", 0n],
  ["2026-11-20T10:00:00+01:00", 0n],
  ["2026-11-20T10:00:00+0100", 0n],
  [" 2026-11-20T09:00:00.5Z ", 500_000_000n],
  ["2026-11-20T09:00:00.123456789", 123_456_789n]
])("%j is an instant, in UTC unless it says otherwise", (text, within) => {
  expect(parseInstantNs(text)).toBe(BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n + within);
});

test.each([[null], [""], ["2026-11-20"], ["soon"], ["2026-13-40T00:00:00Z"]])("%j is no instant", (text) => {
  expect(parseInstantNs(text)).toBeNull();
});
