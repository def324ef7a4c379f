import fc from "fast-check";
import { expect, test } from "vitest";
import { isFault } from "#lib/model/fault.ts";
import { formatWorkbook, parseDocument } from "#lib/workbook/document.ts";
import { deleteCell, insertCell, moveCell, renameCell, replaceCell } from "#lib/workbook/edit.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";

/** Pieces that workbooks are made of, tricky ones too. */
const names = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}x9$/);
const prose = fc.constantFrom(
  "# Title\n",
  "Some words with `code` and ```inline``` in them.\n",
  "\n",
  "\n\n\n",
  "Grüße, 你好, مرحبا\n",
  "```bash\nnpm start\n```\n",
  "~~~\n```sql not_a_cell\n~~~\n",
  "  ```sql indented\n  select 1\n  ```\n",
  "````md\n```sql inside\nselect 1\n```\n````\n",
  "trailing spaces   \n\t\n"
);
const body = fc.constantFrom("select 1", "", "\n", "select\n\n  '``'\n", "-- ` --\nselect 1", "```js");
const head = fc.constantFrom("sql", "sql check", "js chart", "ts scorer", "yaml score", "yaml map");
const cell = fc.record({ head, name: names, body, ticks: fc.constantFrom("````", "`````") });
const workbookText = fc
  .record({
    mark: fc.constantFrom("", "\uFEFF"),
    front: fc.constantFrom("", "---\ntitle: A # b\n---\n", "---\nparams: { n: { type: number, default: 3 } }\n...\n"),
    parts: fc.array(fc.oneof(prose, cell), { maxLength: 8 }),
    ending: fc.constantFrom("\n", "\r\n"),
    cut: fc.boolean()
  })
  .map(({ mark, front, parts, ending, cut }) => {
    const written = parts.map((part, index) =>
      typeof part === "string" ? part : `${part.ticks}${part.head} ${part.name}${index}\n${part.body}\n${part.ticks}\n`
    );
    const text = mark + (front + written.join("")).replaceAll("\n", ending);
    return cut ? text.replace(/\r?\n$/, "") : text;
  });

test("a text is written back byte for byte", () => {
  fc.assert(
    fc.property(workbookText, (text) => {
      const document = parseDocument(text);
      expect(formatWorkbook(document)).toBe(text);
      expect(parseDocument(formatWorkbook(document))).toEqual(document);
    }),
    { seed: 7, numRuns: 500 }
  );
});

test("any text at all is either written back byte for byte or refused with a place in it", () => {
  const pieces = fc.constantFrom(
    "`",
    "```",
    "````",
    "~~~",
    "---",
    "\n",
    "\r\n",
    " ",
    "sql a",
    "ts scorer b",
    "x",
    "\uFEFF",
    "#",
    "\t"
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const text = parts.join("");
      try {
        expect(formatWorkbook(parseDocument(text))).toBe(text);
      } catch (error) {
        if (!isFault(error)) throw error;
        expect(error.code).toBe("invalid");
        const lines = text.split("\n");
        expect(error.position!.line).toBeLessThanOrEqual(lines.length);
        expect(error.position!.column).toBeLessThanOrEqual((lines[error.position!.line - 1]?.length ?? 0) + 2);
      }
    }),
    { seed: 11, numRuns: 2000 }
  );
});

test("an edit changes its own cell and no other byte", () => {
  fc.assert(
    fc.property(workbookText, body, fc.nat(20), (text, next, at) => {
      const { cells } = parseWorkbook(text);
      if (cells.length === 0) return;
      const index = at % cells.length;
      if (cells[index]!.kind === "prose") return;
      const edited = parseWorkbook(replaceCell(text, index, next));
      expect(edited.cells.map(({ text }) => text)).toEqual(cells.map((cell, i) => (i === index ? next : cell.text)));
      expect(replaceCell(text, index, cells[index]!.text)).toBe(text);
    }),
    { seed: 13, numRuns: 300 }
  );
});

test("an inserted cell can be deleted again; prose that comes to touch prose is one cell", () => {
  const text = "# A\n\n```sql one\nselect 1\n```\n\nwords\n\n```sql two\nselect 2\n```\n";
  const more = insertCell(text, 1, { kind: "check", name: "holds", text: "select 'a' as name, true as pass" });
  expect(parseWorkbook(more).cells.map(({ key }) => key)).toEqual(["_0", "holds", "one", "_3", "two"]);
  expect(deleteCell(more, 1)).toBe(text);
  const moved = moveCell(text, 1, 3);
  expect(parseWorkbook(moved).cells.map(({ key }) => key)).toEqual(["_0", "two", "one"]);
  expect(parseWorkbook(insertCell("", 0, { kind: "sql", name: "a", text: "select 1" })).cells).toHaveLength(1);
  expect(insertCell(text, 4, { kind: "prose", text: "the end" })).toBe(`${text}\nthe end\n`);
});

test("a body that holds a closing fence gets a longer fence", () => {
  const text = replaceCell("```sql a\nselect 1\n```\n", 0, "```\nselect 2");
  expect(text).toBe("````sql a\n```\nselect 2\n````\n");
  expect(parseWorkbook(text).cells[0]!.text).toBe("```\nselect 2");
});

test("a cell is renamed where it stands", () => {
  expect(renameCell("```sql a\r\nselect 1\r\n```", 0, { kind: "check", name: "b" })).toBe(
    "```sql check b\r\nselect 1\r\n```"
  );
});
