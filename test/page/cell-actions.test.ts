import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench();
  page = await workbench.newPage();
  await page.goto(`${workbench.address}/workbooks/tool-use-audit`);
  await cell("tool_times").waitFor();
});
afterAll(() => workbench.close());

const cell = (name: string) => page.locator(`[data-cell="${name}"]`);
const names = () => page.locator("[data-cell]").evaluateAll((found) => found.map((one) => one.id));

async function choose(name: string, item: string): Promise<void> {
  await cell(name)
    .getByRole("button", { name: `More for ${name}` })
    .click();
  await page.getByRole("menuitem", { name: item, exact: item !== "Move up" && item !== "Move down" }).click();
}

test("a cell is moved and copied from its menu by keyboard alone", async () => {
  const before = await names();
  await cell("tool_times").getByRole("button", { name: "More for tool_times" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Move up" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await cell("tool_times_2").waitFor();
  const at = before.indexOf("tool_times");
  expect((await names())[at + 1]).toBe("tool_times_2");
  await cell("tool_times_2").getByRole("button", { name: "More for tool_times_2" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await choose("tool_times_2", "Move up");
  await expect.poll(async () => (await names()).indexOf("tool_times_2")).toBe(at);
});

test("a cell is renamed, changed into another kind and deleted, and each can be undone", async () => {
  await choose("tool_times_2", "Rename");
  await page.getByRole("textbox", { name: "New name of tool_times_2" }).fill("paces");
  await page.keyboard.press("Enter");
  await cell("paces").waitFor();
  await choose("paces", "Check");
  await page.getByRole("region", { name: "Check cell paces" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("region", { name: "SQL cell paces" }).waitFor();
  await choose("paces", "Delete");
  await cell("paces").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await cell("paces").waitFor();
  await choose("paces", "Delete");
});

test("every kind of cell that the plus offers can be added", async () => {
  for (const kind of ["SQL", "Check", "Scorer", "Score", "Map", "Chart"]) {
    const count = (await names()).length;
    await page.getByRole("button", { name: "Add a cell here" }).first().click();
    await page.locator('.add-cell[data-open="true"]').getByRole("button", { name: kind, exact: true }).click();
    await expect.poll(async () => (await names()).length, { message: kind }).toBe(count + 1);
  }
});

test("a link to a cell opens the workbook at that cell", async () => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await choose("by_unit", "Copy link");
  await page.getByText("The link to by_unit is copied.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto("about:blank");
  await page.goto(link);
  await cell("by_unit").waitFor();
  await expect
    .poll(() => cell("by_unit").evaluate((box) => Math.abs(box.getBoundingClientRect().top) < 300))
    .toBe(true);
});

test("Ctrl+Shift+Enter runs all, a changed parameter makes its readers stale, and a reload does not forget it", async () => {
  await page.goto(`${workbench.address}/workbooks/wrong-refund-policy`);
  await cell("refund_traces").locator(".monaco-editor").waitFor();
  await page.keyboard.press("Control+Shift+Enter");
  await page.getByTestId("outcome").waitFor({ timeout: 90_000 });
  await cell("refunds_within_policy").getByText("1 row", { exact: false }).first().waitFor();
  await cell("refunds_within_policy")
    .getByText(/\d+ % \[\d+, \d+\] n = \d+/)
    .waitFor();
  await page.getByLabel("Least pass rate").fill("0.5");
  await cell("refunds_within_policy").getByText(/stale/).waitFor();
  expect(await cell("refund_traces").getByText(/stale/).count()).toBe(0);
  await page.reload();
  await cell("refunds_within_policy").getByText(/stale/).waitFor();
  await page.getByRole("button", { name: "Run stale (1)" }).click();
  await cell("refunds_within_policy").getByText("✓ passed").waitFor();
});

test("automatic runs what a change has made stale", async () => {
  await page.getByRole("button", { name: "Automatic" }).click();
  await page.getByLabel("Least pass rate").fill("0.99");
  await cell("refunds_within_policy").getByText("✕ failed").waitFor();
});
