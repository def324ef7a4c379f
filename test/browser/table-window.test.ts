import { DateMillisecond, Int64, Table, TimestampMicrosecond, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { expect, test } from "vitest";
import { formatCell, formatFull, openTable, shownCharacters } from "#lib/browser/table-window.ts";

function window() {
  const table = new Table({
    trace_id: vectorFromArray(["a", null], new Utf8()),
    spans: vectorFromArray([3n, 9_007_199_254_740_993n], new Int64()),
    cost: vectorFromArray([0.25, 1.5]),
    ok: vectorFromArray([true, false])
  });
  return openTable(tableToIPC(table, "stream"), 100, 1204);
}

test("a window says which rows it holds of how many, and what its columns look like", () => {
  const rows = window();
  expect(rows).toMatchObject({ offset: 100, rows: 2, total: 1204 });
  expect(rows.names).toEqual(["trace_id", "spans", "cost", "ok"]);
  expect(rows.looks).toEqual(["text", "number", "number", "boolean"]);
});

test("whole numbers come as numbers where that is exact, and as bigint where it is not", () => {
  const rows = window();
  expect(rows.value(0, 1)).toBe(3);
  expect(rows.value(1, 1)).toBe(9_007_199_254_740_993n);
  expect(formatCell(rows.value(1, 1), "number")).toBe("9,007,199,254,740,993");
});

test("null stays null", () => {
  expect(window().value(1, 0)).toBeNull();
  expect(formatCell(null, "text")).toBe("null");
});

test("days and times are written as such", () => {
  const at = Date.UTC(2026, 10, 23, 9, 14, 2);
  expect(formatCell(at, "time")).toBe("2026-11-23 09:14:02");
  expect(formatCell(at, "day")).toBe("2026-11-23");
});

test("a huge text is cut to one short line", () => {
  const text = formatCell(`first\nsecond ${"x".repeat(5_000_000)}`, "text");
  expect(text.length).toBeLessThanOrEqual(shownCharacters);
  expect(text.startsWith("first second x")).toBe(true);
});

test("nested values are JSON in full", () => {
  expect(JSON.parse(formatFull({ id: "d1", score: 0.5, count: 3n }))).toEqual({ id: "d1", score: 0.5, count: 3 });
  expect(formatFull("as it is")).toBe("as it is");
  expect(formatFull(null)).toBe("null");
});

test("an Arrow date is a time in milliseconds", () => {
  const table = new Table({ day: vectorFromArray([new Date(86_400_000)], new DateMillisecond()) });
  const rows = openTable(tableToIPC(table, "stream"), 0, 1);
  expect(rows.looks).toEqual(["day"]);
  expect(formatCell(rows.value(0, 0), "day")).toBe("1970-01-02");
});

test("beyond its rows a window holds nothing, whatever the type of the column", () => {
  const types = [new Int64(), new TimestampMicrosecond(), new Utf8(), new DateMillisecond()];
  for (const type of types) {
    const rows = openTable(
      tableToIPC(
        new Table({
          a: vectorFromArray([type instanceof Utf8 ? "a" : type instanceof Int64 ? 1n : new Date(0)], type)
        }),
        "stream"
      ),
      0,
      1
    );
    expect([rows.value(-1, 0), rows.value(1, 0), rows.value(0, 1)]).toEqual([undefined, undefined, undefined]);
  }
});
