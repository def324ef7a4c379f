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

test("the page has no complaint", () => {
  expect(workbench.complaints).toEqual([]);
});
