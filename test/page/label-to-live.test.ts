import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listViolations } from "./violations.ts";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench({}, "keptMap");
  page = await workbench.newPage();
});
afterAll(() => workbench.close());

/** What somebody who reads the trace would object to. */
const objection = /refund/i;

test("forty traces are labelled by keys, their reasons become a scorer, and once promoted it scores what arrives", async () => {
  const queueId = await makeQueue();
  await page.goto(`${workbench.address}/queues/${queueId}`);
  await page.getByText("0 of 40 done").waitFor();
  await page.getByRole("link", { name: "Review" }).click();
  const said = { good: 0, bad: 0 };
  for (let done = 0; done < 40; done++) {
    await page.getByText(`trace ${done + 1} ·`).waitFor();
    const trace = page.getByRole("region", { name: "Trace" });
    await trace.getByRole("listitem").first().waitFor();
    const label = objection.test((await trace.textContent())!) ? "bad" : "good";
    said[label] += 1;
    await page.keyboard.press(label === "good" ? "1" : "2");
    if (label === "bad") {
      await page.keyboard.press("c");
      await page.keyboard.type(`Speaks of a refund that it may not give, case ${said.bad}.`);
    }
    await page.keyboard.press("Control+Enter");
  }
  await page.getByText("Nothing waits for you in this queue.").waitFor();
  expect(said.bad).toBeGreaterThanOrEqual(5);
  expect(said.good).toBeGreaterThanOrEqual(5);
  const labels = await workbench.query(
    "select label, count(*)::integer as n from annotations group by label order by label"
  );
  expect(labels).toEqual([
    { label: "bad", n: said.bad },
    { label: "good", n: said.good }
  ]);

  await page.goto(`${workbench.address}/queues/${queueId}`);
  await page.getByRole("button", { name: "Draft a scorer" }).click();
  await page.getByLabel("What bad means").selectOption("went wrong");
  await page.getByLabel("What good means").selectOption("did not go wrong");
  await page.getByText(`${said.bad} went wrong, ${said.good} did not`).waitFor();
  expect(await listViolations(page, ".selection-panel")).toEqual([]);
  await page.getByRole("button", { name: "Draft the scorer" }).click();

  await page.waitForURL(/\/workbooks\//);
  await page.getByRole("button", { name: "Run all" }).click();
  await page.getByText(/kappa/i).first().waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "Promote…" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Measure it" }).click();
  await dialog.getByLabel("Why").fill("First draft from forty labels");
  await dialog.getByRole("button", { name: "Promote as version 1" }).click({ timeout: 60_000 });
  await dialog.getByRole("link", { name: "Open it" }).click();

  await page.getByRole("button", { name: "New rule" }).click();
  await page.getByLabel(/Which traces/).fill("agent is not null");
  await page.getByRole("button", { name: "Make the rule" }).click();
  await page
    .getByRole("region", { name: /^Rule/ })
    .or(page.getByText(/active|running/))
    .first()
    .waitFor();

  const key = await workbench.tracebook("keys", "create", "--business-unit", "support", "--name", "sender", "--json");
  const { secret } = JSON.parse(key) as { readonly secret: string };
  const traces = [
    ["5b8efff798038103d269b633813fc60c", "I want my refund of 40 EUR now.", "I have issued the refund of 40 EUR."],
    ["6b8efff798038103d269b633813fc60d", "Where is my parcel?", "Your parcel was scanned today and is on its way."]
  ] as const;
  for (const [traceId, input, output] of traces) await send(secret, traceId, input, output);
  await expect
    .poll(
      () =>
        workbench.query(
          `select trace_id, status, pass is not null as judged, sampling_probability as p from scores
           where source = 'scorer' and trace_id in (${traces.map(([id]) => `'${id}'`).join()}) order by trace_id`
        ),
      { timeout: 60_000, interval: 500 }
    )
    .toEqual([
      { trace_id: traces[0][0], status: "ok", judged: true, p: 1 },
      { trace_id: traces[1][0], status: "ok", judged: true, p: 1 }
    ]);
  expect(workbench.complaints).toEqual([]);
}, 400_000);

/** A queue of forty of the traces on the kept map, as many of each cluster. */
async function makeQueue(): Promise<string> {
  await page.goto(`${workbench.address}/queues`);
  const made = await page.evaluate(async () => {
    const ask = async (path: string, body?: unknown) => {
      const reply = await fetch(path, {
        method: body === undefined ? "GET" : "POST",
        headers: { "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      });
      return (await reply.json()) as Record<string, never>;
    };
    const { maps } = (await ask("/api/maps")) as unknown as {
      readonly maps: readonly { readonly mapId: string; readonly version: number }[];
    };
    const { mapId, version } = maps[0]!;
    const far = 1e6;
    return (await ask("/api/queues", {
      title: "Forty",
      selection: {
        ...{ kind: "lasso", mapId, version },
        polygon: [
          [-far, -far],
          [far, -far],
          [far, far],
          [-far, far]
        ]
      },
      rule: { count: 40, by: { kind: "cluster" }, spread: "equal", seed: 5 },
      rubric: {
        labels: [
          { name: "good", meaning: "The agent did what it should", hotkey: "1" },
          { name: "bad", meaning: "The agent did what it should not", hotkey: "2" }
        ],
        needsJustification: false,
        hasFreeText: true
      }
    })) as unknown as { readonly queueId?: string };
  });
  expect(made).toMatchObject({ items: 40 });
  return made.queueId!;
}

async function send(secret: string, traceId: string, input: string, output: string): Promise<void> {
  const nowNs = String(BigInt(Date.now()) * 1_000_000n);
  const message = (role: string, content: string) => JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
  const attributes = Object.entries({
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "helpdesk",
    "gen_ai.input.messages": message("user", input),
    "gen_ai.output.messages": message("assistant", output)
  }).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const span = {
    ...{ traceId, spanId: traceId.slice(0, 16), name: "request" },
    ...{ startTimeUnixNano: nowNs, endTimeUnixNano: nowNs, attributes }
  };
  const { status } = await fetch(`${workbench.address}/v1/traces`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
  });
  expect(status).toBe(200);
}
