import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listViolations } from "./violations.ts";
import { mapCells, type OpenWorkbench, openWorkbench } from "./workbench.ts";

let workbench: OpenWorkbench;
let page: Page;

const query = (sql: string) => workbench.query(sql);

beforeAll(async () => {
  workbench = await openWorkbench({}, "keptMap");
  page = await workbench.newPage();
  await page.goto(`${workbench.address}/maps`);
  await page.getByRole("link", { name: "Complaints" }).click();
  await page.getByRole("application", { name: /^Map of/ }).waitFor();
  await draw(page);
});
afterAll(() => workbench.close());

/** Draws a lasso around the left half of the map. */
async function draw(page: Page): Promise<void> {
  const map = page.getByRole("application", { name: /^Map of/ });
  await map.evaluate((element) => element.scrollIntoView({ block: "center" }));
  await map.press("l");
  const box = (await map.boundingBox())!;
  const places = [
    [0.05, 0.12],
    [0.5, 0.12],
    [0.56, 0.5],
    [0.5, 0.9],
    [0.05, 0.9]
  ] as const;
  for (const [turn, [across, down]] of places.entries()) {
    await page.mouse.move(box.x + box.width * across, box.y + box.height * down, { steps: 4 });
    if (turn === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

const actions = () => page.getByRole("region", { name: "What to do with Part of Complaints" });

/** What the plan on the page says of each stratum. */
async function readPlan(table: Locator) {
  const rows = await table.locator("tbody tr").all();
  return Promise.all(
    rows.map(async (row) => {
      const cells = row.getByRole("cell");
      const [stratum, traces, taken, chance] = [cells.nth(-4), cells.nth(-3), cells.nth(-2), cells.nth(-1)];
      const count = async (cell: Locator) => Number((await cell.textContent())?.replaceAll(",", ""));
      return {
        stratum: await stratum.textContent(),
        traces: await count(traces),
        n: await count(taken),
        p: Number(await chance.getAttribute("title"))
      };
    })
  );
}

test("a lasso is sent to a queue of twenty by cluster, and SQL finds the items with the chances that the page told", async () => {
  await actions().getByRole("button", { name: "Queue", exact: true }).click();
  const plan = actions().getByRole("table", { name: "Sample" });
  await plan.waitFor();
  await actions().getByRole("button", { name: "Send 20 traces to the queue" }).waitFor();
  const told = await readPlan(plan);
  expect(told.reduce((sum, { n }) => sum + n, 0)).toBe(20);
  expect(told.length).toBeGreaterThan(1);
  for (const { traces, n, p } of told) expect(p).toBe(n / traces);
  expect(await listViolations(page, ".selection")).toEqual([]);
  await actions().getByLabel("Title").fill("Twenty of the left");
  await actions().getByRole("button", { name: "Send 20 traces to the queue" }).click();
  await actions().getByRole("link", { name: "Twenty of the left" }).waitFor();
  const kept = await query(
    "select stratum, count(*)::integer as n, min(inclusion_probability) as p, max(inclusion_probability) as q from queue_items where queue = 'Twenty of the left' group by stratum"
  );
  const byStratum = (a: { readonly stratum?: unknown }, b: { readonly stratum?: unknown }) =>
    String(a.stratum) < String(b.stratum) ? -1 : 1;
  expect([...kept].sort(byStratum)).toEqual(told.map(({ stratum, n, p }) => ({ stratum, n, p, q: p })).sort(byStratum));
  const [estimate] = await query("select sum(1 / inclusion_probability) as n from queue_items");
  expect(estimate?.["n"]).toBeCloseTo(
    told.reduce((sum, { traces }) => sum + traces, 0),
    6
  );
});

test("a dataset of the lasso holds exactly the traces that its question finds", async () => {
  await actions().getByRole("button", { name: "Use in a cell" }).click();
  const sql = await actions().getByRole("textbox", { name: "The selection as SQL" }).inputValue();
  await actions().getByRole("button", { name: "Dataset" }).click();
  expect(await listViolations(page, ".selection")).toEqual([]);
  await actions().getByLabel("Title").fill("The left");
  await actions().getByRole("button", { name: "Make the dataset" }).click();
  await actions().getByRole("link", { name: "The left" }).waitFor();
  const found = await query(`select trace_id from (${sql}) order by trace_id`);
  expect(found.length).toBeGreaterThan(20);
  expect(await query("select trace_id from datasets where dataset = 'The left' order by trace_id")).toEqual(found);
  expect(await query("select distinct split from datasets order by split")).toEqual([
    { split: "test" },
    { split: "train" }
  ]);
});

test("a label goes on every trace of the lasso", async () => {
  await actions().getByRole("button", { name: "Tag" }).click();
  await actions().getByLabel("Label for the picked traces").fill("left side");
  await actions().getByRole("button", { name: "Label all of them" }).click();
  await actions().getByRole("link", { name: "Show the traces with “left side”" }).waitFor();
  const tagged = await query("select trace_id from annotations where label = 'left side' order by trace_id");
  expect(tagged).toEqual(await query("select trace_id from datasets where dataset = 'The left' order by trace_id"));
  // The map that is open knows of it, though nothing has arrived since.
  await page.getByRole("combobox", { name: "Colour" }).selectOption("label");
  await page.getByRole("list", { name: "Colours" }).getByText("left side").waitFor();
});

test("a queue and a dataset are read on their pages, and the queue is judged by keys", async () => {
  await page.goto(`${workbench.address}/queues`);
  await page.getByRole("link", { name: "Twenty of the left" }).click();
  await page.getByText("0 of 20 done").waitFor();
  expect(await listViolations(page, "main")).toEqual([]);
  await page.getByRole("link", { name: "Review" }).click();
  await page.getByRole("button", { name: "Submit" }).waitFor();
  expect(await listViolations(page, "main")).toEqual([]);
  await page.keyboard.press("2");
  await page.keyboard.press("c");
  await page.keyboard.type("promised what it did not do");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Kept: bad.").waitFor();
  await page.getByText("1 of 20 done").waitFor();
  await page.keyboard.press("s");
  await page.keyboard.type("not my field");
  await page.keyboard.press("Enter");
  await page.getByText("Kept: skipped.").waitFor();
  await page.keyboard.press("u");
  await page.getByText("Kept: skipped.").waitFor({ state: "detached" });
  await page.keyboard.press("1");
  await page.keyboard.press("Control+Enter");
  await page.getByText("2 of 20 done").waitFor();
  const said = await query("select label, note from annotations where label in ('good', 'bad') order by label");
  expect(said).toEqual([
    { label: "bad", note: "promised what it did not do" },
    { label: "good", note: "" }
  ]);
  expect(await query("select count(*)::integer as n from queue_items where state = 'done'")).toEqual([{ n: 2 }]);
  await page.goto(`${workbench.address}/datasets`);
  await page.getByRole("link", { name: "The left" }).click();
  await page.getByRole("button", { name: "Next version" }).click();
  await page.getByText(/^Version 2 has/).waitFor();
  expect(await listViolations(page, "main")).toEqual([]);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "JSONL" }).click()]);
  expect(file.suggestedFilename()).toBe("the-left-v2.jsonl");
});

