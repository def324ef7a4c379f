import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/server/clock.ts";
import { openState } from "#lib/server/state/state.ts";
import { listViolations } from "./violations.ts";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
let page: Page;
let secret: string;

beforeAll(async () => {
  workbench = await openWorkbench();
  page = await workbench.newPage();
  const made = await workbench.tracebook("keys", "create", "--business-unit", "support", "--name", "probe", "--json");
  secret = (JSON.parse(made) as { readonly secret: string }).secret;
});
afterAll(() => workbench.close());

const rows = () => page.getByRole("table", { name: "Traces" }).getByRole("row");
const total = () => page.getByRole("heading", { level: 1 }).locator("+ span");
const asked = () => new URL(page.url()).searchParams;
const count = (name: string) =>
  page.getByRole("complementary", { name: "Filters" }).getByText(name, { exact: true }).locator("+ span");

test("facets narrow the list, and their counts are those of SQL", async () => {
  await page.goto(`${workbench.address}/traces`);
  await rows().nth(1).waitFor();
  await page.getByRole("checkbox", { name: /^support / }).check();
  await page.getByRole("checkbox", { name: /^gpt-4.1-mini / }).check();
  const [found] = (await workbench.query(
    `select count(*) filter ('gpt-4.1-mini' in models)::int as mini, count(*) filter ('gpt-4.1' in models)::int as large,
       count(*) filter ('gpt-4.1-mini' in models and duration_ms < 1000)::int as quick
     from traces where business_unit = 'support'`
  )) as readonly [{ readonly mini: number; readonly large: number; readonly quick: number }];
  const words = (n: number) => n.toLocaleString("en-US");
  await expect.poll(() => total().textContent()).toBe(`${words(found.mini)} traces`);
  expect(await count("gpt-4.1-mini").textContent()).toBe(words(found.mini));
  expect(await count("gpt-4.1").textContent()).toBe(words(found.large));
  expect(await count("below 1 s").textContent()).toBe(words(found.quick));
  expect(await page.getByRole("region", { name: "Chosen filters" }).getByRole("button").count()).toBe(3);
});

test("a brush over the histogram sets the time, by pointer and by keys, and another order keeps it", async () => {
  const begin = page.getByRole("slider", { name: "Begin of the time range" });
  const whole = await begin.getAttribute("aria-valuetext");
  const box = (await page.getByRole("img", { name: /^Traces over time/ }).boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => asked().has("from") && asked().has("to")).toBe(true);
  const brushed = Number(asked().get("from"));
  await expect.poll(() => begin.getAttribute("aria-valuetext")).not.toBe(whole);
  await begin.press("ArrowRight");
  await expect.poll(() => Number(asked().get("from"))).toBeGreaterThan(brushed);
  await page
    .getByRole("columnheader", { name: "Duration" })
    .getByRole("button", { name: "Duration", exact: true })
    .click();
  await expect.poll(() => asked().get("sort")).toBe("-duration");
  expect(asked().has("from")).toBe(true);
});

test("a view is saved under a name and there after a reload", async () => {
  await page.getByText("Views", { exact: true }).click();
  await page.getByLabel("Name of the view").fill("Slow minis");
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("heading", { name: "Slow minis" }).waitFor();
  const saved = asked();
  await page.goto(`${workbench.address}/traces?view=${saved.get("view")}`);
  await page.getByRole("heading", { name: "Slow minis" }).waitFor();
  await expect.poll(() => [...asked()].sort()).toEqual([...saved].sort());
  await page.getByText("Views", { exact: true }).click();
  await page.getByRole("button", { name: "Delete Slow minis" }).click();
  await page.getByText("No view is saved yet.").waitFor();
});

/** Sends one span of an agent as a program does; gives the instant before it was handed over. */
async function send(agent: string): Promise<number> {
  const exporter = new OTLPTraceExporter({
    url: `${workbench.address}/v1/traces`,
    headers: { authorization: `Bearer ${secret}` },
    timeoutMillis: 60_000
  });
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = provider.getTracer("shop").startSpan("invoke_agent", {
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": agent,
      "gen_ai.conversation.id": "talk/1"
    }
  });
  const sentMs = Date.now();
  span.end();
  await provider.forceFlush();
  await provider.shutdown();
  return sentMs;
}

/** Agents of the spans that were sent, in order. */
const told: string[] = [];

