import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenWorkbench, openWorkbench } from "./workbench.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let workbench: OpenWorkbench;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbench();
  page = await workbench.newPage();
});
afterAll(async () => {
  await workbench.close();
});

const cell = (name: string) => page.locator(`[data-cell="${name}"]`);

/** Puts a text in place of a cell's, as typing would. */
async function type(name: string, text: string): Promise<void> {
  await cell(name).getByRole("textbox").first().focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

/** Opens a workbook's whole text. */
async function openSource(who: Page): Promise<void> {
  await who.getByRole("button", { name: "More for this workbook" }).click();
  await who.getByRole("menuitem", { name: "Source" }).click();
}

test("the first start shows the health of four business units and the starter workbooks", async () => {
  await page.goto(workbench.address);
  for (const unit of ["compliance", "legal", "support", "wealth"]) {
    await page.getByRole("link", { name: unit, exact: true }).waitFor();
  }
  await page.getByRole("link", { name: "Find the wrong refund policy" }).first().click();
  await page.getByRole("heading", { name: "Find the wrong refund policy" }).waitFor();
});

test("changed SQL shows its rows after Ctrl+Enter", async () => {
  await cell("refund_traces").locator(".monaco-editor").waitFor();
  await type(
    "refund_traces",
    "select t.trace_id, t.started_at, t.date, t.agent_version, t.input, t.output from traces t where list_contains(t.tool_names, 'issue_refund') order by t.started_at limit 40"
  );
  await page.keyboard.press("Control+Enter");
  await cell("refund_traces").getByText("40 rows").first().waitFor();
  await cell("refund_traces").getByText("4.2.1").first().waitFor();
});

test("broken SQL says what is wrong in the cell, and the rest still runs", async () => {
  await type("to_read", "select nothing_like_it from refund_traces");
  await page.keyboard.press("Control+Enter");
  await cell("to_read")
    .getByRole("alert")
    .getByText(/nothing_like_it/)
    .first()
    .waitFor();
  await type("to_read", "select count(*) as n from refund_traces");
  await page.keyboard.press("Control+Enter");
  await cell("to_read").getByText("1 row").first().waitFor();
});

test("a type error in a scorer is marked as one types, and a mended scorer gives scores", async () => {
  const source = (body: string) =>
    `import { fail, pass, scorer } from "tracebook";\nexport default scorer({ score: (trace) => ${body} });`;
  await type("refund_within_policy", source("trace.toolz.length > 0 ? pass() : fail('no tools')"));
  await cell("refund_within_policy").locator(".squiggly-error").first().waitFor();
  await type("refund_within_policy", source("trace.tools.length > 0 ? pass() : fail('no tools')"));
  await cell("refund_within_policy").locator(".squiggly-error").first().waitFor({ state: "detached" });
  await cell("refunds").getByRole("button", { name: "Run refunds" }).click();
  await cell("refunds")
    .getByTestId("summary")
    .getByText(/100 % \[\d+, 100\] n = 40/)
    .waitFor();
});

test("a chart is drawn in a frame of its own", async () => {
  await cell("by_day").getByRole("button", { name: "Run by_day" }).click();
  const frame = cell("by_day").frameLocator("iframe");
  await frame.locator("svg rect").first().waitFor();
  expect(await cell("by_day").locator("iframe").getAttribute("sandbox")).toBe("allow-scripts");
});

test("what was typed and what it gave is there after a reload", async () => {
  await page
    .getByTestId("save-state")
    .getByText(/● saved/)
    .waitFor();
  await page.reload();
  await cell("to_read").getByText("1 row").first().waitFor();
  await cell("refunds").getByTestId("summary").waitFor();
});

test("two people who save at once keep both texts", async () => {
  // The other sits at the browser that has the editor already; mine is a browser of its own.
  const [other, mine] = await Promise.all([page.context().newPage(), workbench.newPage()]);
  const slug = await workbench.addWorkbook("Two people", "# What two people write\n");
  await Promise.all(
    [other, mine].map(async (who) => {
      await who.goto(`${workbench.address}/workbooks/${slug}`);
      await openSource(who);
    })
  );
  for (const [who, words] of [
    [other, "theirs"],
    [mine, "mine"]
  ] as const) {
    const source = who.getByRole("textbox", { name: "The whole workbook as text" });
    await source.fill(`${await source.inputValue()}\nThis line is ${words}.\n`);
    await who
      .getByTestId("save-state")
      .getByText(words === "theirs" ? /● saved · r2/ : /somebody saved/)
      .waitFor();
  }
  await mine.getByRole("alert").getByText("This line is theirs.").waitFor();
  await mine.getByRole("button", { name: "Go on with mine, as a new revision" }).click();
  await mine
    .getByTestId("save-state")
    .getByText(/● saved · r3/)
    .waitFor();
  await other.close();
  await mine.close();
});

test("a lasso on the map picks traces that a cell can read", async () => {
  await page.goto(`${workbench.address}/workbooks/new-complaint`);
  await cell("topics").locator(".monaco-editor").waitFor();
  await page.getByRole("button", { name: "Run all" }).click();
  await page.getByTestId("outcome").waitFor({ timeout: 90_000 });
  const map = cell("topics").locator(".cell-result canvas").first();
  await map.scrollIntoViewIfNeeded();
  await cell("topics").getByRole("button", { name: /lasso/i }).first().click();
  const box = (await map.boundingBox())!;
  const corners = [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.9, 0.9],
    [0.1, 0.9],
    [0.1, 0.12]
  ] as const;
  await page.mouse.move(box.x + box.width * corners[0][0], box.y + box.height * corners[0][1]);
  await page.mouse.down();
  for (const [x, y] of corners) await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 });
  await page.mouse.up();
  const said = await cell("topics").getByTestId("picked").textContent();
  const picked = Number(said!.replaceAll(/\D/g, ""));
  expect(picked).toBeGreaterThan(0);
  await cell("picked").getByRole("button", { name: "Run picked" }).click();
  await cell("picked")
    .getByText(`${picked.toLocaleString("en-US")} rows`)
    .first()
    .waitFor();
});

