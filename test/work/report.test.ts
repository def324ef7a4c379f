import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { wilsonInterval } from "#lib/math/wilson.ts";
import type { Check, Run } from "#lib/model/run.ts";
import { compareRuns } from "#lib/work/compare-runs.ts";
import { formatJunit } from "#lib/work/junit.ts";
import { formatReport } from "#lib/work/report.ts";
import { cleanSvg } from "#lib/work/report-figures.ts";
import { formatCheckValue, formatDuration, formatRate, formatThreshold } from "#lib/work/report-numbers.ts";
import { formatProse } from "#lib/work/report-prose.ts";
import { formatRunJson } from "#lib/work/run-json.ts";
import { XMLParser } from "./xml.ts";

const passes: Check = { name: "holds", value: 0.82, threshold: 0.8, pass: true, n: 214, interval: [0.763, 0.866] };
const fails: Check = { name: 'a <b> & "c"', value: 12.3456, threshold: 10, pass: false, n: null, interval: null };
const open: Check = { name: "open", value: null, threshold: null, pass: null, n: null, interval: null };

function runOf(checks: readonly Check[], more: Partial<Run> = {}): Run {
  const columns = [{ name: "pass", type: "BOOLEAN" }];
  const result = { kind: "checks", table: "c", columns, rows: checks.length, checks } as const;
  return {
    runId: "r1",
    workbook: "refunds",
    title: "Refunds <script>alert(1)</script>",
    revision: 4,
    trigger: "command",
    occurrenceMs: null,
    userId: "owner",
    businessUnits: ["support"],
    snapshotId: 9,
    params: { since: "2026-11-01", odd: "</dd><script>" },
    seed: 1,
    startedAtMs: Date.UTC(2026, 10, 20, 9),
    endedAtMs: Date.UTC(2026, 10, 20, 9, 0, 3),
    outcome: "failed",
    cells: [
      {
        key: "_0",
        kind: "prose",
        text: "# Hello\n\n<img src=x onerror=alert(1)>",
        state: { state: "done", result: { kind: "prose" }, notes: [], durationMs: 0 }
      },
      {
        key: "c",
        kind: "check",
        text: "select '</code>'",
        state: { state: "done", result, notes: ["note <i>"], durationMs: 1500 }
      },
      {
        key: "bad",
        kind: "sql",
        text: "select",
        state: { state: "failed", fault: { code: "invalid", message: "no <column>\u0000" }, durationMs: 2 }
      },
      { key: "reader", kind: "sql", text: "select", state: { state: "blocked", by: ["bad"] } }
    ],
    checks,
    engine: "0.1.0",
    ...more
  };
}

const nothing = { tables: {}, charts: {}, maps: {}, faults: {} };

test("a report is one file that loads and runs nothing, whatever the cells wrote", () => {
  const html = formatReport(runOf([passes, fails, open]), {
    tables: {},
    charts: { c: { svg: "<svg><script>1</script></svg>", note: null } },
    maps: {},
    faults: {}
  });
  const { document } = parseHTML(html);
  expect(document.querySelectorAll("script, iframe, img, link, object, embed")).toHaveLength(0);
  expect(
    [...document.querySelectorAll("*")]
      .flatMap((element) => element.getAttributeNames())
      .filter((name) => name.startsWith("on"))
  ).toEqual([]);
  const policy = document.querySelector("meta[http-equiv]")!.getAttribute("content");
  expect(policy).toContain("default-src 'none'");
  expect(document.querySelector("h1")!.textContent).toBe("Refunds <script>alert(1)</script>");
  expect(document.querySelector(".outcome")!.textContent).toBe("✗ failed 1 of 3 checks passed, 1 undecided");
  const rows = [...document.querySelectorAll("#checks tbody tr")].map((row) =>
    [...row.querySelectorAll("td")].map((cell) => cell.textContent)
  );
  expect(rows).toEqual([
    ["✓ passed", "holds", "82 % [76, 87] n = 214", "80 %"],
    ["✗ failed", 'a <b> & "c"', "12.3", "10"],
    ["○ undecided", "open", "no value", ""]
  ]);
  const ground = document.querySelector("footer")!.textContent!;
  for (const fact of ["r1", "refunds", "4", "9", "0.1.0", "3.0 s"]) expect(ground).toContain(fact);
  expect(document.body.textContent).toContain("no <column>");
  expect(document.body.textContent).toContain("blocked by bad");
});

