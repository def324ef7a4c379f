import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench();
  page = await workbench.newPage();
});
afterAll(() => workbench.close());

/** Draws a lasso over the map from its left side, between two shares of its width. */
async function draw(page: Page, map: Locator, [from, to]: readonly [number, number]): Promise<void> {
  await map.evaluate((element) => element.scrollIntoView({ block: "center" }));
  await map.press("l");
  const box = (await map.boundingBox())!;
  const corners = [
    [from, 0.1],
    [to, 0.1],
    [to, 0.97],
    [from, 0.97]
  ] as const;
  for (const [turn, [across, down]] of corners.entries()) {
    await page.mouse.move(box.x + box.width * across, box.y + box.height * down, { steps: 4 });
    if (turn === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

test("a map is kept from its page, shows what grew, and a cluster takes a name", async () => {
  await page.goto(`${workbench.address}/maps`);
  await page.getByRole("button", { name: "Build it" }).click();
  await page.getByLabel("Title of the kept map").fill("Complaints");
  await page.getByRole("button", { name: "Keep this map" }).click();
  await page.getByRole("heading", { name: "Complaints", level: 1 }).waitFor({ timeout: 90_000 });
  await page.getByRole("application", { name: /^Map of/ }).waitFor();
  await page.getByRole("heading", { name: "Emerging" }).waitFor();
  const name = page.getByLabel("Name of cluster 1", { exact: true });
  await name.fill("The largest of all");
  await name.press("Enter");
  await expect
    .poll(() => workbench.query("select label from clusters where cluster = 0"))
    .toEqual([{ label: "The largest of all" }]);
});

test("a trace that arrives later is placed without moving any other", async () => {
  const places = "select trace_id, x, y from placements order by trace_id";
  const before = await workbench.query<{ readonly trace_id: string }>(places);
  const [twin] = (await workbench.query(
    "select t.input, t.business_unit as unit, p.x, p.cluster from placements p join traces t using (trace_id) where p.cluster is not null order by trace_id limit 1"
  )) as readonly [{ readonly input: string; readonly unit: string; readonly x: number; readonly cluster: number }];
  const key = await workbench.tracebook("keys", "create", "--business-unit", twin.unit, "--name", "late", "--json");
  const made = JSON.parse(key) as { readonly secret: string };
  const points = page.getByText(/^[\d,]+ traces of /);
  const count = async () => Number((await points.textContent())?.replaceAll(",", "").split(" ")[0]);
  const shown = await count();
  const traceId = "5bd4e1f0a9c873215bd4e1f0a9c87321";
  const nowNs = String(BigInt(Date.now()) * 1_000_000n);
  const messages = JSON.stringify([{ role: "user", parts: [{ type: "text", content: twin.input }] }]);
  const attributes = Object.entries({
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "late",
    "gen_ai.input.messages": messages
  }).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const span = {
    ...{ traceId, spanId: "a9c873215bd4e1f0", name: "late" },
    ...{ startTimeUnixNano: nowNs, endTimeUnixNano: nowNs, attributes }
  };
  const sent = await fetch(`${workbench.address}/v1/traces`, {
    method: "POST",
    headers: { authorization: `Bearer ${made.secret}`, "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
  });
  expect(sent.status).toBe(200);
  await expect
    .poll(() => workbench.query(`select x, cluster from placements where trace_id = '${traceId}'`), {
      timeout: 60_000,
      interval: 500
    })
    .toEqual([{ x: twin.x, cluster: twin.cluster }]);
  const after = (await workbench.query(places)) as typeof before;
  expect(after.filter(({ trace_id }) => trace_id !== traceId)).toEqual(before);
  // The page that is open since shows it without being read again.
  await expect.poll(count).toBe(shown + 1);
  await page.getByRole("application", { name: `Map of ${(shown + 1).toLocaleString("en-US")} points` }).waitFor();
});

test("traces of a lasso are laid out alone, and what is picked there is these very traces", async () => {
  const map = page.getByRole("application", { name: /^Map of/ });
  const label = async () => (await map.getAttribute("aria-label"))!;
  const whole = await label();
  await draw(page, map, [0.02, 0.6]);
  const remap = page.getByRole("button", { name: /^Remap these [\d,]+$/ });
  const picked = Number((await remap.textContent())!.replace(/\D/g, ""));
  expect(picked).toBeGreaterThan(50);
  await remap.click();
  await page.getByText(`${picked.toLocaleString("en-US")} traces laid out alone; positions mean nothing`).waitFor();
  expect(await label()).toContain(`Map of ${picked.toLocaleString("en-US")} points`);
  await draw(page, map, [0.02, 0.5]);
  const inside = Number((await remap.textContent())!.replace(/\D/g, ""));
  expect(inside).toBeGreaterThan(5);
  expect(inside).toBeLessThan(picked);
  const actions = page.getByRole("region", { name: "What to do with Part of Complaints" });
  await actions.getByRole("button", { name: "Use in a cell" }).click();
  const sql = await actions.getByRole("textbox", { name: "The selection as SQL" }).inputValue();
  expect(sql).toContain("p.trace_id in ('");
  const told = await workbench.tracebook("query", `select count(*) as n from (${sql})`, "--json");
  expect(JSON.parse(told)).toEqual([{ n: inside }]);
  await page.getByRole("button", { name: "Back to the whole map" }).click();
  await expect.poll(label).toBe(whole);
  expect(await actions.count()).toBe(0);
});

test("a map that somebody builds again says so where it is open, and shows the new version when asked", async () => {
  const built = await page.request.post(page.url().replace("/maps/", "/api/maps/"), { data: {} });
  expect(await built.text()).toContain('"version":2');
  const notice = page.getByRole("status").filter({ hasText: "A newer version of this map is there." });
  await notice.waitFor();
  await page.getByText("version 1, built").waitFor();
  await notice.getByRole("button", { name: "Show it" }).click();
  await page.getByText("version 2, built").waitFor();
  await page.getByRole("columnheader", { name: "Since version 1" }).waitFor();
  expect(await notice.count()).toBe(0);
});

test("a cell says what a map that was stopped goes on from", async () => {
  const cell = { state: "running", step: "layout", done: 130, total: 200, from: "layout, 60 %" };
  await page.route("**/api/workbooks/new-complaint/kernel", (route) =>
    route.fulfill({
      json: { running: true, snapshotId: null, moved: false, cells: { topics: { text: "", cell } } }
    })
  );
  await page.goto(`${workbench.address}/workbooks/new-complaint`);
  await page.getByText("goes on from layout, 60 %").waitFor();
  await page.unroute("**/api/workbooks/new-complaint/kernel");
});

test("the page has no complaint", () => {
  expect(workbench.complaints).toEqual([]);
});
