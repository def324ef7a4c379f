import { afterAll, beforeAll, expect, test } from "vitest";
import { parseSessionsAsked, parseThreadAsked } from "#lib/wire/sessions.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

let fixture: LakeFixture;
let browser: TraceBrowser;
const scope = scopeOf(["legal", "support"]);
const noon = BigInt(Date.UTC(2026, 10, 20, 12)) * 1_000_000n;
const second = 1_000_000_000n;
const user = (content: string) => ({ role: "user", parts: [{ type: "text", content }] });

const turn = (name: string, sessionId: string, at: number, more: object = {}) => {
  const startNs = noon + BigInt(at) * 60n * second;
  return makeSpan({
    traceId: name,
    spanId: "root",
    kind: "agent",
    sessionId,
    agent: "refunds",
    input: [user(`question ${name}`)],
    outputText: `answer ${name}`,
    costUsd: 0.5,
    startNs,
    endNs: startNs + 20n * second,
    ...more
  });
};

beforeAll(async () => {
  fixture = await openLakeFixture();
  browser = new TraceBrowser({
    lake: fixture.lake,
    annotations: fixture.state.annotations,
    people: fixture.state.people
  });
  await fixture.lake.append(scope, {
    spans: [
      turn("a", "talk/1", 0),
      turn("c", "talk/1", 2, { agent: "billing", status: "error" }),
      turn("b", "talk/1", 1),
      turn("l", "talk/1", 5, { businessUnit: "legal" }),
      turn("s", "short", 1),
      turn("none", "x", 9, { sessionId: null }),
      ...Array.from({ length: 120 }, (_, at) => turn(`long ${at}`, "long", 10 + at))
    ],
    scores: [
      {
        traceId: hexId("b", 32),
        spanId: null,
        businessUnit: "support",
        day: "2026-11-20",
        scorer: "refusal",
        scorerVersion: "1",
        source: "scorer",
        score: { kind: "scored", value: 0, pass: false, label: null, reason: "refused", evidence: [] },
        durationMs: null,
        costUsd: null,
        runId: null,
        samplingProbability: 1,
        scoredAtMs: 1,
        detail: null
      }
    ]
  });
});
afterAll(async () => {
  await browser.close();
  await fixture.close();
});

const list = (query = "") => browser.sessions(scope, parseSessionsAsked(new URLSearchParams(query)));
const thread = (id: string, query = "") => browser.thread(scope, id, parseThreadAsked(new URLSearchParams(query)));

test("sessions are listed by what began last, and the same id in two units is two sessions", async () => {
  const { sessions, next } = await list();
  expect(next).toBeNull();
  expect(sessions.map(({ sessionId, businessUnit, traces }) => [sessionId, businessUnit, traces])).toEqual([
    ["long", "support", 120],
    ["talk/1", "legal", 1],
    ["talk/1", "support", 3],
    ["short", "support", 1]
  ]);
  expect(sessions[2]).toMatchObject({
    agents: ["billing", "refunds"],
    errors: 1,
    costUsd: 1.5,
    input: "question a",
    startedAtMs: Number(noon / 1_000_000n),
    endedAtMs: Number(noon / 1_000_000n) + 140_000
  });
});

test("the list is read in pages that neither repeat nor lose a session", async () => {
  const seen: string[] = [];
  let before: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list(`limit=1${before === null ? "" : `&before=${before}`}`);
    seen.push(...page.sessions.map(({ sessionId, businessUnit }) => `${businessUnit}/${sessionId}`));
    before = page.next;
  } while (before !== null);
  expect(seen).toEqual(["support/long", "legal/talk/1", "support/talk/1", "support/short"]);
  await expect(list("before=x")).rejects.toMatchObject({ code: "invalid" });
});

test("a list is narrowed to a unit and to a part of the id", async () => {
  expect((await list("unit=legal")).sessions).toHaveLength(1);
  expect((await list("words=TALK")).sessions).toHaveLength(2);
  expect((await list("words='; drop")).sessions).toEqual([]);
});

test("a thread has the traces in order with the time between, and their scores", async () => {
  const { session, turns, alsoIn } = await thread("talk/1", "unit=support");
  expect(session).toMatchObject({ traces: 3, input: "question a" });
  expect(alsoIn).toEqual(["legal"]);
  expect(turns.map(({ input, output, pauseMs }) => [input, output, pauseMs])).toEqual([
    ["question a", "answer a", null],
    ["question b", "answer b", 40_000],
    ["question c", "answer c", 40_000]
  ]);
  expect(turns[1]?.scores).toMatchObject([{ scorer: "refusal", pass: false, reason: "refused" }]);
  expect(turns[2]?.trace.status).toBe("error");
});

test("a long thread is read in parts, and opened at the part that holds a trace", async () => {
  const second = await thread("long", "from=50");
  expect(second.turns).toHaveLength(50);
  expect(second.turns[0]).toMatchObject({ input: "question long 50", pauseMs: 40_000 });
  const last = await thread("long", `trace=${hexId("long 119", 32).toUpperCase()}`);
  expect(last.from).toBe(100);
  expect(last.turns.at(-1)?.trace.traceId).toBe(hexId("long 119", 32));
  expect(last.turns).toHaveLength(20);
});

test("a session that is nowhere, or in two units, is named", async () => {
  await expect(thread("gone")).rejects.toMatchObject({ code: "missing" });
  await expect(thread("short", "unit=legal")).rejects.toMatchObject({
    code: "missing",
    hint: "It is known in support."
  });
  await expect(thread("talk/1")).rejects.toMatchObject({ code: "invalid" });
  await expect(
    browser.thread(scopeOf(["legal"]), "short", parseThreadAsked(new URLSearchParams()))
  ).rejects.toMatchObject({ code: "missing" });
});

test.each(["limit=0", "limit=201", "limit=x"])("the list of sessions refuses %s by its name", (query) => {
  expect(() => parseSessionsAsked(new URLSearchParams(query))).toThrow(/"limit" is/);
});