test("a report shows tables, scores, charts and maps with what was left out", () => {
  const columns = [
    { name: "n", type: "BIGINT" },
    { name: "word", type: "VARCHAR" }
  ];
  const done = (result: object) =>
    ({ state: "done", result, notes: [], durationMs: 5 }) as unknown as Run["cells"][number]["state"];
  const summary = { n: 10, unscored: 2, passes: 8, mean: 0.8, interval: wilsonInterval(8, 10) };
  const clusters = [{ id: 0, label: "late <parcel>", size: 3, share: 0.75, x: 0, y: 0, representatives: [] }];
  const cells = [
    { key: "t", kind: "sql", text: "", state: done({ kind: "table", table: "t", columns, rows: 900 }) },
    {
      key: "s",
      kind: "score",
      text: "",
      state: done({ kind: "scores", table: "s", columns, rows: 12, scorer: "x", scorerVersion: "abc", summary })
    },
    { key: "v", kind: "chart", text: "", state: done({ kind: "chart", reads: [] }) },
    { key: "w", kind: "chart", text: "", state: done({ kind: "chart", reads: [] }) },
    { key: "x", kind: "scorer", text: "", state: done({ kind: "scorer", version: "abc" }) },
    {
      key: "m",
      kind: "map",
      text: "",
      state: done({ kind: "map", table: "m", points: 4, clusters, noise: 1, seed: 1, vectors: "tf-idf" })
    }
  ] as Run["cells"];
  const html = formatReport(runOf([passes], { cells, outcome: "passed" }), {
    tables: {
      t: {
        columns,
        rows: [
          ["1", null],
          ["2", "<b>"]
        ],
        total: 900
      }
    },
    charts: {
      v: { svg: '<svg onload="x()"><a href="javascript:1"><text>bars</text></a></svg>', note: "cut" }
    },
    maps: {
      m: {
        points: [
          { x: 0, y: 0, cluster: 0 },
          { x: 1, y: 1, cluster: -1 }
        ],
        share: 0.5
      }
    },
    faults: { w: { code: "invalid", message: "x is not defined" } }
  });
  const { document } = parseHTML(html);
  const text = document.body.textContent!;
  for (const words of [
    "the first 2 of 900 rows",
    "80 % [49, 94] n = 10",
    "2 unscored",
    "x abc",
    "cut",
    "x is not defined",
    "late <parcel>",
    "50 % of the points are drawn"
  ]) {
    expect(text).toContain(words);
  }
  expect(document.querySelectorAll("circle")).toHaveLength(2);
  expect(html).not.toMatch(/onload|javascript:/);
  expect(formatReport(runOf([], { outcome: "broken", cells: [] }), nothing)).toContain("do not speak for the workbook");
});

test("prose shows raw HTML as text, follows no script link and loads no picture", () => {
  const html = formatProse(
    '<b onclick="x">b</b> [a](javascript:alert(1)) [c](https://a.example/?x="y") ![p](https://a.example/p.png)\n\n<script>x</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |'
  );
  expect(html).not.toMatch(/<(b|script|img)\b|javascript:/);
  expect(html).toContain("<table>");
  expect(html).toContain('href="https://a.example/p.png"');
});

