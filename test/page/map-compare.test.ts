import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench({}, "keptMap");
  page = await workbench.newPage();
  await page.goto(`${workbench.address}/maps`);
  await page.getByRole("link", { name: "Complaints" }).click();
  await page.getByRole("application", { name: /^Map of/ }).waitFor();
});
afterAll(() => workbench.close());

const choose = async (side: "A" | "B", name: RegExp) => {
  const select = page.getByRole("combobox", { name: side, exact: true });
  await select.waitFor();
  const words = (await select.locator("option").allTextContents()).find((option) => name.test(option));
  await select.selectOption({ label: words ?? String(name) });
};

test("two versions of an agent are compared on the map, and the address brings the comparison back", async () => {
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await choose("A", /4\.2\.1 \(/);
  await choose("B", /^all others/);
  await page.getByText("denser in A").waitFor();
  await expect.poll(() => page.locator(".scatter-density canvas").count()).toBe(1);
  const first = page.getByRole("table").first().getByRole("row").nth(1);
  await first.getByRole("button").click();
  await page.getByText("Typical of A").waitFor();
  const told = await first.textContent();
  expect(told).toMatch(/ of [\d,]+.*[+−][\d.]+ \[[+−][\d.]+, [+−][\d.]+\]/s);
  expect(page.url()).toContain("compare=version/support-assistant/4.2.1&with=others");
  await page.reload();
  await page.getByText("denser in A").waitFor();
  expect(await page.getByRole("table").first().getByRole("row").nth(1).textContent()).toBe(told);
});

test("the same traces twice are said to be the same", async () => {
  await choose("B", /4\.2\.1 \(/);
  await page.getByText("A and B are the same traces, so there is nothing to compare.").waitFor();
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  expect(page.url()).not.toContain("compare");
});

test("a property of the traces is asked for when points are coloured by it", async () => {
  const [asked] = await Promise.all([
    page.waitForRequest((request) => request.url().includes("column=duration_ms")),
    page.getByRole("combobox", { name: "Colour" }).selectOption({ label: "duration, ms" })
  ]);
  expect((await asked.response())?.status()).toBe(200);
  await page.getByRole("region", { name: "Colours" }).waitFor();
  await page.getByRole("combobox", { name: "Colour" }).selectOption({ label: "agent version" });
  await page.getByRole("group", { name: "agent version" }).getByText("4.3.0").waitFor();
});

test("the page has no complaint", () => {
  expect(workbench.complaints).toEqual([]);
});