test("a live list shows within a second what a program sends, and holds it back while one reads further down", async () => {
  await page.goto(`${workbench.address}/traces?live=on`);
  await page.locator(".live-dot[data-state=on]").waitFor();
  // The intake starts its thread with the first request.
  told.push("probe warm");
  await send("probe warm");
  await rows().filter({ hasText: "probe warm" }).waitFor();
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    new MutationObserver(() => {
      for (const [name] of document.body.textContent.matchAll(/probe \d/g)) seen[name] ??= Date.now();
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  const took: number[] = [];
  // Another browser shares the cores: a slow one is no failure while a later one is in time.
  for (let n = 1; n <= 6 && (n <= 3 || Math.min(...took) >= 1000); n += 1) {
    told.push(`probe ${n}`);
    const sentMs = await send(`probe ${n}`);
    await rows()
      .filter({ hasText: `probe ${n}` })
      .waitFor();
    const seen = await page.evaluate(() => (window as unknown as { readonly seen: Record<string, number> }).seen);
    took.push(seen[`probe ${n}`]! - sentMs);
  }
  console.log(`from the send to the page: ${took.join(", ")} ms`);
  expect(Math.min(...took)).toBeLessThan(1000);
  await page.getByRole("table", { name: "Traces" }).evaluate((box) => box.scrollTo({ top: 900 }));
  told.push("probe last");
  await send("probe last");
  await page.getByRole("button", { name: "1 new" }).click();
  await rows().filter({ hasText: "probe last" }).waitFor();
});

test("keys move, select and open; the list is there again on return, and a session shows its traces in order", async () => {
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect.poll(() => asked().get("selected")).toMatch(/^support\/[0-9a-f]{32}$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  await page.goBack();
  await page.getByText("1 selected").waitFor();
  await page.goto(`${workbench.address}/sessions?words=talk`);
  await page.getByRole("link", { name: "talk/1" }).click();
  await page
    .getByRole("link", { name: "Open the trace" })
    .nth(told.length - 1)
    .waitFor();
  const agents = await page.getByRole("listitem").locator("strong").allTextContents();
  expect(agents).toEqual(told);
  expect(await page.getByText(/ later$/).count()).toBe(told.length - 1);
});

/** Promotes a scorer for support, as a workbook would. */
async function promote(name: string): Promise<void> {
  const state = await openState({ dataFolder: workbench.dataFolder, databaseUrl: null }, systemClock);
  const text = `import { scorer, pass } from "tracebook";
export default scorer({ target: "trace", score: (trace) => pass(\`\${trace.spans.length} step\`) });`;
  const units = ["support"];
  await state.promotedScorers.promote(
    { userId: "ann", roles: ["lead"], businessUnits: units },
    {
      ...{ name, businessUnits: units, kind: "code", text, options: {}, scorerVersion: "1" },
      ...{ origin: null, evidence: null, note: "It counts." }
    },
    null
  );
  await state.close();
}

test("a rule scores what a program sends within seconds, nothing while it is paused, and that afterwards", async () => {
  await promote("counted");
  await page.goto(`${workbench.address}/scorers`);
  await page.getByRole("link", { name: "counted" }).click();
  await page.getByRole("button", { name: "New rule" }).click();
  const condition = page.getByLabel("Which traces");
  await condition.fill("nothing_such = 1");
  await page.getByText(/Line 1, column 1: .*nothing_such/).waitFor();
  await condition.fill("agent like 'ruled %'");
  await page.getByText("0 traces").waitFor();
  expect(await listViolations(page, "main")).toEqual([]);
  await page.getByLabel("begun since").fill("");
  await page.getByRole("button", { name: "Make the rule" }).click();
  await page.getByText("● active").waitFor();
  await send("ruled one");
  await page.getByText(/Log: last pass .* after the traces came/).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("▲ paused").waitFor();
  await send("ruled two");
  await page.getByRole("button", { name: "Resume" }).click();
  const scored = () =>
    workbench.query<{ readonly trace_id: string; readonly agent: string }>(
      "select s.trace_id, t.agent from scores s join traces t on t.trace_id = s.trace_id where s.scorer = 'counted' order by t.agent"
    );
  await expect
    .poll(async () => (await scored()).map(({ agent }) => agent), { timeout: 20_000 })
    .toEqual(["ruled one", "ruled two"]);
  expect(await listViolations(page, "main")).toEqual([]);
  await page.goto(`${workbench.address}/traces/${(await scored())[1]!.trace_id}`);
  await page.getByText("counted", { exact: true }).first().waitFor();
});

test("the pages have no complaint, nor has a browser that looks for an icon where none is named", async () => {
  await page.goto(`${workbench.address}/api/traces?limit=1`);
  const icon = await page.request.get(`${workbench.address}/favicon.ico`);
  expect([icon.status(), icon.headers()["content-type"]]).toEqual([200, "image/svg+xml"]);
  // A condition that nothing can be asked by was typed on purpose.
  const refused = /status of 400 .*\/forecast$/;
  expect(workbench.complaints.filter((said) => !refused.test(said))).toEqual([]);
});
