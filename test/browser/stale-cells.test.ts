import { expect, test } from "vitest";
import { findStale, type ShownCell } from "#lib/browser/stale-cells.ts";
import type { ReadReply } from "#lib/wire/workbook.ts";

const cells = [
  { key: "recent", text: "select * from traces where started_at >= $since", reads: [] },
  { key: "counted", text: "select count(*) from recent", reads: ["recent"] },
  { key: "others", text: "select 1", reads: [] }
].map((cell) => ({ ...cell, kind: "sql" as const, name: cell.key, line: 1, fault: null }));
const reading: ReadReply = {
  title: "",
  businessUnits: [],
  params: { since: { type: "date", default: "-7d" } },
  choices: {},
  schedule: null,
  cells,
  fault: null
};
const done = (text: string, since = "-7d"): ShownCell => ({
  cell: { state: "done", result: { kind: "table", table: "t", columns: [], rows: 1 }, durationMs: 1, notes: [] },
  text,
  params: { since },
  version: 1
});
const shown = Object.fromEntries(cells.map(({ key, text }) => [key, done(text)]));

test("results of the text and parameters that stand are not stale", () => {
  expect([...findStale(reading, shown, {}, new Set())]).toEqual([]);
  expect([...findStale(reading, shown, { since: "-7d" }, new Set())]).toEqual([]);
});

test("another parameter makes its readers and theirs stale, and no other cell", () => {
  expect([...findStale(reading, shown, { since: "-30d" }, new Set())]).toEqual(["recent", "counted"]);
});

test("a result remembered from another value of a parameter is stale", () => {
  const remembered = { ...shown, recent: done(cells[0]!.text, "-30d") };
  expect([...findStale(reading, remembered, {}, new Set())]).toEqual(["recent", "counted"]);
});

test("a changed text and a touched cell are stale, a cell that never ran is not", () => {
  const changed = { recent: done("select 2"), counted: shown["counted"]! };
  expect([...findStale(reading, changed, {}, new Set(["others"]))]).toEqual(["recent", "counted"]);
  expect([...findStale(reading, shown, {}, new Set(["others"]))]).toEqual(["others"]);
});

test("cells that read each other in a ring end the search", () => {
  const ring = { ...reading, cells: cells.map((cell) => ({ ...cell, reads: ["counted", "recent"] })) };
  expect([...findStale(ring, shown, {}, new Set())]).toEqual([]);
});
