import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cell, Workbook } from "#lib/model/cell.ts";
import { parseMapSettings, parseScoreSettings } from "#lib/workbook/cell-settings.ts";
import { findChartNames } from "#lib/workbook/chart-names.ts";
import { buildGraph, type CellReads, cellVersions, withNeeds } from "#lib/workbook/graph.ts";
import { resolveParams } from "#lib/workbook/params.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";

const ground = { params: { since: "2026-11-01" }, snapshotId: 4, seed: 1, selections: {}, files: {} };

function reads(names: readonly string[], params: readonly string[] = []): CellReads {
  return { names, params, fault: null };
}

function workbookOf(keys: readonly string[]): Workbook {
  const cells = keys.map((key): Cell => ({ kind: "sql", name: key, key, text: `select '${key}'`, line: 1 }));
  const params = { since: { type: "date", default: "-7d" } } as const;
  return { title: "t", businessUnits: [], params, schedule: null, cells };
}

test("every cell of a circle is named, and what reads it is not lost", () => {
  const readings = { a: reads(["B"]), b: reads(["c"]), c: reads(["a"]), d: reads(["a"]), e: reads(["traces"]) };
  const graph = buildGraph(workbookOf(["a", "b", "c", "d", "e"]), readings);
  expect(graph.faults["a"]!.message).toContain("a → b → c → a");
  expect(Object.keys(graph.faults)).toEqual(["a", "b", "c"]);
  expect(graph.order).toEqual(["d", "e"]);
  expect(withNeeds(graph, ["d"])).toEqual(["a", "b", "c", "d"]);
  expect(buildGraph(workbookOf(["a"]), { a: reads(["a"]) }).faults["a"]!.message).toContain("a → a");
});

test("a parameter that is not there is a fault of the cell that reads it", () => {
  const graph = buildGraph(workbookOf(["a"]), { a: reads([], ["till"]) });
  expect(graph.faults["a"]!.message).toContain('"$till"');
});

test("the order runs what is read first, each cell once, and is the text's where nothing is read", () => {
  const keys = ["a", "b", "c", "d", "e", "f"];
  const edges = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 12 });
  fc.assert(
    fc.property(edges, (pairs) => {
      const readings: Record<string, CellReads> = {};
      for (const [from, to] of pairs) {
        if (from === to) continue;
        const [reader, read] = [keys[Math.min(from, to)]!, keys[Math.max(from, to)]!];
        readings[reader] = reads([...(readings[reader]?.names ?? []), read]);
      }
      const { order, reads: read } = buildGraph(workbookOf(keys), readings);
      expect([...order].sort()).toEqual(keys);
      for (const [at, key] of order.entries()) {
        for (const name of read[key] ?? []) expect(order.indexOf(name)).toBeLessThan(at);
      }
    }),
    { seed: 3 }
  );
  expect(buildGraph(workbookOf(keys), {}).order).toEqual(keys);
});

test("a version changes with the text, a parameter that is read, what is read, and the lake, and with nothing else", () => {
  const workbook = workbookOf(["a", "b", "c"]);
  const graph = buildGraph(workbook, { b: reads(["a"]), a: reads([], ["since"]) });
  const before = cellVersions(workbook, graph, ground);
  const changed = (after: Readonly<Record<string, string>>) =>
    ["a", "b", "c"].filter((key) => after[key] !== before[key]);
  expect(changed(cellVersions(workbook, graph, { ...ground, params: { since: "2026-11-02" } }))).toEqual(["a", "b"]);
  expect(changed(cellVersions(workbook, graph, { ...ground, snapshotId: 5 }))).toEqual(["a", "b", "c"]);
  expect(changed(cellVersions(workbook, graph, { ...ground, seed: 2 }))).toEqual([]);
  const edited = {
    ...workbook,
    cells: workbook.cells.map((cell) => (cell.key === "b" ? { ...cell, text: "x" } : cell))
  };
  expect(changed(cellVersions(edited, graph, ground))).toEqual(["b"]);
});

