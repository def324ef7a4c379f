import { expect, test } from "vitest";
import { viewNames as views } from "#lib/sql/views.ts";
import { checkCellName, viewNames } from "#lib/workbook/names.ts";

test("no cell may be called like a view of the lake", () => {
  expect([...viewNames].sort()).toEqual([...views].sort());
  for (const name of views) expect(() => checkCellName(name, { line: 1, column: 1 })).toThrow("view");
});
