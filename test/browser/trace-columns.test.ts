import { expect, test } from "vitest";
import { findTraceColumns, keepTraceColumns, traceColumns } from "#lib/browser/trace-columns.ts";

/** What a browser keeps, without a browser. */
function openStorage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key)
  };
}
const firstColumns = traceColumns.filter(({ isFirst }) => isFirst).map(({ name }) => name);

test("chosen columns are kept, in the order of the list whatever the order of choosing", () => {
  const storage = openStorage();
  expect(findTraceColumns(storage)).toEqual(firstColumns);
  keepTraceColumns(storage, ["cost", "unit", "began"]);
  expect(findTraceColumns(storage)).toEqual(["began", "unit", "cost"]);
});

test("no column at all, or none that there is, brings back the first ones", () => {
  const storage = openStorage();
  keepTraceColumns(storage, ["cost"]);
  keepTraceColumns(storage, []);
  expect(findTraceColumns(storage)).toEqual(firstColumns);
  expect(findTraceColumns({ getItem: () => "gone,away" })).toEqual(firstColumns);
});
