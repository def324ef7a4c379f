import { tableFromIPC } from "apache-arrow";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listViolations } from "./violations.ts";
import { mapCells, type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
let page: Page;
let slug: string;

beforeAll(async () => {
  workbench = await openWorkbench();
  page = await workbench.newPage();
  slug = await workbench.addWorkbook("Topics", mapCells);
  await page.goto(`${workbench.address}/workbooks/${slug}`);
  await cell().getByRole("button", { name: "Run topics" }).click();
  await slider().waitFor({ timeout: 120_000 });
});
afterAll(async () => {
  await workbench.close();
});

const cell = () => page.locator('[data-cell="topics"]');
const slider = () => cell().getByRole("slider", { name: "Smallest cluster" });
const textOf = (id: string) => cell().getByTestId(id).textContent();
const ran = () => cell().locator(".cell-head").getByText(/✓ /);

/** The workbook's text as it is stored. */
async function readStored(): Promise<string> {
  const reply = await page.request.get(`${workbench.address}/api/workbooks/${slug}`);
  return ((await reply.json()) as { readonly text: string }).text;
}

/** Clusters, and share of traces in none, as the table of the map has them. */
async function readTable(): Promise<string> {
  const file = await page.request.get(`${workbench.address}/api/workbooks/${slug}/tables/topics/download?format=arrow`);
  const clusters = Array.from(tableFromIPC(await file.body()).getChild("cluster")!, Number);
  const named = new Set(clusters.filter((id) => id >= 0));
  const none = clusters.filter((id) => id < 0).length;
  return `${named.size} cluster${named.size === 1 ? "" : "s"} · ${((100 * none) / clusters.length).toFixed(1)} % in none`;
}

test("the slider shows other clusters at once, and letting go makes the table say the same", async () => {
  expect(await textOf("cluster-counts")).toBe(await readTable());
  const before = await textOf("cluster-counts");
  await slider().evaluate((element) => element.scrollIntoView({ block: "center" }));
  const box = (await slider().boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2, { steps: 6 });
  await expect.poll(() => textOf("cluster-counts")).not.toBe(before);
  // The pointer is still down: the table has not changed, and the map shows what is tried.
  expect(await readTable()).toBe(before);
  const size = Number.parseInt((await textOf("cluster-size"))!.replaceAll(",", ""), 10);
  await expect.poll(() => slider().getAttribute("aria-valuetext")).toContain(`${size}`);
  await expect
    .poll(async () => (await cell().getByRole("application").getAttribute("aria-label"))!)
    .toContain(` in ${(await textOf("cluster-counts"))!.split(" · ")[0]}.`);
  const tried = await textOf("cluster-counts");

  await page.mouse.up();
  await expect.poll(readTable, { timeout: 60_000 }).toBe(tried);
  await ran().waitFor();
  await expect.poll(() => textOf("cluster-counts")).toBe(tried);
  expect(await textOf("cluster-size")).toBe(`${size} traces`);
  await expect.poll(readStored).toContain(`min_cluster_size: ${size}`);
  expect(workbench.complaints).toEqual([]);
});

test("keys move the slider, and the size is taken once they rest", async () => {
  const from = await textOf("cluster-size");
  await slider().focus();
  await page.keyboard.press("Home");
  for (let times = 0; times < 3; times++) await page.keyboard.press("ArrowRight");
  const size = await textOf("cluster-size");
  expect(size).not.toBe(from);
  await expect.poll(readStored).toContain(`min_cluster_size: ${Number.parseInt(size!, 10)}\n`);
  await expect
    .poll(async () => (await readTable()) === (await textOf("cluster-counts")), { timeout: 60_000 })
    .toBe(true);
  await ran().waitFor();
  expect(await textOf("cluster-size")).toBe(size);
});

test("the slider is accessible", async () => {
  expect(await listViolations(page, ".cluster-size")).toEqual([]);
});
