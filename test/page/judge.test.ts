import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/server/clock.ts";
import { openState } from "#lib/server/state/state.ts";
import { openEndpoint, type TestEndpoint } from "../server/model/endpoint.ts";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

let endpoint: TestEndpoint;
let workbench: OpenWorkbench;
let page: Page;

/** Forty answers; people passed those that speak of a parcel, but called one of them bad. */
const chosen = "select trace_id, output from traces where business_unit = 'support' order by trace_id limit 40";

beforeAll(async () => {
  // The model of this test looks for one word, and finds it in its evidence.
  endpoint = await openEndpoint(({ messages }) => {
    const material = messages[1]!.content.replace(/<\/?data-\d+>/g, "");
    const { output } = (JSON.parse(material) as { readonly trace: { readonly output: string } }).trace;
    const [quote] = /parcel/i.exec(output) ?? [];
    const verdict = { reason: quote ? "It speaks of a parcel." : "It does not.", evidence: quote ? [quote] : [] };
    return { kind: "say", content: JSON.stringify({ ...verdict, label: quote ? "pass" : "fail" }) };
  });
  workbench = await openWorkbench({
    OPENAI_BASE_URL: endpoint.url,
    TRACEBOOK_MODEL: "small",
    TRACEBOOK_MODEL_PRICE: "0.15,0.6"
  });
  await annotate();
  page = await workbench.newPage();
});
afterAll(async () => {
  await workbench.close();
  endpoint.close();
});

async function annotate(): Promise<void> {
  const rows = await workbench.query<{ readonly trace_id: string; readonly output: string }>(chosen);
  const state = await openState({ dataFolder: workbench.dataFolder, databaseUrl: null }, systemClock);
  const scope = { userId: "owner", roles: ["expert"], businessUnits: ["support"] } as const;
  const wronged = rows.find(({ output }) => /parcel/i.test(output))!.trace_id;
  try {
    await state.annotations.append(
      scope,
      rows.map(({ trace_id, output }, at) => ({
        ...{ annotationId: String(at).padStart(32, "0"), traceId: trace_id, spanId: null, businessUnit: "support" },
        ...{ label: /parcel/i.test(output) && trace_id !== wronged ? "good" : "bad", note: "", userId: "owner" },
        ...{ createdAtMs: Date.UTC(2026, 10, 28), source: "test" }
      }))
    );
  } finally {
    await state.close();
  }
}

const cell = (name: string) => page.locator(`[data-cell="${name}"]`);

async function type(name: string, text: string): Promise<void> {
  await cell(name).getByRole("textbox").first().focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

const criterion = "criterion: The answer speaks of a parcel.\nsees: [output]\n";

test("a judge is written in a cell, and its score cell tells what it would cost before it runs", async () => {
  const text = `# Judged\n\n\`\`\`sql few\n${chosen}\n\`\`\`\n\n\`\`\`yaml score verdicts\ntraces: few\nscorer: my_judge\n\`\`\`\n\n\`\`\`yaml calibration agreement\nscores: verdicts\nlabels: annotations\npasses: [good]\n\`\`\`\n`;
  const made = await fetch(`${workbench.address}/api/workbooks`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: workbench.address },
    body: JSON.stringify({ title: "Judged", text })
  });
  const { slug } = (await made.json()) as { readonly slug: string };
  await page.goto(`${workbench.address}/workbooks/${slug}`);
  await cell("few").waitFor();
  await page.getByRole("button", { name: "Add a cell here" }).first().click();
  await page.locator('.add-cell[data-open="true"]').getByRole("button", { name: "Judge", exact: true }).click();
  await cell("my_judge").locator(".monaco-editor").waitFor();
  await type("my_judge", `${criterion}budget_usd: 0.5\n`);
  const forecast = cell("verdicts").getByTestId("forecast");
  await forecast.getByText("Verdicts by small").waitFor();
  await forecast.getByRole("button", { name: "What would it cost?" }).click();
  await forecast
    .getByText(/^40 traces, 40 questions: about [\d,]+ tokens, about \$0\.00\d+; .* Never more than \$0\.5\.$/)
    .waitFor();
  expect(endpoint.asked).toHaveLength(0);
});

test("a run shows labels, reasons and cost, and how far people agree", async () => {
  await page.getByRole("button", { name: "Run all" }).click();
  await cell("verdicts")
    .getByText(/^small judged 40 of 40 traces for \$0\.00\d+.*: \d+ pass, \d+ fail\.$/)
    .waitFor({ timeout: 60_000 });
  await cell("verdicts").getByText("It speaks of a parcel.").first().waitFor();
  await cell("verdicts")
    .getByTestId("summary")
    .getByText(/0 unscored/)
    .waitFor();
  await cell("agreement").getByText("Cohen's kappa").waitFor();
  await cell("agreement").getByText("1 disagreements to read, the surest mistakes first").waitFor();
  expect(endpoint.asked.length).toBeLessThanOrEqual(40);
});

test("a cap stops the asking, and what is left is unscored over budget", async () => {
  const asked = endpoint.asked.length;
  await type("my_judge", `${criterion.replace("speaks", "tells")}budget_usd: 0.0006\n`);
  await page.getByRole("button", { name: /^Run stale/ }).click();
  await cell("verdicts")
    .getByText(/^\d+ are unscored, over budget: one more question could cost more than is left of the US\$ 0\.0006\.$/)
    .waitFor({ timeout: 60_000 });
  const paid = endpoint.asked.length - asked;
  expect(paid).toBeGreaterThan(0);
  expect(paid).toBeLessThan(40);
  expect(workbench.complaints).toEqual([]);
});
