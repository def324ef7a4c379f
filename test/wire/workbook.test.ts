import { expect, test } from "vitest";
import {
  parseCreateRequest,
  parseReadRequest,
  parseRunRequest,
  parseSaveRequest,
  parseSelectionRequest,
  parseTagRequest
} from "#lib/wire/workbook.ts";

test("a new workbook has a title and perhaps a text", () => {
  expect(parseCreateRequest({ title: "Refunds" })).toEqual({ title: "Refunds" });
  expect(parseCreateRequest({ title: "Refunds", text: "", other: 1 })).toEqual({ title: "Refunds", text: "" });
  expect(() => parseCreateRequest({ text: "a" })).toThrow('"title" is not a text');
});

test("a save names the revision it stands on", () => {
  expect(parseSaveRequest({ text: "a", baseRevision: 3 })).toEqual({ text: "a", baseRevision: 3 });
  expect(() => parseSaveRequest({ text: "a" })).toThrow('"baseRevision" is not a whole number');
});

test("a reading is of a text", () => {
  expect(parseReadRequest({ text: "# a" })).toEqual({ text: "# a" });
  expect(() => parseReadRequest("# a")).toThrow("the reading is not a JSON object");
});

test.each([["all"], ["stale"], [["a", "b"]], [[]]])("a run may ask for the cells %j", (cells) => {
  expect(parseRunRequest({ text: "a", cells })).toEqual({ text: "a", cells, params: {} });
});

test.each([[undefined], ["some"], [[1]], [{ a: 1 }]])("a run cannot ask for the cells %j", (cells) => {
  expect(() => parseRunRequest({ text: "a", cells })).toThrow('"cells" is neither');
});

test("parameters of a run are plain values", () => {
  const params = { unit: "support", days: 7, deep: true, model: null };
  expect(parseRunRequest({ text: "a", cells: "all", params })).toMatchObject({ params });
  expect(() => parseRunRequest({ text: "a", cells: "all", params: { days: [7] } })).toThrow('parameter "days"');
});

test("a selection is a polygon of at least three finite corners", () => {
  const polygon = [
    [0, 0],
    [1, 0],
    [0.5, -2]
  ];
  expect(parseSelectionRequest({ polygon })).toEqual({ polygon });
});

test.each([
  [
    "too few corners",
    [
      [0, 0],
      [1, 1]
    ]
  ],
  [
    "a corner with three numbers",
    [
      [0, 0],
      [1, 1],
      [1, 2, 3]
    ]
  ],
  [
    "a corner that is a text",
    [
      [0, 0],
      [1, 1],
      ["a", 2]
    ]
  ],
  [
    "a corner at infinity",
    [
      [0, 0],
      [1, 1],
      [Number.POSITIVE_INFINITY, 2]
    ]
  ],
  ["no list", "0,0 1,1 2,2"],
  ["more corners than a lasso makes", Array.from({ length: 10_001 }, () => [0, 0])]
])("a selection with %s is refused", (_, polygon) => {
  expect(() => parseSelectionRequest({ polygon })).toThrow('"polygon" is not a list of 3 to 10,000 pairs');
});

test("a tag goes on named traces, or on the rows of a workbook's table", () => {
  expect(parseTagRequest({ traceIds: ["a"], label: "  wrong refund ", note: "see chat" })).toEqual({
    traceIds: ["a"],
    label: "wrong refund",
    note: "see chat"
  });
  expect(parseTagRequest({ workbook: "refunds", table: "odd", label: "odd" })).toEqual({
    workbook: "refunds",
    table: "odd",
    label: "odd",
    note: ""
  });
});

test.each([
  [{ label: "   " }, /a label has 1 to 100 characters, not 0/],
  [{ label: "x".repeat(101) }, /not 101/],
  [{ label: "odd", traceIds: "a" }, /"traceIds" is not a list/],
  [{ label: "odd", traceIds: [1] }, /"traceIds" is not a list/],
  [{ traceIds: ["a"] }, /"label" is not a text/]
])("the tag %j is refused", (body, sentence) => {
  expect(() => parseTagRequest(body)).toThrow(sentence);
});
