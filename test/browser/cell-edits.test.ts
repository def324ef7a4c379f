import { expect, test } from "vitest";
import { changeKind, changeName, duplicateCell, nameStems, withFreeName } from "#lib/browser/cell-edits.ts";
import type { CellKind } from "#lib/model/cell.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";

const text = "# Title\n\n```sql recent\nselect 1\n```\n\n```sql\nselect 2\n```\n";
const read = (source: string) =>
  parseWorkbook(source).cells.map((cell) => ({ ...cell, reads: [] as string[], fault: null }));
const cellAt = (index: number) => read(text)[index]!;
const taken = new Set(["recent"]);
const kinds = Object.keys(nameStems) as CellKind[];

test("a copy follows its cell under a free name", () => {
  const cells = read(duplicateCell(text, 1, cellAt(1), taken));
  expect(cells.map(({ kind, name, text: body }) => [kind, name, body])).toEqual([
    ["prose", null, cellAt(0).text],
    ["sql", "recent", "select 1"],
    ["sql", "recent_2", "select 1"],
    ["sql", null, "select 2"]
  ]);
  expect(read(duplicateCell(text, 0, cellAt(0), taken)).filter(({ kind }) => kind === "prose")[0]!.text).toContain(
    "# Title"
  );
});

test.each(kinds)("a named cell, an unnamed one and a text can each become %s, and their words stay", (kind) => {
  for (const index of [0, 1, 2]) {
    const words = cellAt(index).text.trim();
    const cells = read(changeKind(text, index, cellAt(index), kind, taken));
    const made = cells.find((cell) => cell.text.includes(words));
    expect(made?.kind).toBe(kind);
  }
});

test.each(kinds.filter((kind) => kind !== "prose"))("a new %s cell begins with a name that a cell may have", (kind) => {
  const made = withFreeName({ kind: kind as "sql", name: nameStems[kind], text: "x" }, new Set([nameStems[kind]]));
  expect(made).toMatchObject({ name: `${nameStems[kind]}_2` });
  expect(() => changeName(text, 1, cellAt(1), nameStems[kind], taken)).not.toThrow();
});

test("another name is taken where it is free and can be one", () => {
  expect(read(changeName(text, 1, cellAt(1), "newest", taken))[1]!.name).toBe("newest");
  expect(changeName(text, 1, cellAt(1), "recent", taken)).toBe(text);
  expect(() => changeName(text, 2, cellAt(2), "recent", taken)).toThrow('another cell is called "recent" already');
  expect(() => changeName(text, 1, cellAt(1), "two words", taken)).toThrow('"two words" cannot be a cell\'s name');
  expect(() => changeName(text, 0, cellAt(0), "words", taken)).toThrow("a text has no name");
});
