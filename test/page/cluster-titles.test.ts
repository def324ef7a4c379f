import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEndpoint, type Reply, type TestEndpoint } from "../server/model/endpoint.ts";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

const down: Reply = { kind: "status", status: 503, headers: { "x-should-retry": "false" } };

let isUp = false;
let endpoint: TestEndpoint;
let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  endpoint = await openEndpoint((_, at) => {
    const answer = { title: `Topic ${at}`, description: `What people want of topic ${at}.` };
    return isUp ? { kind: "say", content: JSON.stringify(answer) } : down;
  });
  workbench = await openWorkbench({
    OPENAI_BASE_URL: endpoint.url,
    TRACEBOOK_MODEL: "small",
    TRACEBOOK_MODEL_PRICE: "0.15,0.6"
  });
  page = await workbench.newPage();
});
afterAll(async () => {
  await workbench.close();
  endpoint.close();
});

test("a map is kept though the model is down, and its clusters are titled once it is up", async () => {
  await page.goto(`${workbench.address}/maps`);
  await page.getByRole("button", { name: "Build it" }).click();
  await page.getByLabel("Title of the kept map").fill("Complaints");
  await page.getByRole("button", { name: "Keep this map" }).click();
  await page.getByRole("heading", { name: "Complaints", level: 1 }).waitFor();
  expect(endpoint.asked.length).toBeGreaterThan(0);
  expect(await page.getByText("written by").count()).toBe(0);

  isUp = true;
  await page.getByRole("button", { name: "Title the clusters" }).click();
  await page.getByText(/^\d+ titles by small: about [\d,]+ tokens, \$0\.0\d+; never more than \$0\.0\d+\.$/).waitFor();
  await page.getByRole("button", { name: "Write them" }).click();
  await page.getByText(/^\d+ titles written for \$0\.0\d+\.$/).waitFor();
  const rows = page.getByRole("row").filter({ has: page.getByLabel(/^Name of cluster/) });
  await rows.first().getByText("written by small-2026-05-01").waitFor();
  expect(await page.getByText("written by small-2026-05-01").count()).toBe(await rows.count());
  expect(
    await page
      .getByLabel(/^Name of cluster/)
      .first()
      .inputValue()
  ).toMatch(/^Topic \d+$/);
  await rows
    .first()
    .getByText(/^What people want of topic \d+\./)
    .waitFor();
});

test("a name of one's own wins, and name and titles stay when the map is built again", async () => {
  const names = () =>
    page.getByLabel(/^Name of cluster/).evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).value));
  const name = page.getByLabel("Name of cluster 1", { exact: true });
  await name.fill("Our own words");
  await name.press("Enter");
  await page.getByTitle("Named by people; empty it to have the model's title back").waitFor();
  const before = await names();
  const asked = endpoint.asked.length;
  await page.getByRole("button", { name: "Build again" }).click();
  await page.getByText(/version 2, built/).waitFor({ timeout: 60_000 });
  expect((await names()).sort()).toEqual([...before].sort());
  expect(before).toContain("Our own words");
  expect(endpoint.asked).toHaveLength(asked);
});

test("the page has no complaint", () => {
  expect(workbench.complaints).toEqual([]);
});