test("a lasso makes the readers of the selection stale and not the map's other readers", () => {
  const workbook = parseWorkbook("```yaml map m\n```\n\n```sql picked\nx\n```\n\n```sql all_points\ny\n```\n");
  const graph = buildGraph(workbook, { picked: reads(["m_selection"]), all_points: reads(["m"]) });
  expect(graph.reads["picked"]).toEqual(["m"]);
  const before = cellVersions(workbook, graph, ground);
  const after = cellVersions(workbook, graph, { ...ground, selections: { m: 1 } });
  expect(["m", "picked", "all_points"].filter((key) => before[key] !== after[key])).toEqual(["picked"]);
});

test("a chart reads the tables its code names, wherever they stand", () => {
  const code = `// recent is only a word here
    const by = "refunds"; /* topics */
    Plot.plot({ marks: [Plot.dot(Points, { x: "x" }), Plot.text([\`n \${recent.length} topics\`]), ...daily], title: other.refunds })`;
  expect(findChartNames(code, ["recent", "refunds", "topics", "points", "daily"])).toEqual([
    "points",
    "recent",
    "daily"
  ]);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the code of a chart, not of this test
  expect(findChartNames("`${`${a}`}` + b }", ["a", "b", "c"])).toEqual(["a", "b"]);
});

test("settings of a score and a map cell have defaults, bounds, and refuse what they do not know", () => {
  expect(parseScoreSettings("scorer: s")).toEqual({
    ...{ traces: "traces", scorer: "s", target: null },
    ...{ options: {}, expected: null, budgetUsd: null }
  });
  expect(() => parseScoreSettings("traces: a\nscorer: b\nlimt: 3")).toThrow(
    expect.objectContaining({ position: { line: 3, column: 1 } })
  );
  expect(() => parseScoreSettings("traces: a")).toThrow(/no "scorer"/);
  expect(() => parseScoreSettings("scorer: a\ntarget: conversation")).toThrow(/cannot score "conversation"/);
  expect(parseMapSettings("")).toMatchObject({
    traces: "traces",
    text: "input",
    neighbours: 15,
    minClusterSize: 0,
    seed: null
  });
  expect(parseMapSettings("text: input || output\nneighbours: 5\nseed: 9")).toMatchObject({
    text: "input || output",
    seed: 9
  });
  expect(() => parseMapSettings("traces: a\nneighbours: 1")).toThrow(
    expect.objectContaining({ position: { line: 2, column: 13 } })
  );
  expect(() => parseMapSettings("text: [a]")).toThrow(/no text/);
  expect(parseMapSettings("facet: What for?\nbudget_usd: 0.5")).toMatchObject({
    text: "conversation",
    facet: "What for?",
    budgetUsd: 0.5
  });
  expect(() => parseMapSettings("facet: What for?\ntext: input")).toThrow(/a text and a facet/);
  expect(() => parseMapSettings(`facet: ${"a".repeat(501)}`)).toThrow(/501 characters/);
});

test("parameters take texts by their type, days count from the day of the run, and wrong values are refused", () => {
  const { params } = parseWorkbook(
    "---\nparams:\n  d: { type: date, default: -7d }\n  n: { type: number, default: 1, min: 0 }\n  b: { type: boolean, default: false }\n  c: { type: choice, options: [x, y], default: x }\n  a: { type: choice, from: agents, default: all }\n---\n"
  );
  expect(resolveParams({ params }, {}, "2026-03-03")).toEqual({ d: "2026-02-24", n: 1, b: false, c: "x", a: "all" });
  expect(resolveParams({ params }, { d: "2026-01-31", n: "2.5", b: "true", c: "y" }, "2026-03-03")).toMatchObject({
    d: "2026-01-31",
    n: 2.5,
    b: true,
    c: "y"
  });
  for (const given of [{ d: "2026-02-30" }, { n: "-1" }, { n: "" }, { b: "yes" }, { c: "z" }, { q: 1 }]) {
    expect(() => resolveParams({ params }, given, "2026-03-03")).toThrow(Object.keys(given)[0]!);
  }
  expect(() => resolveParams({ params }, { a: "ghost" }, "2026-03-03", { a: ["all", "refunds"] })).toThrow(/ghost/);
});
