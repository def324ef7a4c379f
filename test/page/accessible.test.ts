import { writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatLargeTrace, largeTraceId } from "./large-trace.ts";
import { listViolations } from "./violations.ts";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

const workbook = (least: number) => `---
title: Share of good traces
---

\`\`\`sql check good_enough
select 'good enough' as name, share >= ${least} as pass, share as value, n, ${least} as threshold
from (select avg(case when status = 'ok' then 1 else 0 end) as share, count(*) as n from traces)
\`\`\`
`;

let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench();
  page = await workbench.newPage();
  const file = (name: string) => `${workbench.dataFolder}/${name}`;
  await writeFile(file("large.json"), formatLargeTrace(2000));
  await workbench.tracebook("import", file("large.json"), "--business-unit", "support");
  for (const least of [0.1, 0.2]) {
    await writeFile(file("good.md"), workbook(least));
    await workbench.tracebook("run", file("good.md"));
  }
});
afterAll(() => workbench.close());

async function open(path: string): Promise<void> {
  await page.goto(workbench.address + path);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
}

test.each([
  "/",
  "/workbooks",
  "/traces",
  "/traces?live=on&unit=support&unit=legal&status=with-errors&sort=-duration",
  "/sessions",
  "/maps",
  "/queues",
  "/datasets",
  "/runs",
  "/people",
  "/audit",
  "/account",
  "/set-up",
  "/workbooks/wrong-refund-policy",
  `/traces/${largeTraceId}`,
  `/traces/${largeTraceId}?view=timeline`,
  `/traces/${largeTraceId}?view=raw&span=0000000000000003`
])("axe finds nothing on %s, light and dark", async (path) => {
  await open(path);
  expect(await listViolations(page)).toEqual([]);
  // The browser hides the nonce of a script from selectors, and tells it to who asks the element.
  const bare = await page.evaluate(() => [...document.scripts].filter(({ src, nonce }) => src === "" && !nonce).length);
  expect(bare).toBe(0);
});

test("axe finds nothing on a chosen span of a trace", async () => {
  await open("/traces?unit=support");
  await page.getByRole("row").nth(2).dblclick();
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  await page.getByRole("treeitem").nth(1).click();
  await page.getByRole("region", { name: "Span" }).getByRole("heading").first().waitFor();
  expect(await listViolations(page)).toEqual([]);
});

test("axe finds nothing on the boxes of the list, on selected rows and on a session", async () => {
  await open("/traces?unit=support");
  await page.getByRole("row").nth(2).getByRole("checkbox").check();
  for (const name of ["Views", "Columns"]) {
    await page.locator("summary").getByText(name, { exact: true }).click();
    expect(await listViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
  }
  await open("/sessions?unit=support");
  await page.getByRole("row").nth(1).getByRole("link").click();
  await page.getByRole("link", { name: "Open the trace" }).first().waitFor();
  expect(await listViolations(page)).toEqual([]);
});

test("axe finds nothing on a run, and on two beside each other", async () => {
  await open("/runs");
  await page.getByRole("link", { name: "Share of good traces" }).first().click();
  await page.waitForURL(/\/runs\/./);
  await page.getByText("good_enough").first().waitFor();
  expect(await listViolations(page)).toEqual([]);
  await page.getByLabel("with the run of").selectOption({ index: 1 });
  await page.getByRole("columnheader", { name: "Difference" }).waitFor();
  expect(await listViolations(page)).toEqual([]);
});

test("axe finds nothing on an open menu and on the palette", async () => {
  await open("/workbooks/wrong-refund-policy");
  await page.getByRole("button", { name: "More for this workbook" }).click();
  await page.getByRole("menu").waitFor();
  expect(await listViolations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  expect(await listViolations(page)).toEqual([]);
});
