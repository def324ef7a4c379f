import { expect, test } from "vitest";
import { buildChartFrame } from "#lib/chart/chart-frame.ts";
import { suggestChart } from "#lib/chart/suggest-chart.ts";

const column = (name: string, type: string) => ({ name, type });

test("time and number give a line, one per category", () => {
  const chart = suggestChart("daily", [
    column("agent", "VARCHAR"),
    column("day", "DATE"),
    column("cost_usd", "DOUBLE")
  ]);
  expect(chart).toContain('Plot.lineY(daily, { x: "day", y: "cost_usd", stroke: "agent"');
});

test("category and number give bars", () => {
  expect(
    suggestChart("t", [column("trace_id", "VARCHAR"), column("agent", "VARCHAR"), column("n", "BIGINT")])
  ).toContain('Plot.barX(t, { x: "n", y: "agent"');
});

test("two numbers give dots, one a histogram, a list none", () => {
  expect(suggestChart("t", [column("a", "INTEGER"), column("b", "DECIMAL(18,3)")])).toContain("Plot.dot(");
  expect(suggestChart("t", [column("a", "DOUBLE"), column("b", "DOUBLE[]")])).toContain("Plot.binX(");
});

test("names are quoted, whatever they hold", () => {
  expect(suggestChart("t", [column('a"b', "DOUBLE")])).toContain('x: "a\\"b"');
});

test("the frame's document loads nothing and its script does not end early", () => {
  const frame = buildChartFrame('const a = "</script><img src=x>";');
  expect(frame).toContain("default-src 'none'");
  expect(frame.match(/<\/script/gi)).toHaveLength(1);
});