test("a scorer drafted from a cluster opens in the editor, runs, and tells the cluster apart", async () => {
  await page.goto(`${workbench.address}/maps`);
  await page.getByRole("link", { name: "Complaints" }).click();
  await page.getByRole("button", { name: "Actions for cluster 1", exact: true }).click();
  await page.getByRole("button", { name: "Draft scorer" }).click();
  await page.waitForURL(/\/workbooks\/scorer-/);
  await page.getByText("Traces that were picked, a scorer drafted").waitFor();
  const slug = new URL(page.url()).pathname.split("/").at(-1)!;
  // The command ends with another code where a check does not hold.
  const said = await workbench.tracebook("run", slug, "--json", `${workbench.dataFolder}/drafted.json`);
  expect(said).toBeDefined();
  const checks = await query(
    `select checks::integer as checks, checks_failed::integer as failed, outcome from runs where workbook = '${slug}'`
  );
  expect(checks).toEqual([{ checks: 2, failed: 0, outcome: "passed" }]);
});

test("a lasso on the map cell of a workbook is opened as a cohort of its own", async () => {
  await page.goto(`${workbench.address}/workbooks/${await workbench.addWorkbook("Topics", mapCells)}`);
  await page.getByRole("button", { name: "Run topics" }).click();
  await page.getByRole("application", { name: /^Map of/ }).waitFor({ timeout: 60_000 });
  await draw(page);
  const picked = Number.parseInt((await page.getByTestId("picked").textContent())!.replaceAll(",", ""), 10);
  await page.getByRole("button", { name: "Open as cohort" }).click();
  await page.waitForURL(/\/workbooks\/cohort-/);
  const slug = new URL(page.url()).pathname.split("/").at(-1)!;
  await page.getByRole("button", { name: "Run all" }).click();
  await page
    .getByText(`${picked.toLocaleString("en-US")} rows`)
    .first()
    .waitFor({ timeout: 60_000 });
  expect(slug).toMatch(/^cohort-part-of-topics/);
});