test("a trace opens as a conversation", async () => {
  await page.goto(`${workbench.address}/traces?unit=support`);
  await page.getByRole("row").nth(2).dblclick();
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  await page.getByText("support-assistant").first().waitFor();
});

test("the command line reruns a starter workbook red, for the reason its prose states", async () => {
  const report = `${workbench.dataFolder}/report.html`;
  const run = () =>
    execFileSync(
      process.execPath,
      [`${root}/app/_cli/launch.mjs`, "run", `${root}/workbooks/wrong-refund-policy.md`, "--report", report],
      {
        env: { ...process.env, TRACEBOOK_DATA: workbench.dataFolder },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"]
      }
    );
  expect(run).toThrow(
    expect.objectContaining({ status: 1, stdout: expect.stringMatching(/FAIL +refunds within the 30 days/) })
  );
  const html = await readFile(report, "utf8");
  expect(html).toMatch(/Find the wrong refund policy/);
  expect(html).toMatch(/<svg/);
  expect(html).not.toMatch(/<script|src="http/);
  await page.goto(`${workbench.address}/runs`);
  await page.getByText("Find the wrong refund policy").locator("visible=true").first().waitFor();
});

test("the workbook that discovers the new complaint is red for what was planted", async () => {
  const failed = await workbench.tracebook("run", "new-complaint").then(
    () => null,
    (error: { readonly code: number; readonly stdout: string }) => error
  );
  expect(failed?.code).toBe(1);
  const [, label = ""] = /FAIL +fastest growing topic: ([^:]+):/.exec(failed!.stdout) ?? [];
  const patternsOf = JSON.parse(await readFile(`${workbench.dataFolder}/sample-key.json`, "utf8")) as Readonly<
    Record<string, readonly string[]>
  >;
  const ids = Object.keys(patternsOf)
    .filter((id) => patternsOf[id]!.includes("new_complaint"))
    .map((id) => `'${id}'`)
    .join();
  const planted = JSON.parse(
    await workbench.tracebook("query", `select lower(input) as said from traces where trace_id in (${ids})`, "--json")
  ) as readonly { readonly said: string }[];
  const words = label.split(/[, ]+/);
  expect(words.length).toBeGreaterThan(1);
  expect(planted.filter(({ said }) => words.every((word) => said.includes(word))).length).toBeGreaterThan(5);
});

test("no page complained in its console", () => {
  // A save that comes too late is answered 409 on purpose, and the browser reports every such answer.
  expect(workbench.complaints.filter((complaint) => !complaint.includes("409 (Conflict)"))).toEqual([]);
});
