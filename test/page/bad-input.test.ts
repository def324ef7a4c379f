import { readdir, writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench();
  page = await workbench.newPage();
});
afterAll(() => workbench.close());

const cell = (name: string) => page.locator(`[data-cell="${name}"]`);
const fence = (info: string, body: string) => `\`\`\`${info}\n${body}\n\`\`\`\n`;

/** Makes a workbook of these cells, opens it and runs all of it. */
async function openAndRun(title: string, ...cells: readonly string[]): Promise<void> {
  const slug = await workbench.addWorkbook(title, cells.join("\n"));
  await page.goto(`${workbench.address}/workbooks/${slug}`);
  await page.locator("[data-cell]").first().waitFor();
  await page.getByRole("button", { name: "Run all" }).click();
  await page.getByTestId("outcome").waitFor({ timeout: 90_000 });
}

/** Longest time that the page let its user wait while `work` went on, ms. */
async function longestWait(work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const seen = { last: performance.now(), longest: 0, ends: false };
    Object.assign(globalThis, { seen });
    const tick = () => {
      seen.longest = Math.max(seen.longest, performance.now() - seen.last);
      seen.last = performance.now();
      if (!seen.ends) setTimeout(tick, 0);
    };
    tick();
  });
  await work();
  return page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: { longest: number; ends: boolean } };
    seen.ends = true;
    return seen.longest;
  });
}

test("an answer of 50 MB is shown in a window, and the page stays quick", async () => {
  await page.goto(workbench.address);
  await openAndRun(
    "Large",
    fence("sql large", "select i, repeat('x', 1000000) as long from range(50) t(i)"),
    fence("sql small", "select 42 as answer")
  );
  await cell("large").getByText("50 rows").first().waitFor();
  await cell("large").getByRole("gridcell").nth(1).getByText("xxx").waitFor();
  const waited = await longestWait(async () => {
    await cell("large").getByRole("grid").first().hover();
    await page.mouse.wheel(0, 900);
    await cell("large").getByText("49", { exact: true }).first().waitFor();
    await cell("small").getByText("42", { exact: true }).first().waitFor();
  });
  expect(waited).toBeLessThan(1500);
  const drawn = await cell("large").evaluate((box) => box.textContent?.length ?? 0);
  expect(drawn).toBeLessThan(200_000);
});

test("of texts of ten megabytes the beginnings come with the rows, and a long piece when one is opened", async () => {
  await openAndRun(
    "Long values",
    fence("sql long", "select i, repeat('abcdefghij', 1000000) as t from range(5) r(i)"),
    fence("sql small", "select 42 as answer")
  );
  await cell("long").getByRole("button", { name: "10,000 k" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Value in full" });
  await dialog.getByText("Value · 10,000,000 characters").waitFor();
  await dialog.getByText("These are its first 1,000,000 characters").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await cell("small").getByText("42", { exact: true }).first().waitFor();
});

test("an unknown column is named, and the nearest is suggested", async () => {
  await openAndRun("Column", fence("sql odd", "select agnt from traces"), fence("sql even", "select 2 as two"));
  const alert = cell("odd").getByRole("alert");
  await alert
    .getByText(/Referenced column "agnt" not found/)
    .first()
    .waitFor();
  await alert.getByText('Did you mean "agent"?').waitFor();
  await cell("even").getByText("1 row").first().waitFor();
});

test("text of every script is shown unharmed", async () => {
  const texts = [
    "مرحبا بالعالم",
    "日本語の文章",
    "Ελληνικά",
    "हिन्दी",
    "🦜👩‍👩‍👧‍👦",
    "e\u0301 and é",
    '<b>not bold</b> & "quoted"'
  ];
  const rows = texts.map((text, index) => `select ${index} as i, '${text.replaceAll("'", "''")}' as words`);
  await openAndRun("Scripts", fence("sql scripts", rows.join("\nunion all ")), `# ${texts.slice(0, 5).join(" · ")}\n`);
  for (const text of texts) await cell("scripts").getByRole("gridcell").getByText(text, { exact: true }).waitFor();
  await page.getByRole("heading", { name: texts.slice(0, 5).join(" · ") }).waitFor();
});

test("a scorer that throws, loops or returns nonsense says so in its cell, and the rest goes on", async () => {
  const scorer = (name: string, body: string) =>
    fence(
      `ts scorer ${name}`,
      `import { pass, scorer } from "tracebook";\nexport default scorer({ score: (trace) => { ${body} } });`
    );
  // One trace is enough to loop on: each costs its whole time.
  const score = (name: string) =>
    fence(`yaml score ${name}_scores`, `traces: ${name === "loops" ? "one" : "few"}\nscorer: ${name}`);
  const bodies = {
    throws: 'throw new Error("no luck");',
    loops: 'for (;;) { if (trace.output === "\\u0000") return pass(); }',
    nonsense: 'return "fine" as never;',
    holds: "return pass();"
  };
  await openAndRun(
    "Scorers",
    fence("sql few", "select trace_id from traces order by trace_id limit 3"),
    fence("sql one", "select trace_id from few limit 1"),
    ...Object.entries(bodies).flatMap(([name, body]) => [scorer(name, body), score(name)])
  );
  await cell("throws_scores")
    .getByText(/3 traces could not be scored; the first: .*no luck/)
    .waitFor();
  await cell("nonsense_scores")
    .getByText(/3 traces could not be scored; the first: /)
    .waitFor();
  await cell("loops_scores")
    .getByText(/could not be scored; the first: |took longer|time/)
    .first()
    .waitFor();
  await cell("holds_scores")
    .getByTestId("summary")
    .getByText(/100 % \[\d+, 100\] n = 3/)
    .waitFor();
});

test("an unreadable file of the lake is named with what to do, and cells that do not need it go on", async () => {
  const folder = `${workbench.dataFolder}/lake/spans/business_unit=legal`;
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".parquet"));
  await writeFile(`${folder}/${files[0]!}`, "this is no Parquet");
  await openAndRun(
    "Damage",
    fence(
      "sql legal",
      "select count(*) as n, max(length(input_text)) as longest from spans where business_unit = 'legal'"
    ),
    fence("sql other", "select 2 as two")
  );
  const alert = cell("legal").getByRole("alert");
  await alert
    .getByText(new RegExp(files[0]!.split("/").at(-1)!))
    .first()
    .waitFor();
  await alert.getByText(/npx tracebook lake verify/).waitFor();
  await cell("other").getByText("1 row").first().waitFor();
});

test("no page complained in its console", () => {
  expect(workbench.complaints).toEqual([]);
});