test("two people judge one queue at once and blind, and what they disagree on is decided by a third", async () => {
  const { address } = workbench;
  const headers = { origin: address };
  const post = async (who: Page, path: string, data: unknown) => {
    const reply = await who.request.post(address + path, { headers, data });
    expect(reply.ok(), await reply.text()).toBe(true);
    return (await reply.json()) as Readonly<Record<string, unknown>>;
  };
  await post(page, "/api/set-up", { email: "lead@example.com", name: "Lead", password: "the password of the lead" });
  const [map] = await workbench.query<{ readonly map_id: string }>("select map_id from maps");
  const selection = { kind: "cluster", mapId: map!.map_id, clusterId: 0 };
  const label = (name: string, hotkey: string) => ({ name, meaning: "", hotkey });
  const tone = { name: "Tone", meaning: "1 rude, 5 kind", hotkey: "t", low: 1, high: 5 };
  const { queueId } = await post(page, "/api/queues", {
    ...{ title: "Judged by two", selection, reviewing: { reviewsPerItem: 2, isBlind: true } },
    rule: { count: 2, by: { kind: "unit" }, spread: "equal", seed: 1 },
    rubric: {
      ...{ labels: [label("good", "1"), label("bad", "2")], scales: [tone], fields: [] },
      ...{ needsJustification: false, hasFreeText: true }
    }
  });
  const review = `${address}/queues/${String(queueId)}/review`;
  const enter = async (name: string) => {
    const who = await workbench.newPage();
    const email = `${name}@example.com`;
    const memberships = [{ businessUnit: "support", role: "expert" }];
    const { link } = await post(page, "/api/invitations", { email, memberships });
    const token = String(link).split("/").at(-1)!;
    await post(who, "/api/invitations/accept", { token, name, password: `the password of ${name}` });
    await who.goto(review);
    await who.getByRole("button", { name: "Submit" }).waitFor();
    return who;
  };
  const [ann, bob] = await Promise.all([enter("ann"), enter("bob")]);
  const judge = async (who: Page, key: string, done: string) => {
    await who.keyboard.press(key);
    await who.keyboard.press("t");
    await who.keyboard.press("4");
    await who.keyboard.press("Control+Enter");
    await who.getByText(done).waitFor();
  };
  // Ann is through before Bob has said a word of the second, and he learns nothing of it.
  await Promise.all([judge(ann, "1", "Kept: good."), judge(bob, "1", "Kept: good.")]);
  await judge(ann, "1", "Nothing waits for you in this queue.");
  await bob.reload();
  await bob.getByText("what others said is told once all have judged").waitFor();
  expect(await bob.getByRole("region", { name: "What others said" }).count()).toBe(0);
  expect(await bob.getByText(/alpha/).count()).toBe(0);
  await judge(bob, "2", "Nothing waits for you in this queue.");
  await bob.goto(`${address}/queues/${String(queueId)}`);
  await bob.getByRole("table", { name: "Agreement" }).waitFor();
  await bob.getByRole("cell", { name: "ann and bob" }).waitFor();

  await page.goto(`${address}/queues/${String(queueId)}`);
  await page.getByRole("table", { name: "Confusion" }).waitFor();
  expect(await listViolations(page, "main")).toEqual([]);
  await page.getByRole("link", { name: "Adjudicate 1" }).click();
  await page.getByRole("region", { name: "Judgements" }).waitFor();
  expect(await listViolations(page, "main")).toEqual([]);
  await page.keyboard.press("2");
  await page.keyboard.press("c");
  await page.keyboard.type("it promised what it could not do");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Nothing is contested.").waitFor();
  const decided = await query("select label, note, user_id from annotations where source = 'adjudication'");
  expect(decided).toEqual([{ label: "bad", note: "it promised what it could not do", user_id: "owner" }]);
  const [contested] = await query("select trace_id from annotations where source = 'adjudication'");
  await bob.goto(`${address}/traces/${String(contested?.["trace_id"])}`);
  await bob.getByRole("listitem").filter({ hasText: "good" }).getByText("ann", { exact: true }).waitFor();
});

test("reviewers of a queue are chosen by their names, by keys alone", async () => {
  await page.goto(`${workbench.address}/maps`);
  await page.getByRole("link", { name: "Complaints" }).click();
  await page.getByRole("button", { name: "Actions for cluster 1", exact: true }).click();
  const chosen = page.getByRole("region", { name: /^What to do with/ });
  await chosen.getByRole("button", { name: "Queue", exact: true }).click();
  const box = chosen.getByLabel("Reviewers");
  await box.focus();
  await page.keyboard.type("nobody");
  await page.keyboard.press("Enter");
  await expect.poll(() => box.getAttribute("aria-invalid")).toBe("true");
  await box.fill("an");
  await page.keyboard.press("Enter");
  await chosen.getByRole("button", { name: "Without ann" }).waitFor();
  expect(await listViolations(page, ".selection")).toEqual([]);
  await page.keyboard.press("Backspace");
  await expect.poll(() => chosen.getByRole("button", { name: "Without ann" }).count()).toBe(0);
});

test("the pages have no complaint", () => {
  expect(workbench.complaints).toEqual([]);
});
