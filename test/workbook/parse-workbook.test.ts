import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isFault } from "#lib/model/fault.ts";
import { formatWorkbook, parseDocument } from "#lib/workbook/document.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";

const folder = fileURLToPath(new URL("../golden/workbook/", import.meta.url));
const goldens = readdirSync(folder).filter((name) => name.endsWith(".md"));

/** What a text gives: its reading, or its fault. */
function readingOf(text: string): unknown {
  try {
    expect(formatWorkbook(parseDocument(text))).toBe(text);
    return parseWorkbook(text);
  } catch (error) {
    if (!isFault(error)) throw error;
    return { fault: error.message, hint: error.hint, position: error.position };
  }
}

test.each(goldens)("the workbook %s reads as its golden file says", (name) => {
  const expected = `${folder}${name.replace(/\.md$/, ".json")}`;
  const actual = JSON.parse(JSON.stringify(readingOf(readFileSync(folder + name, "utf8")))) as unknown;
  const golden = JSON.parse(readFileSync(expected, "utf8")) as unknown;
  try {
    expect(actual).toEqual(golden);
  } catch (error) {
    writeFileSync(expected.replace(/\.json$/, "-changed.json"), `${JSON.stringify(actual, null, 2)}\n`);
    throw error;
  }
});

describe("a broken text is refused at its place", () => {
  test.each<[string, number, number, RegExp]>([
    ["```sql a\nselect 1\n", 1, 1, /does not end/],
    ["words\n\n```bash\nls\n", 3, 1, /does not end/],
    ["---\ntitle: x\n", 1, 1, /front matter does not end/],
    ["---\ntitle: [x\n---\n", 3, 1, /not valid YAML/],
    ["---\ntitle: a\ntitle: b\n---\n", 3, 1, /written twice/],
    ["---\nparams:\n  a: { type: number, type: text }\n---\n", 3, 22, /written twice/],
    [
      `---\n${Array.from({ length: 20_000 }, (_, at) => `k${at}: 1`).join("\n")}\n---\n`,
      2,
      1,
      /at most 60000 characters/
    ],
    ["---\ntitel: a\n---\n", 2, 1, /no "titel"/],
    ["---\n- a\n---\n", 2, 1, /key: value/],
    ['---\nschedule: { cron: "99 7 * * 1" }\n---\n', 2, 19, /no schedule/],
    ['---\nschedule: { cron: "0 7 * *" }\n---\n', 2, 19, /five fields/],
    ['---\nschedule: { cron: "0 7 * * 1", timezone: Mars/X }\n---\n', 2, 42, /time zone/],
    ["---\nparams:\n  since: { type: date, default: soon }\n---\n", 3, 33, /default "soon"/],
    ["---\nparams:\n  since: { type: day, default: 0d }\n---\n", 3, 18, /no type "day"/],
    ["---\nparams:\n  n: { type: number, default: 5, max: 3 }\n---\n", 3, 31, /more than 3/],
    ["---\nparams:\n  c: { type: choice, options: [a], default: b }\n---\n", 3, 45, /not one of a/],
    ["---\nparams:\n  c: { type: choice, default: b }\n---\n", 3, 6, /options or from/],
    ["---\nbusiness_units: [Big Unit]\n---\n", 2, 17, /business unit/],
    ["```sql 1st\n```\n", 1, 8, /cannot be a cell's name/],
    ["```sql traces\n```\n", 1, 8, /view of the lake/],
    ["```sql order\n```\n", 1, 8, /meaning of its own/],
    ["```ts scorer\n```\n", 1, 13, /no name/],
    ["```sql a b\n```\n", 1, 10, /after the cell's name/],
    ["```js chrat by_day\n```\n", 1, 7, /no kind of cell/],
    ["```sql a\n```\n\n```sql A\n```\n", 4, 1, /two cells define "A"/],
    ["```yaml map m\n```\n\n```sql m_selection\n```\n", 4, 1, /two cells define "m_selection"/]
  ])("%j", (text, line, column, message) => {
    try {
      parseWorkbook(text);
    } catch (error) {
      if (!isFault(error)) throw error;
      expect(error.message).toMatch(message);
      expect(error.position).toEqual({ line, column });
      return;
    }
    expect.unreachable("the text was accepted");
  });
});

test.each([
  ["# Refunds ##", "Refunds"],
  ["words\n##\tC#  \nmore", "C"],
  ["#\n# #", "#"],
  [`# a${" ".repeat(300_000)}b`, `a${" ".repeat(300_000)}b`],
  [`#${" ".repeat(300_000)}\n# b`, "b"]
])("the first heading is the title of a workbook that has none", (text, title) => {
  expect(parseWorkbook(text).title).toBe(title);
});

test("a workbook with more than anybody reads is refused", () => {
  const cells = (count: number) =>
    Array.from({ length: count }, (_, at) => `\`\`\`sql c${at}\nselect 1\n\`\`\`\n`).join("");
  expect(parseWorkbook(cells(500)).cells).toHaveLength(500);
  expect(() => parseWorkbook(cells(501))).toThrow(/at most 500 cells, and this has 501/);
  expect(() => parseWorkbook("\n".repeat(1_000_001))).toThrow(/at most 1000000 characters/);
});

test("a mistyped key gets the one that was meant", () => {
  expect(() => parseWorkbook("---\ntitel: a\n---\n")).toThrow(
    expect.objectContaining({ hint: 'Did you mean "title"?' })
  );
});