test("prose of a page leads to our own pages, that of a report does not, and neither to another host by a path", () => {
  const links = "[trace](/traces/4bf9) [other](//evil.example/traces/1) [api](/api/keys) [up](/traces/../api)";
  expect(formatProse(links, "page").match(/href="[^"]*"/g)).toEqual(['href="/traces/4bf9"']);
  expect(formatProse(links)).not.toContain("href");
});

test("what could run is cut out of a chart", () => {
  const dirty = `<?xml version="1.0"?><!DOCTYPE svg><svg onload=x() ONCLICK='y'><script type="a">alert(1)</script><foreignObject><p/></foreignObject><use xlink:href="#id"/><image href="https://a.example/x.png"/><rect width="1"/></svg>`;
  const clean = cleanSvg(dirty);
  expect(clean).not.toMatch(/script|onload|onclick|foreignObject|a\.example|DOCTYPE/i);
  expect(clean).toContain('xlink:href="#id"');
  expect(clean).toContain('<rect width="1"/>');
});

test("numbers are written as people read them", () => {
  expect(formatRate(0.8224, [0.7634, 0.8667], 214)).toBe("82 % [76, 87] n = 214");
  expect(formatCheckValue({ ...passes, value: 1234.5, interval: [1000, 2000.26], n: 1500 })).toBe(
    "1,230 [1,000, 2,000] n = 1,500"
  );
  expect(formatThreshold({ ...passes, value: 300, interval: null, threshold: 250 })).toBe("250");
  expect([12, 1234, 61_000].map(formatDuration)).toEqual(["12 ms", "1.2 s", "1 min 1 s"]);
});

test("JUnit has one case per check and per cell that failed, escaped and counted", () => {
  const xml = formatJunit(runOf([passes, fails, { ...open, name: "o\u0001\n" }]));
  const suite = XMLParser.parse(xml);
  expect(suite.attributes).toMatchObject({
    tests: "5",
    failures: "1",
    errors: "3",
    name: "Refunds <script>alert(1)</script>"
  });
  expect(suite.cases).toEqual([
    { name: "holds", outcome: null },
    { name: 'a <b> & "c"', outcome: "failure: 12.3, threshold 10" },
    { name: "o\uFFFD\n", outcome: "error: no value" },
    { name: "cell bad", outcome: "error: no <column>\uFFFD" },
    { name: "cell reader", outcome: "error: blocked by bad" }
  ]);
});

test("JSON is the record with readable instants", () => {
  const parsed = JSON.parse(formatRunJson(runOf([passes]))) as Record<string, unknown>;
  expect(parsed).toMatchObject({ runId: "r1", startedAt: "2026-11-20T09:00:00.000Z", occurrence: null });
});

test("two runs are compared check by check, with what else changed", () => {
  const before = runOf([passes, fails, open]);
  const after = runOf(
    [
      { ...passes, value: 0.7, pass: false },
      { ...fails, pass: true },
      { ...passes, name: "new" }
    ],
    {
      snapshotId: 11,
      params: { ...before.params, since: "2026-11-08" },
      cells: before.cells.map((cell) => (cell.key === "bad" ? { ...cell, text: "select 1" } : cell))
    }
  );
  const comparison = compareRuns(before, after);
  expect(comparison.checks.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["holds", "broke"],
    ['a <b> & "c"', "fixed"],
    ["new", "added"],
    ["open", "removed"]
  ]);
  expect(comparison.checks[0]!.difference).toBeCloseTo(-0.12);
  expect(comparison.texts).toEqual([{ key: "bad", before: "select", after: "select 1" }]);
  expect(comparison.params).toEqual([{ name: "since", before: "2026-11-01", after: "2026-11-08" }]);
  expect(comparison.snapshot).toEqual({ before: 9, after: 11 });
  expect(comparison.engine).toBeNull();
});

test("the interval of a rate is Wilson's", () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  const [low, high] = wilsonInterval(8, 10);
  expect([low, high].map((x) => x.toFixed(4))).toEqual(["0.4902", "0.9433"]);
});
