import fc from "fast-check";
import { expect, test } from "vitest";
import {
  columnTracks,
  firstColumns,
  formatColumns,
  moveColumn,
  parseColumns,
  traceColumns
} from "#lib/browser/trace-columns.ts";

test("columns, their order and their widths survive an address", () => {
  const someColumns = fc
    .shuffledSubarray([...traceColumns], { minLength: 1 })
    .chain((columns) =>
      fc.tuple(
        ...columns.map(({ name }) =>
          fc.option(fc.integer({ min: 48, max: 1200 })).map((widthPx) => ({ name, widthPx }))
        )
      )
    );
  fc.assert(
    fc.property(someColumns, (columns) => {
      expect(parseColumns(formatColumns(columns))).toEqual(columns);
    })
  );
});

test("what names no column is left out, and none at all brings back the first ones", () => {
  expect(formatColumns(parseColumns("cost,gone,cost:90,began:7,toString"))).toBe("cost,began:48");
  expect(parseColumns("gone,away")).toEqual(firstColumns);
  expect(parseColumns(null)).toEqual(firstColumns);
});

test("a width somebody gave no longer grows", () => {
  expect(columnTracks(parseColumns("input,cost")).tracks).toBe("minmax(130px, 2fr) 80px");
  expect(columnTracks(parseColumns("input:200,cost"))).toEqual({ tracks: "200px 80px", leastPx: 280 });
});

test("a column moves by a place and stops at the ends", () => {
  const columns = parseColumns("began,cost,input");
  expect(formatColumns(moveColumn(columns, "cost", -1))).toBe("cost,began,input");
  expect(formatColumns(moveColumn(columns, "cost", 1))).toBe("began,input,cost");
  expect(moveColumn(columns, "began", -1)).toBe(columns);
});
