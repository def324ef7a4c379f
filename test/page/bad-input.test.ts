import { readdir, writeFile } from "node:fs/promises";
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

const cell = (name: string) => page.locator(`[data-cell="${name}"]`);
const fence = (info: string, body: string) => `\`\`\`${info}\n${body}\n\`\`\`\n`;

/** Makes a workbook of these cells, opens it and runs all of it. */
async function openAndRun(title: string, ...cells: readonly string[]): Promise<void> {
  const slug = await workbench.addWorkbook(title, cells.join("\n"));
  await page.goto(`${workbench.address}/workbooks/${slug}`);
  await page.locator("[data-cell]").first().waitFor();
  await page.getByRole("button", { name: "Run all" }).click();
  await page.getByTestId("outcome").waitFor({ timeout: 90_000 });
}

/** Longest time that the page let its user wait while `work` went on, ms. */
async function longestWait(work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const seen = { last: performance.now(), longest: 0, ends: false };
    Object.assign(globalThis, { seen });
    const tick = () => {
      seen.longest = Math.max(seen.longest, performance.now() - seen.last);
      seen.last = performance.now();
      if (!seen.ends) setTimeout(tick, 0);
    };
    tick();
  });
  await work();
  return page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: { longest: number; ends: boolean } };
    seen.ends = true;
    return seen.longest;
  });
}

test("an answer of 50 MB is shown in a window, and the page stays quick", async () => {
  await page.goto(workbench.address);
  await openAndRun(
    "Large",
    fence("sql large", "select i, repeat('x', 1000000) as long from range(50) t(i)"),
    fence("sql small", "select 42 as answer")
  );
  await cell("large").getByText("50 rows").first().waitFor();
  await cell("large").getByRole("gridcell").nth(1).getByText("xxx").waitFor();
  const waited = await longestWait(async () => {
    await cell("large").getByRole("grid").first().hover();
    await page.mouse.wheel(0, 900);
    await cell("large").getByText("49", { exact: true }).first().waitFor();
    await cell("small").getByText("42", { exact: true }).first().waitFor();
  });
  expect(waited).toBeLessThan(1500);
  const drawn = await cell("large").evaluate((box) => box.textContent?.length ?? 0);
  expect(drawn).toBeLessThan(200_000);
});

test("of texts of ten megabytes the beginnings come with the rows, and a long piece when one is opened", async () => {
  await openAndRun(
    "Long values",
    fence("sql long", "select i, repeat('abcdefghij', 1000000) as t from range(5) r(i)"),
    fence("sql small", "select 42 as answer")
  );
  await cell("long").getByRole("button", { name: "10,000 k" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Value in full" });
  await dialog.getByText("Value · 10,000,000 characters").waitFor();
  await dialog.getByText("These are its first 1,000,000 characters").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await cell("small").getByText("42", { exact: true }).first().waitFor();
});

test("an unknown column is named, and the nearest is suggested", async () => {
  await openAndRun("Column", fence("sql odd", "select agnt from traces"), fence("sql even", "select 2 as two"));
  const alert = cell("odd").getByRole("alert");
  await alert
    .getByText(/Referenced column "agnt" not found/)
    .first()
    .waitFor();
  await alert.getByText('Did you mean "agent"?').waitFor();
  await cell("even").getByText("1 row").first().waitFor();
});

test("text of every script is shown unharmed", async () => {
  const texts = [
    "مرحبا بالعالم",
    "日本語の文章",
    "Ελληνικά",
    "हिन्दी",
    "🦜👩‍👩‍👧‍👦",
    "e\u0301 and é",
    '<b>not bold</b> & "quoted"'
  ];
  const rows = texts.map((text, index) => `select ${index} as i, '${text.replaceAll("'", "''")}' as words`);
  await openAndRun("Scripts", fence("sql scripts", rows.join("\nunion all ")), `# ${texts.slice(0, 5).join(" · ")}\n`);
  for (const text of texts) await cell("scripts").getByRole("gridcell").getByText(text, { exact: true }).waitFor();
  await page.getByRole("heading", { name: texts.slice(0, 5).join(" · ") }).waitFor();
});

test("a scorer that throws, loops or returns nonsense says so in its cell, and the rest goes on", async () => {
  const scorer = (name: string, body: string) =>
    fence(
      `ts scorer ${name}`,
      `import { pass, scorer } from "tracebook";\nexport default scorer({ score: (trace) => { ${body} } });`
    );
  // One trace is enough to loop on: each costs its whole time.
  const score = (name: string) =>
    fence(`yaml score ${name}_scores`, `traces: ${name === "loops" ? "one" : "few"}\nscorer: ${name}`);
  const bodies = {
    throws: 'throw new Error("no luck");',
    loops: 'for (;;) { if (trace.output === "\\u0000") return pass(); }',
    nonsense: 'return "fine" as never;',
    holds: "return pass();"
  };
  await openAndRun(
    "Scorers",
    fence("sql few", "select trace_id from traces order by trace_id limit 3"),
    fence("sql one", "select trace_id from few limit 1"),
    ...Object.entries(bodies).flatMap(([name, body]) => [scorer(name, body), score(name)])
  );
  await cell("throws_scores")
    .getByText(/3 traces could not be scored; the first: .*no luck/)
    .waitFor();
  await cell("nonsense_scores")
    .getByText(/3 traces could not be scored; the first: /)
    .waitFor();
  await cell("loops_scores")
    .getByText(/could not be scored; the first: |took longer|time/)
    .first()
    .waitFor();
  await cell("holds_scores")
    .getByTestId("summary")
    .getByText(/100 % \[\d+, 100\] n = 3/)
    .waitFor();
});

test("an unreadable file of the lake is named with what to do, and cells that do not need it go on", async () => {
  const folder = `${workbench.dataFolder}/lake/spans/business_unit=legal`;
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".parquet"));
  await writeFile(`${folder}/${files[0]!}`, "this is no Parquet");
  await openAndRun(
    "Damage",
    fence(
      "sql legal",
      "select count(*) as n, max(length(input_text)) as longest from spans where business_unit = 'legal'"
    ),
    fence("sql other", "select 2 as two")
  );
  const alert = cell("legal").getByRole("alert");
  await alert
    .getByText(new RegExp(files[0]!.split("/").at(-1)!))
    .first()
    .waitFor();
  await alert.getByText(/npx tracebook lake verify/).waitFor();
  await cell("other").getByText("1 row").first().waitFor();
});

