import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatLargeTrace, largeTraceId, manyScripts } from "./large-trace.ts";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

const launcher = fileURLToPath(new URL("../../app/_cli/launch.mjs", import.meta.url));
const spans = 25_000;
/** Rows of the tallest box in a window of 900 pixels, with those kept ready at both ends. */
const mostRows = 100;

let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench();
  const file = `${workbench.dataFolder}/large.json`;
  await writeFile(file, formatLargeTrace(spans));
  await promisify(execFile)(process.execPath, [launcher, "import", file, "--business-unit", "support"], {
    env: { ...process.env, TRACEBOOK_DATA: workbench.dataFolder, VITEST: "" }
  });
  page = await workbench.newPage();
});
afterAll(() => workbench.close());

async function scrollToEnd(box: Locator): Promise<void> {
  await box.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
}

test("a trace of 25,000 spans opens as a tree with rows in sight only, down to its last span", async () => {
  const began = performance.now();
  await page.goto(`${workbench.address}/traces/${largeTraceId}`);
  const tree = page.getByRole("tree", { name: "Spans" });
  await tree.getByRole("treeitem").first().waitFor();
  console.log(`a trace of ${spans} spans: first rows after ${Math.round(performance.now() - began)} ms`);
  expect(await tree.getByRole("treeitem").count()).toBeLessThan(mostRows);
  const first = await tree.getByRole("treeitem").first().textContent();
  await page.getByText("the rest is on its way").waitFor({ state: "detached" });
  await scrollToEnd(tree);
  await expect.poll(() => tree.getByRole("treeitem").first().textContent()).not.toBe(first);
  expect(await tree.evaluate((element) => element.scrollTop)).toBeGreaterThan(spans * 20);
  expect(await tree.getByRole("treeitem").count()).toBeLessThan(mostRows);
});

test("words find their spans among 25,000", async () => {
  await page.getByLabel("Find in this trace").fill("invoke_agent");
  const tree = page.getByRole("tree", { name: "Spans" });
  await expect.poll(() => tree.getByRole("treeitem").count()).toBe(1);
  await page.getByLabel("Find in this trace").fill("");
});

test("the timeline keeps to rows in sight, too", async () => {
  await page.getByRole("button", { name: "Timeline", exact: true }).click();
  const list = page.getByRole("listbox", { name: "Spans by time" });
  await list.getByRole("option").first().waitFor();
  expect(await list.getByRole("option").count()).toBeLessThan(mostRows);
  await scrollToEnd(list);
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBeGreaterThan(spans * 20);
  await expect.poll(() => list.getByRole("option").count()).toBeLessThan(mostRows);
});

test("text in any script is shown unharmed", async () => {
  await page.goto(`${workbench.address}/traces/${largeTraceId}`);
  const talk = page.getByRole("region", { name: "Conversation" });
  await talk.getByText(manyScripts[0]).waitFor();
  const shown = await talk.textContent();
  for (const text of manyScripts) expect(shown).toContain(text);
});

test("the page has no complaint", () => {
  expect(workbench.complaints).toEqual([]);
});
