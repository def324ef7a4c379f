import { expect, test } from "vitest";
import { JsonText, type TextPart } from "#lib/formats/json-text.ts";

const shape = {
  lists: ["rows", "more"],
  heads: ["title"],
  isRecord: (value: unknown) => typeof value === "object" && value !== null && "id" in value
};

const held = 2 ** 20;

function read(text: string, size = Math.max(1, text.length)): readonly TextPart[] {
  const reader = new JsonText(shape, held);
  const parts: TextPart[] = [];
  for (let at = 0; at < text.length; at += size) parts.push(...reader.push(text.slice(at, at + size)));
  return [...parts, ...reader.end()];
}

const values = (parts: readonly TextPart[]) => parts.flatMap((part) => (part.kind === "record" ? [part.value] : []));
const reasons = (parts: readonly TextPart[]) => parts.flatMap((part) => (part.kind === "broken" ? [part.reason] : []));

test("a document gives its heads, the elements of its lists and the names of the rest, however it is written and cut", () => {
  const document = { title: "t", rows: [{ id: 1 }, { id: 2 }], other: [9], more: [{ id: 3 }], next: null, total: 0 };
  for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
    for (const size of [1, 3, 1000]) {
      expect(read(text, size)).toEqual([
        { kind: "head", name: "title", value: "t" },
        { kind: "beside", name: "other" },
        { kind: "record", value: { id: 1 }, list: "rows", place: "record 1" },
        { kind: "record", value: { id: 2 }, list: "rows", place: "record 2" },
        { kind: "record", value: { id: 3 }, list: "more", place: "record 3" }
      ]);
    }
  }
});

test("a record keeps its lists, also when they are called as those of documents", () => {
  expect(read('{"id":1,"rows":[{"id":2}]}')).toEqual([
    { kind: "record", value: { id: 1, rows: [{ id: 2 }] }, list: null, place: "the document" }
  ]);
  expect(values(read('[{"id":1,"rows":[]},{"rows":[{"id":2}]}]'))).toEqual([{ id: 1, rows: [] }, { id: 2 }]);
});

test("lines are told by their second line, and named by their number, blank ones counted", () => {
  expect(read('\n\n{"id":1}\n\n{"id":2}\n', 2)).toEqual([
    { kind: "record", value: { id: 1 }, list: null, place: "line 3" },
    { kind: "record", value: { id: 2 }, list: null, place: "line 5" }
  ]);
});

test("a line that is longer than is held costs itself alone", () => {
  const parts = read(`{"id":1}\n{"id":"${"x".repeat(held + 2 ** 17)}"}\n{"id":3}`, 2 ** 16);
  expect(values(parts).map((value) => JSON.stringify(value).slice(0, 20))).toEqual(['{"id":1}', '{"id":3}']);
  expect(reasons(parts)).toEqual([`line 2 is longer than ${held} characters`]);
});

test.each([
  ["on one line", ""],
  ["over many lines", "\n "]
])("a document that is longer than is held, written %s, is read piece by piece", (_, space) => {
  const text = `{${space}"title":"t",${space}"rows":[{"id":"${"x".repeat(held)}"},${space}{"id":2}]}`;
  const parts = read(text, 2 ** 16);
  expect(parts.map((part) => part.kind)).toEqual(["head", "record", "record"]);
  expect(values(parts)[1]).toEqual({ id: 2 });
});

test("a long document without any known list is named by the fields it has", () => {
  const [part, ...more] = read(`{"a":"${"x".repeat(held)}","b":{"rows":[1]},"c":[{"d":1}]}`, 2 ** 16);
  expect(more).toEqual([]);
  expect(part).toEqual({ kind: "record", value: { a: null, b: null, c: null }, list: null, place: "the document" });
});

test("a damaged document gives what stands before the damage and one reason", () => {
  const parts = read('{\n"rows": [{"id":1},\n{"id":2}, oops', 4);
  expect(values(parts)).toEqual([{ id: 1 }, { id: 2 }]);
  expect(reasons(parts)).toEqual([expect.stringMatching(/^the text is no JSON after 2 records/)]);
});

test.each(["", " \r\n\t", "\uFEFF"])("%j holds nothing", (text) => {
  expect(read(text)).toEqual([]);
});

test("a bare value is a record like any other, for its reader to tell", () => {
  expect(values(read("7"))).toEqual([7]);
  expect(reasons(read("not json"))).toHaveLength(1);
});

test("numbers that Python writes and JSON does not have are unknown, and words in texts stay", () => {
  const text = '{"id":1,"value":NaN,"least":-Infinity,"said":"NaN and \\"Infinity\\""}';
  for (const written of [text, `${text}\n${text}\n`]) {
    expect(reasons(read(written))).toEqual([]);
    expect(values(read(written))[0]).toEqual({ id: 1, value: null, least: null, said: 'NaN and "Infinity"' });
  }
  expect(reasons(read('{"id":1,"value":NaN,'))).toHaveLength(1);
});
