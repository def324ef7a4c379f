import { Bool, Int64, makeVector, Table, TimestampMillisecond, tableToIPC, vectorFromArray } from "apache-arrow";
import { expect, test } from "vitest";
import { evaluateChart, readChartRows } from "#lib/chart/evaluate-chart.ts";

test("a table's rows have dates for times and numbers for long counts", () => {
  const table = new Table({
    n: vectorFromArray([1n, null], new Int64()),
    at: vectorFromArray([Date.UTC(2026, 10, 20), null], new TimestampMillisecond()),
    agent: vectorFromArray(["refunds", null]),
    ok: vectorFromArray([true, false], new Bool()),
    rate: makeVector(new Float64Array([0.5, 1]))
  });
  expect(readChartRows(tableToIPC(table, "stream"))).toEqual([
    { n: 1, at: new Date("2026-11-20T00:00:00Z"), agent: "refunds", ok: true, rate: 0.5 },
    { n: null, at: null, agent: null, ok: false, rate: 1 }
  ]);
});

const plot = { plot: (options: unknown) => ({ drawn: options }) };

test.each([
  ["Plot.plot({ n: rows.length })"],
  ["  Plot.plot({ n: rows.length });  \n"],
  ["Plot.plot({ n: rows.length }) // why"],
  ["const n = rows.length;\nreturn Plot.plot({ n });"]
])("the code %j gives its chart", (code) => {
  expect(evaluateChart(code, plot, { rows: [{ a: 1 }, { a: 2 }] })).toEqual({ drawn: { n: 2 } });
});

test("tables are there by their names; a name that code cannot write is left out", () => {
  const tables = { map_selection: [{ a: 1 }], "odd name": [{ a: 2 }], $x: [] };
  expect(evaluateChart("[map_selection.length, $x.length]", plot, tables)).toEqual([1, 0]);
});

test("statements that return nothing give no chart", () => {
  expect(evaluateChart("const a = 1;", plot, {})).toBeUndefined();
});

test("code that is no JavaScript says so, and what it throws comes out as it is", () => {
  expect(() => evaluateChart("Plot.plot({", plot, {})).toThrow(SyntaxError);
  expect(() => evaluateChart("missing.length", plot, {})).toThrow("missing is not defined");
});

test("code runs in strict mode, so that a slip makes no global", () => {
  expect(() => evaluateChart("slip = 1", plot, {})).toThrow(ReferenceError);
});