test("no page complained in its console", () => {
  expect(workbench.complaints).toEqual([]);
});

const password = "correct horse battery";

/** Types an account's e-mail and password where somebody signs in. */
async function signIn(at: Page, email: string, words: string): Promise<void> {
  await at.getByLabel("E-mail").fill(email);
  await at.getByLabel("Password", { exact: true }).fill(words);
  await at.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("the first account is made on this machine, and from then on a stranger sees the sign-in alone", async () => {
  await page.goto(workbench.address);
  await page.getByText("One local owner, no password").waitFor();
  await page.getByRole("link", { name: "Make an account" }).click();
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByText("a password needs at least 10 characters; this has 5").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByRole("link", { name: "Ada, your account" }).waitFor();
  expect(await page.getByText("One local owner").count()).toBe(0);
  const stranger = await fetch(`${workbench.address}/api/traces`);
  expect([stranger.status, await stranger.json()]).toMatchObject([401, { fault: { message: "sign in first" } }]);
  const asked = await fetch(`${workbench.address}/traces?sort=cost`, { redirect: "manual" });
  expect([asked.status, asked.headers.get("location")]).toEqual([307, "/sign-in?from=%2Ftraces%3Fsort%3Dcost"]);
  const again = await fetch(`${workbench.address}/api/set-up`, {
    method: "POST",
    body: JSON.stringify({ name: "Eve", email: "eve@example.com", password })
  });
  expect(again.status).toBe(409);
});

test("who is invited gets in once, loses a role while a page is open, and is out when signed out", async () => {
  await page.goto(`${workbench.address}/people`);
  const invite = page.getByRole("form", { name: "Invite somebody" });
  await invite.getByLabel("E-mail").fill("eve@example.com");
  await invite.getByRole("button", { name: "Add a role" }).click();
  await invite.getByLabel("Business unit").selectOption("support");
  await invite.getByRole("button", { name: "Make an invitation" }).click();
  const link = await page.getByRole("region", { name: "Invitation for eve@example.com" }).locator("pre").textContent();
  const path = new URL(link ?? "").pathname;

  const guest = await workbench.newPage();
  await guest.goto(workbench.address + path);
  await guest.getByText("becomes expert in support").waitFor();
  await guest.getByLabel("Your name").fill("Eve");
  await guest.getByLabel("Password", { exact: true }).fill(password);
  await guest.getByRole("button", { name: "Make my account" }).click();
  await guest.getByRole("link", { name: "Eve, your account" }).waitFor();
  expect(await guest.getByRole("link", { name: "People" }).count()).toBe(0);
  const late = await workbench.newPage();
  await late.goto(workbench.address + path);
  await late.getByText("this invitation does not open anything any more").waitFor();

  const traces = () => guest.request.get(`${workbench.address}/api/traces`);
  expect((await traces()).status()).toBe(200);
  await page.reload();
  await page.getByRole("button", { name: "Roles of Eve" }).click();
  await page.getByRole("table", { name: "People" }).getByLabel("Role", { exact: true }).selectOption("viewer");
  await page.getByRole("button", { name: "Save the roles of Eve" }).click();
  await page.getByText("viewer in support").waitFor();
  expect((await traces()).status()).toBe(403);

  // The cookie that was kept opens nothing once its session is over.
  const cookies = await guest.context().cookies();
  expect(cookies.find(({ name }) => name === "tracebook_session")).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  await guest.getByRole("button", { name: "Sign out" }).click();
  await guest.getByRole("heading", { name: "Sign in" }).waitFor();
  await guest.context().addCookies(cookies);
  await guest.goto(`${workbench.address}/runs`);
  await guest.getByRole("heading", { name: "Sign in" }).waitFor();
  for (let tried = 0; tried < 5; tried++) {
    await signIn(guest, "eve@example.com", "not the password");
    await guest.getByText("the e-mail address and the password do not belong together").waitFor();
    await guest.getByLabel("Password", { exact: true }).fill("");
  }
  await signIn(guest, "eve@example.com", password);
  await guest.getByText(/too many wrong passwords: the next can be tried in (30|2\d) seconds/).waitFor();
});

test("a page whose session ends meanwhile leads to the sign-in and back to where it was", async () => {
  // What the page asks by itself must be answered before: an answer of 401 leads to the sign-in, too.
  await page.goto(`${workbench.address}/runs`, { waitUntil: "networkidle" });
  await page.context().clearCookies({ name: "tracebook_session" });
  await page.getByRole("link", { name: "Queues" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await signIn(page, "ada@example.com", password);
  await page.getByRole("heading", { name: "Queues" }).first().waitFor();
  expect(new URL(page.url()).pathname).toBe("/queues");
});

test("a workbook that is shared across units shows its reader what is theirs, is talked about, and its report is published", async () => {
  const ask = async (path: string, method: string, data: unknown) => {
    const headers = { origin: workbench.address };
    const reply = await page.request.fetch(`${workbench.address}/api/${path}`, { method, data, headers });
    expect(reply.ok(), await reply.text()).toBe(true);
    return (await reply.json()) as { readonly slug: string; readonly link: string };
  };
  const cell = "```sql seen\nselect business_unit, count(*) as n from traces group by 1 order by 1\n```\n";
  const { slug } = await ask("workbooks", "POST", { title: "Whose", text: `---\ntitle: Whose\n---\n${cell}` });
  const memberships = [{ businessUnit: "legal", role: "scientist" }];
  const { link } = await ask("invitations", "POST", { email: "bo@example.com", memberships });
  const guest = await workbench.newPage();
  await guest.goto(workbench.address + new URL(link).pathname);
  await guest.getByLabel("Your name").fill("Bo");
  await guest.getByLabel("Password", { exact: true }).fill(password);
  await guest.getByRole("button", { name: "Make my account" }).click();
  await guest.getByRole("link", { name: "Bo, your account" }).waitFor();
  await guest.goto(`${workbench.address}/workbooks/${slug}`);
  await guest.getByText(`there is no workbook "${slug}"`).waitFor();

  await page.goto(`${workbench.address}/workbooks/${slug}`);
  await page.getByRole("button", { name: "Share…" }).click();
  const box = page.getByRole("dialog", { name: "Share “Whose”" });
  await box.getByLabel("E-mail address").fill("bo@example.com");
  await box.getByLabel("What they may do").selectOption("comment");
  await box.getByRole("button", { name: "Share", exact: true }).click();
  await box.getByText("Bo <bo@example.com>").waitFor();
  await box.getByRole("button", { name: "Close" }).click();

  await guest.reload();
  await guest.getByText("of Ada · you may comment").waitFor();
  await guest.getByText("read only · r1").waitFor();
  await guest.getByRole("button", { name: "Run all" }).click();
  await guest
    .getByText(/\b1 row\b/)
    .first()
    .waitFor();
  await guest.getByRole("button", { name: "Comment on seen" }).click();
  await guest.getByLabel("New comment").fill("only legal for me, @Eve?");
  await guest.getByRole("button", { name: "Comment", exact: true }).click();
  await guest.getByText('nobody called "@Eve" may see this').waitFor();
  await guest.getByLabel("New comment").fill("only legal for me, @Ada?");
  await guest.getByRole("button", { name: "Comment", exact: true }).click();
  await guest.getByText("only legal for me, @Ada?").first().waitFor();

  await page.goto(workbench.address);
  await page.getByRole("region", { name: "Mentions of you" }).getByText("only legal for me, @Ada?").waitFor();
  await page.getByRole("link", { name: "Whose · seen" }).click();
  await page.getByRole("button", { name: "Run all" }).click();
  await page
    .getByText(/\b4 rows\b/)
    .first()
    .waitFor();
  await page.goto(`${workbench.address}/runs?workbook=${slug}`);
  await page.getByRole("link", { name: "Whose" }).first().click();
  await page.getByRole("button", { name: "Publish…" }).click();
  const published = page.getByRole("dialog", { name: "Publish the report of “Whose”" });
  await published.getByLabel("E-mail address").fill("bo@example.com");
  await published.getByRole("button", { name: "Publish", exact: true }).click();
  await published.getByText("Bo <bo@example.com>").waitFor();
  const report = (who: Page) => who.request.get(`${workbench.address}/api${new URL(page.url()).pathname}/report`);
  expect(await (await report(guest)).text()).toContain("Published by Ada, ");
  await published.getByRole("button", { name: "Take it back" }).click();
  await published.getByText("It is not published.").waitFor();
  expect((await report(guest)).status()).toBe(404);
});

test("what a lead hides is masked for everybody, and who may reveal it says why, which the trail keeps", async () => {
  const enter = async (name: string, role: string) => {
    const headers = { origin: workbench.address };
    const memberships = [{ businessUnit: "legal", role }];
    const invited = await page.request.post(`${workbench.address}/api/invitations`, {
      headers,
      data: { email: `${name}@example.com`, memberships }
    });
    const { link } = (await invited.json()) as { readonly link: string };
    const who = await workbench.newPage();
    const accepted = { token: link.split("/").at(-1), name, password };
    await who.request.post(`${workbench.address}/api/invitations/accept`, { headers, data: accepted });
    return who;
  };
  const [trace] = await workbench.query<{ readonly trace_id: string; readonly input: string }>(
    "select trace_id, input from traces where business_unit = 'legal' order by length(input) desc limit 1"
  );
  const word = trace!.input.match(/[A-Za-z]{5,}/g)!.at(-1)!;
  const [lead, expert] = await Promise.all([enter("Lea", "lead"), enter("Max", "expert")]);
  await lead.goto(`${workbench.address}/units/legal/masking`);
  await lead.getByRole("button", { name: "Add an expression" }).click();
  await lead.getByLabel("Name of expression 1").fill("a word");
  await lead.getByLabel("Expression 1", { exact: true }).fill(`${word}{4000}`);
  await lead
    .getByText(/the engine does not take the expression "a word"|too much to look for/)
    .first()
    .waitFor();
  await lead.getByLabel("Expression 1", { exact: true }).fill(word);
  await lead.getByLabel("A text to try the rules on").fill(`say ${word} twice`);
  await lead.getByRole("status", { name: "As it would be shown" }).getByText("say ▮▮▮ twice").waitFor();
  await lead.getByRole("button", { name: "Save and hide" }).click();
  await lead.getByText("version 1 is in force").waitFor();
  await lead.getByRole("row", { name: /Lea a word/ }).waitFor();

  const address = `${workbench.address}/traces/${trace!.trace_id}`;
  await expert.goto(address);
  await expert.getByText("▮▮▮").first().waitFor();
  expect(await expert.locator("main").textContent()).not.toContain(word);
  expect(await expert.getByText("Reveal…").count()).toBe(0);
  const purpose = "A customer asked what we know of them.";
  const refused = await expert.request.post(`${workbench.address}/api/traces/${trace!.trace_id}/reveal`, {
    headers: { origin: workbench.address },
    data: { purpose }
  });
  expect([403, 404]).toContain(refused.status());
  expect(await refused.text()).not.toContain(word);

  await lead.goto(address);
  await lead.getByText("▮▮▮").first().waitFor();
  await lead.getByText("Reveal…").click();
  const reveal = lead.getByRole("button", { name: "Reveal", exact: true });
  await lead.getByLabel("Why do you have to see what is hidden?").fill("because");
  expect(await reveal.isDisabled()).toBe(true);
  await lead.getByLabel("Why do you have to see what is hidden?").fill(purpose);
  await reveal.click();
  await lead.getByText("revealed until you leave").waitFor();
  await lead.getByText(word).first().waitFor();
  expect(await lead.locator("main").textContent()).not.toContain("▮▮▮");
  await lead.getByRole("button", { name: "Hide again" }).click();
  await lead.getByText("▮▮▮").first().waitFor();

  await page.goto(`${workbench.address}/audit`);
  const entry = page.getByRole("row").filter({ hasText: "saw what a mask hides" }).filter({ hasText: "Lea" });
  await entry.getByRole("button").first().click();
  await page.getByText(purpose).waitFor();
});
