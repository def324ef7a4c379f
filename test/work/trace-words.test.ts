import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json, Span } from "#lib/model/span.ts";
import { conversationSql, failureSql, firstTurnSql } from "#lib/work/trace-words.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

let fixture: LakeFixture;
const scope = scopeOf(["sales"]);

const say = (role: string, ...texts: string[]): Json => ({
  role,
  parts: texts.map((content) => ({ type: "text", content }))
});
const at = (second: number) => BigInt(Date.UTC(2026, 10, 3, 9, 0, second)) * 1_000_000n;
const span = (traceId: string, spanId: string, second: number, more: Partial<Span>) =>
  makeSpan({ ...more, traceId, spanId, businessUnit: "sales", startNs: at(second) });

beforeAll(async () => {
  fixture = await openLakeFixture();
  const asked = [say("system", "Be kind."), say("user", "Where is my parcel?", "It is late.")];
  const answer = say("assistant", "Which number?");
  const called: Json = { role: "assistant", parts: [{ type: "tool_call", name: "find", arguments: { n: 4 } }] };
  const spans = [
    span("chat", "root", 0, {
      kind: "agent",
      input: [asked[1]!],
      output: [say("assistant", "It comes today.")],
      inputText: "Where is my parcel?"
    }),
    span("chat", "m1", 1, { kind: "llm", input: asked, output: [answer] }),
    span("chat", "m2", 2, {
      kind: "llm",
      input: [...asked, answer, say("user", "Number 4."), called, say("tool", '{"state": "on its way"}')],
      output: [say("assistant", "It comes today.")]
    }),
    span("plain", "m", 0, {
      kind: "llm",
      input: { prompt: "x" },
      output: "done",
      inputText: "plain question",
      outputText: "plain answer"
    }),
    span("tooled", "t", 0, { kind: "tool", toolName: "find", status: "error", statusMessage: "timeout after 30 s" }),
    span("tooled", "u", 1, { kind: "agent", status: "error", statusMessage: "timeout after 30 s" }),
    span("tooled", "v", 2, { kind: "tool", status: "error", statusMessage: " ", errorType: "KeyError" }),
    span("judged", "m", 0, { kind: "llm", input: [say("system", "Only instructions.")], output: [] })
  ];
  const score = (traceId: string, scorer: string, pass: boolean, reason: string) => ({
    traceId: hexId(traceId, 32),
    spanId: null,
    businessUnit: "sales",
    day: "2026-11-03",
    scorer,
    scorerVersion: "1",
    source: "scorer" as const,
    score: { kind: "scored" as const, value: pass ? 1 : 0, pass, label: null, reason, evidence: [] },
    durationMs: 1,
    costUsd: null,
    runId: null,
    samplingProbability: 1,
    scoredAtMs: Date.UTC(2026, 10, 4),
    detail: null
  });
  const scores = [
    score("judged", "polite", false, "it was rude"),
    score("judged", "right", true, "it was right"),
    score("tooled", "right", false, "no answer")
  ];
  await fixture.lake.append(scope, { spans, scores });
});
afterAll(() => fixture.close());

async function textsOf(sql: (ids: string) => string): Promise<Readonly<Record<string, string>>> {
  const kernel = await fixture.lake.openKernel(scope);
  try {
    const rows = await kernel.rows(sql("select trace_id from traces"), {}, 100);
    const names = new Map(["chat", "plain", "tooled", "judged"].map((name) => [hexId(name, 32), name]));
    return Object.fromEntries(rows.map(({ trace_id: id, text }) => [names.get(String(id)), String(text)]));
  } finally {
    await kernel.close();
  }
}

test("the first turn is what the user says first", async () => {
  expect(await textsOf(firstTurnSql)).toEqual({
    chat: "Where is my parcel?\nIt is late.",
    plain: "plain question"
  });
});

test("a conversation is each message once, without instructions and what tools gave", async () => {
  expect(await textsOf(conversationSql)).toEqual({
    chat: "Where is my parcel?\nIt is late.\nWhich number?\nNumber 4.\nIt comes today.",
    plain: "plain question\nplain answer"
  });
});

test("a failure is what failed steps say and why scores did not pass, each once", async () => {
  expect(await textsOf(failureSql)).toEqual({
    tooled: "timeout after 30 s\nKeyError\nno answer",
    judged: "it was rude"
  });
});
