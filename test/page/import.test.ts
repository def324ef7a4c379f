import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench();
  page = await workbench.newPage();
});
afterAll(async () => {
  await workbench.close();
  expect(workbench.complaints).toEqual([]);
});

/** Rules that axe finds broken, in the colours of both schemes. */
async function listViolations(): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    found.push(...violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes[0]?.html.slice(0, 160)}`));
  }
  return found;
}

const rows = [
  "ticket,wrote,said,rating,channel",
  'T-1,"Where is the parcel that I ordered last week?","It waits at the depot in Zarnow.",4,mail',
  'T-2,"Please cancel what I ordered this morning.","It is cancelled, as you wished.",5,chat'
].join("\n");

test("a table that is dropped on the traces is previewed, corrected, imported and found in the list", async () => {
  await page.goto(`${workbench.address}/traces`);
  // Rows are read by the page, which then hears what is dropped.
  await page.getByRole("row").nth(1).waitFor();
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "tickets.csv", { type: "text/csv" }));
    return transfer;
  }, rows);
  await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
  await page.waitForURL("**/import");
  const first = page.getByRole("region", { name: "First traces" }).getByRole("row").nth(1);
  await first.getByText("Where is the parcel").waitFor();
  expect(await first.getByText("rating 0.75").count()).toBe(1);
  await page.getByText('Rows that share "ticket" are one trace').waitFor();
  expect(await page.getByRole("button", { name: "Import", exact: true }).isDisabled()).toBe(true);

  await page.getByLabel("What said is").selectOption("input");
  await first.getByRole("cell").nth(2).getByText("depot in Zarnow").waitFor();
  await page.getByLabel("What wrote is").selectOption("output");
  await first.getByRole("cell").nth(3).getByText("Where is the parcel").waitFor();
  await page.getByText("Kept as attributes").getByText("channel (2)", { exact: false }).waitFor();
  expect(await listViolations()).toEqual([]);

  await page.getByLabel("Business unit").selectOption("support");
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByText("imported 2 traces").waitFor();
  await page.getByRole("link", { name: "Show the imported traces" }).click();
  await page.waitForURL(/\/traces\?.*unit=support/);
  await page.getByRole("row").getByText("depot in Zarnow").waitFor();
});

test("a key that is made in the page lets spans in until it is revoked", async () => {
  await page.goto(`${workbench.address}/keys`);
  await page.getByText("There are no ingest keys yet").waitFor();
  await page.getByLabel("Business unit").selectOption("support");
  await page.getByLabel("Name").fill("shop backend");
  await page.keyboard.press("Enter");
  const made = page.getByRole("region", { name: "The new key shop backend" });
  const environment = await made.getByText("OTEL_EXPORTER_OTLP_ENDPOINT").textContent();
  const [, endpoint] = /ENDPOINT="([^"]+)"/.exec(environment ?? "")!;
  const [, authorization] = /HEADERS="authorization=([^"]+)"/.exec(environment ?? "")!;
  expect(await listViolations()).toEqual([]);
  const traceId = "5b8efff798038103d269b633813fc60c";
  const span = { traceId, spanId: "eee19b7ec3c1b174", name: "ask", startTimeUnixNano: "1790000000000000000" };
  const send = async () => {
    const resourceSpans = [{ scopeSpans: [{ spans: [span] }] }];
    const { status } = await fetch(`${endpoint}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: decodeURIComponent(authorization!) },
      body: JSON.stringify({ resourceSpans })
    });
    return status;
  };
  expect(await send()).toBe(200);
  await page.goto(`${workbench.address}/traces/${traceId}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  expect((await page.request.get(`${workbench.address}/api/traces/${traceId}`)).status()).toBe(200);

  await page.goto(`${workbench.address}/keys`);
  await page.getByRole("button", { name: "Revoke shop backend" }).waitFor();
  // The secret is not shown a second time, and what the key brought in is known.
  expect(await page.getByText("tbk_").count()).toBe(0);
  expect(await page.getByText("not since the start").count()).toBe(0);
  await page.getByRole("button", { name: "Revoke shop backend" }).click();
  await page.getByRole("button", { name: "Yes, revoke shop backend" }).click();
  await page.getByText("✕ revoked").waitFor();
  expect(await send()).toBe(401);
});
