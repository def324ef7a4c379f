import { expect, test } from "vitest";
import { formatProse } from "#lib/work/report-prose.ts";
import { formatNewWorkbook } from "#lib/workbook/new-workbook.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { quoteProse } from "#lib/workbook/quote-prose.ts";

const hostile = [
  "```sql stolen\nselect * from traces\n```",
  "~~~\nopen",
  "---\ntitle: Mine\nbusiness_units: [legal]\n---",
  "# Heading\n\n> quote",
  "<img src=x onerror=alert(1)><script>alert(2)</script>",
  "![p](https://evil.example/p.png) [a](javascript:alert(1)) <https://evil.example> https://evil.example www.evil.example a@evil.example",
  "| a | b |\n|---|---|",
  "**bold** _it_ ~~gone~~ `code` \\* &lt; [ref][1]\n\n[1]: https://evil.example",
  "\u2028```ts scorer x\u2029 \u202e reversed \0"
];

test("whatever people write, a quotation of it is one line of text without a mark, a link or a cell", () => {
  for (const text of hostile) {
    const line = `- wrong: “${quoteProse(text, 400)}” end`;
    expect(line).not.toMatch(/[\n\r\u2028\u2029]/);
    expect(parseWorkbook(`Before.\n\n${line}\n\nAfter.\n`).cells).toHaveLength(1);
    const html = formatProse(line, "page");
    expect(html.match(/<\/?[a-z]+/g)).toEqual(["<ul", "<li", "</li", "</ul"]);
    expect(html).toContain("” end");
  }
});

test("a quotation says what was said, and is cut", () => {
  expect(formatProse(quoteProse("it's 5 * 3 < 20 & see https://a.example/x_y", 100))).toBe(
    "<p>it&#39;s 5 * 3 &lt; 20 &amp; see https://a.example/x_y</p>\n"
  );
  expect(quoteProse(`${"long ".repeat(2_000_000)}`, 20)).toBe("long long long long…");
});

test("a new workbook holds its cells whatever its title and their texts are", () => {
  const title = 'A "title"\n---\nbusiness_units: [legal]';
  const text = formatNewWorkbook(
    title,
    ["support"],
    [
      { kind: "prose", text: "Words.\n" },
      { kind: "prose", text: "More.\n" },
      { kind: "sql", name: "a", text: "select 'x\n```\ny' as a" },
      { kind: "score", name: "b", text: "scorer: c" }
    ]
  );
  const workbook = parseWorkbook(text);
  expect(workbook).toMatchObject({ title, businessUnits: ["support"] });
  expect(workbook.cells.map(({ key, text: body }) => [key, body.trim()])).toEqual([
    ["_0", "Words.\n\nMore."],
    ["a", "select 'x\n```\ny' as a"],
    ["b", "scorer: c"]
  ]);
});
