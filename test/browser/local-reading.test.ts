import { expect, test } from "vitest";
import { readLocally } from "#lib/browser/local-reading.ts";
import type { ReadReply } from "#lib/wire/workbook.ts";

const empty: ReadReply = {
  title: "",
  businessUnits: [],
  params: {},
  choices: { agent: ["all"] },
  schedule: null,
  cells: [],
  fault: null
};
const text = "---\ntitle: Refunds\n---\nWords.\n\n```sql recent\nselect 1\n```\n";

test("cells stand as the newest text has them", () => {
  const reading = readLocally(empty, text);
  expect(reading.title).toBe("Refunds");
  expect(reading.cells.map(({ kind, key }) => [kind, key])).toEqual([
    ["prose", "_0"],
    ["sql", "recent"]
  ]);
  expect(reading.choices).toEqual({ agent: ["all"] });
});

test("what a cell reads is kept, and its fault only while its text is the same", () => {
  const first = readLocally(empty, text);
  const fault = { code: "invalid", message: "no" } as const;
  const served = {
    ...first,
    cells: first.cells.map((cell) => (cell.key === "recent" ? { ...cell, reads: ["other"], fault } : cell))
  };
  expect(readLocally(served, `${text}\nMore.\n`).cells[1]).toMatchObject({ reads: ["other"], fault });
  expect(readLocally(served, text.replace("select 1", "select 2")).cells[1]).toMatchObject({
    text: "select 2",
    reads: ["other"],
    fault: null
  });
});

test("a text that cannot be read keeps the cells and says why; mending it clears the fault", () => {
  const first = readLocally(empty, text);
  const broken = readLocally(first, `${text}\n\`\`\`sql half\nselect`);
  expect(broken.fault?.message).toMatch(/does not end/);
  expect(broken.cells).toEqual(first.cells);
  expect(readLocally(broken, text).fault).toBeNull();
});
