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
    const read = JSON.parse(material) as string | { readonly trace: { readonly output: string } };
    const [quote] = /parcel/i.exec(typeof read === "string" ? read : read.trace.output) ?? [];
    // A judge shows a part of the trace, and the scorer below an answer alone.
    if (typeof read === "string") return { kind: "say", content: JSON.stringify({ spoken_of: quote ?? "nothing" }) };
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

/** Makes a workbook and opens it. */
async function open(title: string, text: string): Promise<string> {
  const made = await fetch(`${workbench.address}/api/workbooks`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: workbench.address },
    body: JSON.stringify({ title, text })
  });
  const { slug } = (await made.json()) as { readonly slug: string };
  const address = `${workbench.address}/workbooks/${slug}`;
  await page.goto(address);
  return address;
}

const criterion = "criterion: The answer speaks of a parcel.\nsees: [output]\n";

test("a judge is written in a cell, and its score cell tells what it would cost before it runs", async () => {
  const text = `# Judged\n\n\`\`\`sql few\n${chosen}\n\`\`\`\n\n\`\`\`yaml score verdicts\ntraces: few\nscorer: my_judge\n\`\`\`\n\n\`\`\`yaml calibration agreement\nscores: verdicts\nlabels: annotations\npasses: [good]\n\`\`\`\n`;
  await open("Judged", text);
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

const scorer = (word: string) =>
  `import { scorer, pass, fail } from "tracebook";\nexport default scorer({\n  target: "trace",\n  score: (trace) => (/${word}/i.test(trace.output ?? "") ? pass() : fail("no ${word}"))\n});\n`;

let promoted: string;

test("a scorer is tried on labelled traces while it is typed, and without a run", async () => {
  const text = `---\nbusiness_units: [support]\n---\n\`\`\`sql few\n${chosen}\n\`\`\`\n\n\`\`\`ts scorer speaks\n${scorer("nothing at all")}\`\`\`\n\n\`\`\`yaml score spoken\ntraces: few\nscorer: speaks\n\`\`\`\n\n\`\`\`yaml calibration how\nscores: spoken\nlabels: annotations\npasses: [good]\n\`\`\`\n`;
  promoted = await open("Promoted", text);
  await cell("speaks").locator(".monaco-editor").waitFor();
  await type("speaks", scorer("no such word"));
  const tried = cell("speaks").getByTestId("tried");
  await tried.getByText(/^10 fail/).waitFor();
  await cell("speaks").getByText("no no such word").first().waitFor();
  await cell("speaks")
    .getByRole("table", { name: "Traces it is tried on" })
    .getByText("good", { exact: true })
    .first()
    .waitFor();
  await type("speaks", scorer("parcel"));
  await tried.getByText(/^\d+ pass, \d+ fail · [\d.]+ ms each$/).waitFor();
  await cell("speaks")
    .getByTestId("whole")
    .getByText(/^spoken: 40 traces, about .* in the sandbox$/)
    .waitFor();
  await type("speaks", "const broken = ;");
  await cell("speaks")
    .locator(".notice-fault")
    .getByText(/line 1: /)
    .waitFor();
  await type("speaks", scorer("parcel"));
  await cell("speaks").locator(".notice-fault").waitFor({ state: "detached" });
  expect(await cell("spoken").getByTestId("summary").count()).toBe(0);
});

test("a scorer is promoted with what was measured, and of two at once the second is told who was first", async () => {
  await cell("speaks").getByRole("button", { name: "Promote…" }).click();
  const dialog = page.getByRole("dialog", { name: "Promote speaks" });
  await dialog.getByRole("button", { name: "Measure it" }).click();
  const measured = dialog.getByRole("table", { name: "Versions side by side" });
  await measured
    .getByText(/% \[\d+, \d+\] n = 40/)
    .first()
    .waitFor({ timeout: 60_000 });
  await dialog.getByRole("textbox", { name: "Why" }).fill("It says what people said.");
  await dialog.getByRole("button", { name: "Promote as version 1" }).click();
  await dialog.getByText(/speaks is promoted as version 1 for support/).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();

  const other = await page.context().newPage();
  await other.goto(promoted);
  for (const each of [page, other]) {
    const box = each.locator('[data-cell="speaks"]');
    await box.getByRole("button", { name: "Promote…" }).click();
    await each.getByRole("button", { name: "Compare with version 1" }).waitFor();
  }
  await page.getByRole("button", { name: "Promote version 2 unmeasured" }).click();
  await page.getByText(/speaks is promoted as version 2/).waitFor();
  await other.getByRole("button", { name: "Promote version 2 unmeasured" }).click();
  await other.getByText(/version 2 of the scorer "speaks" was promoted by owner at .* UTC meanwhile/).waitFor();
  await other.getByRole("button", { name: "Compare with version 2" }).click();
  await other.getByText(/labelled traces: 40 unchanged/).waitFor({ timeout: 60_000 });
  await other.close();
  // The browser tells of refusals, too, that were meant.
  expect(workbench.complaints.filter((said) => !/status of 4(00|09)/.test(said))).toEqual([]);
  workbench.complaints.length = 0;
});

const asking = (mistake: string) => `import { z } from "zod";
import { fail, pass, scorer } from "tracebook";
const Word = z.object({ word: z.string().${mistake}(1) });
export default scorer({
asks: { thing: { question: "What is spoken of?", answer: { spoken_of: { type: "string" } } } },
score: async (trace, _options, { ask }) => {
const { spoken_of } = await ask("thing", trace.output);
return Word.safeParse({ word: spoken_of }).success && /parcel/i.test(spoken_of) ? pass(spoken_of) : fail(spoken_of);
}
});
`;

test("a scorer that asks and imports a package is checked as it is typed, tells its cost, and asks", async () => {
  const slug = await workbench.addWorkbook(
    "Asked",
    `\`\`\`sql few\n${chosen}\n\`\`\`\n\n\`\`\`ts scorer spoken_of\n${asking("minn")}\`\`\`\n\n\`\`\`yaml score verdicts\ntraces: few\nscorer: spoken_of\nbudget_usd: 0.5\n\`\`\`\n`
  );
  await page.goto(`${workbench.address}/workbooks/${slug}`);
  // Only where the package's types are there is it the wrong name that is marked, and nothing else.
  const marked = cell("spoken_of").locator(".squiggly-error");
  // Before anybody points into the code, and after, when the compiler of the page has started.
  await marked.first().waitFor({ timeout: 60_000 });
  await cell("spoken_of").locator(".view-line", { hasText: "minn" }).click();
  await expect.poll(() => marked.count(), { timeout: 60_000 }).toBe(1);
  const [mark, line] = await Promise.all(
    [marked.first(), cell("spoken_of").locator(".view-line", { hasText: "minn" })].map((part) => part.boundingBox())
  );
  expect(Math.abs(mark!.y - line!.y)).toBeLessThan(line!.height / 2);
  await type("spoken_of", asking("min"));
  await expect.poll(() => marked.count(), { timeout: 60_000 }).toBe(0);
  const forecast = cell("verdicts").getByTestId("forecast");
  await forecast.getByText("Verdicts by small").waitFor();
  await forecast.getByRole("button", { name: "What would it cost?" }).click();
  const asked = endpoint.asked.length;
  await forecast.getByText(/^40 traces, 40 questions: about .* Never more than \$0\.5\.$/).waitFor({ timeout: 60_000 });
  expect(endpoint.asked.length).toBe(asked);
  await page.getByRole("button", { name: "Run all" }).click();
  await cell("verdicts")
    .getByText(/^small was asked 40 questions for \$0\.00\d+/)
    .waitFor({ timeout: 60_000 });
  await cell("verdicts").getByText("parcel", { exact: true }).first().waitFor();
  if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
  expect(workbench.complaints).toEqual([]);
});
