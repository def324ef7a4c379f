import { writeFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatLargeTrace, largeTraceId, manyScripts } from "./large-trace.ts";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

const spans = 25_000;
/** Rows of the tallest box in a window of 900 pixels, with those kept ready at both ends. */
const mostRows = 100;

let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench();
  const file = `${workbench.dataFolder}/large.json`;
  await writeFile(file, formatLargeTrace(spans));
  await workbench.tracebook("import", file, "--business-unit", "support");
  page = await workbench.newPage();
});
afterAll(() => workbench.close());

async function scrollToEnd(box: Locator): Promise<void> {
  await box.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
}

/**
 * Scrolls through the box in steps of two frames.
 *
 * @returns time of the page's main thread that each step took, in ms, the longest last
 */
async function timeSteps(box: Locator, steps: number): Promise<readonly number[]> {
  // The element itself, because finding it by its role again in each step would be a third of what is measured.
  const handle = await box.elementHandle();
  if (!handle) throw new Error("there is no box to scroll");
  const client = await page.context().newCDPSession(page);
  // Ticks of the thread, because the machine may have other work.
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  const spentMs = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
  };
  const times: number[] = [];
  for (let step = 1; step <= steps; step += 1) {
    const before = await spentMs();
    await handle.evaluate(async (element, share) => {
      element.scrollTop = element.scrollHeight * share;
      for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    }, step / steps);
    times.push((await spentMs()) - before);
  }
  await client.detach();
  return times.sort((a, b) => a - b);
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
  const times = await timeSteps(tree, 60);
  const [usual = 0, slow = 0, longest = 0] = [30, 57, 59].map((at) => times[at]);
  const figures = [usual, slow, longest].map((ms) => ms.toFixed(1)).join(", ");
  console.log(`scrolling by ${spans} rows in 60 steps, ms of the page's thread (median, p95, longest): ${figures}`);
  // A step is two frames, 33 ms. The few that are longer hold what the collector of garbage does.
  expect(usual).toBeLessThan(33);
  expect(slow).toBeLessThan(66);
  await scrollToEnd(tree);
  await expect.poll(() => tree.getByRole("treeitem").first().textContent()).not.toBe(first);
  expect(await tree.evaluate((element) => element.scrollTop)).toBeGreaterThan(spans * 20);
  expect(await tree.getByRole("treeitem").count()).toBeLessThan(mostRows);
});

test("a slash, words and Enter lead to a text in any of 25,000 spans, n to the next", async () => {
  const tree = page.getByRole("tree", { name: "Spans" });
  const found = page.getByRole("region", { name: "Found in this trace" });
  const span = page.getByRole("region", { name: "Span", exact: true });
  await page.keyboard.press("/");
  await page.keyboard.type("Paragraph 829");
  await page.keyboard.press("Enter");
  // 829 itself and 8290 to 8299.
  await found.getByText("1 of 11 hits").waitFor();
  await span.getByText("policy-829", { exact: true }).waitFor();
  await span.getByText("score").waitFor();
  await page.getByLabel("Find in this trace").blur();
  await page.keyboard.press("n");
  await found.getByText("2 of 11 hits").waitFor();
  await span.getByText("policy-8290", { exact: true }).waitFor();
  await page.keyboard.press("Shift+N");
  await page.keyboard.press("Shift+N");
  await found.getByText("11 of 11 hits").waitFor();
  await expect.poll(() => tree.locator("[aria-selected=true]").count()).toBe(1);
  await page.getByLabel("Find in this trace").fill("nowhere in it");
  await found.getByText("is in no name").waitFor();
  await page.getByLabel("Find in this trace").fill("");
  await found.waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
});

test("columns tell what a span and all below it spent, the root as much as the trace", async () => {
  const tree = page.getByRole("tree", { name: "Spans" });
  await page.getByRole("button", { name: "Tokens", exact: true }).click();
  await tree.focus();
  await page.keyboard.press("Home");
  const root = tree.getByRole("treeitem").first();
  await expect.poll(() => root.textContent()).toContain((8333 * 12).toLocaleString("en-US"));
  await expect.poll(() => page.getByText("Tokens in / out").locator("..").textContent()).toContain("83,330 / 16,666");
  await page.getByRole("button", { name: "Tokens", exact: true }).click();
  await page.keyboard.press("Escape");
});

test("an id as Datadog writes it leads to the trace and its span, another to a sentence", async () => {
  await page.goto(`${workbench.address}/t/${BigInt(`0x${largeTraceId}`)}?span=2`);
  await page.waitForURL(`**/traces/${largeTraceId}?span=0000000000000002`);
  await page.getByRole("region", { name: "Span", exact: true }).getByText("chat small").first().waitFor();
  await page.goto(`${workbench.address}/t/11803532876627986230`);
  await page.getByText("there is no trace").waitFor();
  await page.goto(`${workbench.address}/traces/${largeTraceId}`);
});

test("the timeline keeps to rows in sight, too", async () => {
  await page.getByRole("button", { name: "Timeline", exact: true }).click();
  const list = page.getByRole("listbox", { name: "Spans by time" });
  await list.getByRole("option").first().waitFor();
  expect(await list.getByRole("option").count()).toBeLessThan(mostRows);
  // The first rows are there before all are, and the end is further down by then.
  const toEnd = async () => {
    await scrollToEnd(list);
    return list.evaluate((element) => element.scrollTop);
  };
  await expect.poll(toEnd).toBeGreaterThan(spans * 20);
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
