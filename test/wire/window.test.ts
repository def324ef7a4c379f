import { expect, test } from "vitest";
import { parseDownloadFormat, parseWindow } from "#lib/wire/window.ts";

const query = (text: string) => new URLSearchParams(text);

test("a window that asks for nothing is the first 200 rows in the table's own order", () => {
  expect(parseWindow(query(""))).toEqual({
    offset: 0,
    limit: 200,
    sort: null,
    descending: false,
    characters: null,
    only: []
  });
});

test("a window takes its place, its size and its order from the query", () => {
  expect(
    parseWindow(query("offset=400&limit=50&sort=cost+usd&descending=true&characters=300&column=x&column=y"))
  ).toEqual({
    offset: 400,
    limit: 50,
    sort: "cost usd",
    descending: true,
    characters: 300,
    only: ["x", "y"]
  });
});

test("only the word true turns the order round", () => {
  expect(parseWindow(query("descending=1")).descending).toBe(false);
});

test.each([
  ["offset=-1", /"offset" is -1/],
  ["offset=1.5", /"offset" is 1\.5/],
  ["limit=0", /"limit" is 0/],
  ["characters=0", /"characters" is 0/],
  ["limit=many", /"limit" is many/],
  ["limit=10000001", /from 1 to 10000000/]
])("the window %s is refused by the name of its field", (text, sentence) => {
  expect(() => parseWindow(query(text))).toThrow(sentence);
});

test("a download is CSV unless another format is asked for", () => {
  expect(parseDownloadFormat(query(""))).toBe("csv");
  expect(parseDownloadFormat(query("format=parquet"))).toBe("parquet");
});

test("a download in an unknown format is refused with those there are", () => {
  expect(() => parseDownloadFormat(query("format=xlsx"))).toThrow('the format "xlsx" is none of csv, parquet, arrow');
});
