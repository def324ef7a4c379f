import { expect, test } from "vitest";
import { copyText } from "#lib/workbook/copy-text.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";

const cell = "Words.\n\n```sql a\nselect 1\n```\n";

test("a copy has another title, no schedule, and else the same text", () => {
  const text = `---\ntitle: Weekly\nparams:\n  least: { type: number, default: 1 }\nschedule: { cron: "0 7 * * 1" }\n---\n${cell}`;
  const copied = copyText(text, "Copy of: Weekly");
  expect(parseWorkbook(copied)).toMatchObject({ title: "Copy of: Weekly", schedule: null });
  expect(copied).toContain("  least: { type: number, default: 1 }\n");
  expect(copied.endsWith(`---\n${cell}`)).toBe(true);
});

test("a text without a head gets one, and one that cannot be read stays as it is", () => {
  expect(parseWorkbook(copyText(cell, "Mine")).title).toBe("Mine");
  for (const broken of ["```sql a\nselect", "---\ntitle: [\n---\n", "---\n- list\n---\n"])
    expect(copyText(broken, "Mine")).toBe(broken);
});
