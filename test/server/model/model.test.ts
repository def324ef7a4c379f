import { afterEach, expect, test } from "vitest";
import { Budget } from "#lib/model/budget.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { ModelQuestion } from "#lib/ports/model.ts";
import type { KeptAnswer, ModelAnswers } from "#lib/ports/model-answers.ts";
import { type ModelSettings, openModel } from "#lib/server/model/model.ts";
import { openEndpoint, type Reply, soon, type TestEndpoint } from "./endpoint.ts";

const scope: Scope = { userId: "owner", roles: ["scientist"], businessUnits: ["sales", "support"] };
const never = new AbortController().signal;
const unbounded = () => new Budget({ usd: null, tokens: null });

const question: ModelQuestion = {
  businessUnit: "support",
  system: "Name it.",
  user: "a text",
  form: "title",
  schema: {
    type: "object",
    properties: { title: { type: "string" } },
    required: ["title"],
    additionalProperties: false
  },
  maxTokens: 50
};
const said: Reply = { kind: "say", content: '{"title": "Refunds"}' };
const refuse = (message: string, param: string | null = null): Reply => ({
  kind: "status",
  status: 400,
  error: { message, param, type: "invalid_request_error" }
});

const opened: TestEndpoint[] = [];
afterEach(() => {
  for (const endpoint of opened.splice(0)) endpoint.close();
});

/** Answers in memory. */
function openAnswers(): ModelAnswers {
  const kept = new Map<string, KeptAnswer>();
  return {
    find: async (_scope, unit, hash) => kept.get(`${unit} ${hash}`),
    keep: async (_scope, unit, hash, answer) => void kept.set(`${unit} ${hash}`, answer)
  };
}

/** A model over an endpoint that does what is listed, and the last of it again and again. */
async function open(replies: readonly Reply[], settings: Partial<ModelSettings> = {}, answers = openAnswers()) {
  const endpoint = await openEndpoint((_, at) => replies[Math.min(at, replies.length - 1)]!);
  opened.push(endpoint);
  const model = openModel(
    {
      baseUrl: endpoint.url,
      apiKey: "sk-secret",
      modelId: "small",
      price: { inputUsd: 1, outputUsd: 10 },
      ...settings
    },
    answers
  );
  return { endpoint, model, ask: (budget = unbounded()) => model.ask(scope, question, budget, never) };
}

test("an answer comes as a value of the form, with its tokens, its cost and who gave it", async () => {
  const { endpoint, ask } = await open([said]);
  const budget = unbounded();
  expect(await ask(budget)).toEqual({
    kind: "answered",
    value: { title: "Refunds" },
    modelId: "small-2026-05-01",
    spent: { inputTokens: 100, outputTokens: 20, costUsd: 0.0003 },
    isCached: false
  });
  expect(budget.spent.costUsd).toBeCloseTo(0.0003);
  expect(endpoint.keys).toEqual(["Bearer sk-secret"]);
  expect(endpoint.asked).toMatchObject([
    {
      model: "small",
      temperature: 0,
      seed: 7,
      max_tokens: 50,
      messages: [
        { role: "system", content: "Name it." },
        { role: "user", content: "a text" }
      ],
      response_format: { type: "json_schema", json_schema: { name: "title", strict: true, schema: question.schema } }
    }
  ]);
});

test("an endpoint without a key is sent none", async () => {
  const { endpoint, ask } = await open([said], { apiKey: null });
  expect(await ask()).toMatchObject({ kind: "answered" });
  expect(endpoint.keys).toEqual([undefined]);
});

test("the same question costs once, also when it is asked twice at a time, and another unit's is another", async () => {
  const { endpoint, model } = await open([{ kind: "wait", content: '{"title": "Refunds"}' }, said]);
  const asks = [1, 2].map(() => model.ask(scope, question, unbounded(), never));
  await expect.poll(() => endpoint.asked.length).toBe(1);
  endpoint.release();
  const answers = await Promise.all(asks);
  expect(answers.map((answer) => answer.kind === "answered" && answer.isCached)).toEqual([false, true]);
  expect(answers[1]!.spent).toEqual({ inputTokens: 0, outputTokens: 0, costUsd: 0 });
  expect(endpoint.asked).toHaveLength(1);
  const stop = new AbortController();
  const other = { ...question, user: "another" };
  const [first, second] = [
    model.ask(scope, other, unbounded(), never),
    model.ask(scope, other, unbounded(), stop.signal)
  ];
  stop.abort(new Error("enough"));
  await expect(second).rejects.toThrow("enough");
  await first;
  expect(endpoint.asked).toHaveLength(2);
  await model.ask(scope, { ...question, businessUnit: "sales" }, unbounded(), never);
  await model.ask(scope, { ...question, maxTokens: 51 }, unbounded(), never);
  expect(endpoint.asked).toHaveLength(4);
  await expect(model.ask(scope, { ...question, businessUnit: "legal" }, unbounded(), never)).rejects.toMatchObject({
    code: "denied"
  });
});

test("an endpoint that takes neither schemas nor temperature is asked as it takes it, at once the next time", async () => {
  const endpoint = await openEndpoint((asked) => {
    if (asked.temperature !== undefined)
      return refuse("Unsupported value: 'temperature' does not support 0", "temperature");
    if (asked.max_tokens !== undefined)
      return refuse("Use 'max_completion_tokens' instead of 'max_tokens'.", "max_tokens");
    if (asked.response_format !== undefined) return refuse("Unrecognized request argument supplied");
    return { kind: "say", content: 'Sure:\n```json\n{"title": "{Refunds}"}\n```\nAnything else?' };
  });
  opened.push(endpoint);
  const model = openModel({ baseUrl: endpoint.url, apiKey: null, modelId: "old", price: null }, openAnswers());
  const ask = (user: string) => model.ask(scope, { ...question, user }, unbounded(), never);
  expect(await ask("one")).toMatchObject({
    kind: "answered",
    value: { title: "{Refunds}" },
    spent: { inputTokens: 100, costUsd: null }
  });
  expect(endpoint.asked.map(({ response_format }) => response_format?.type)).toEqual([
    ...["json_schema", "json_schema", "json_schema", "json_object"],
    undefined
  ]);
  expect(endpoint.asked.at(-1)!.messages[0]!.content).toContain('"additionalProperties":false');
  expect(endpoint.asked.at(-1)).toMatchObject({ max_completion_tokens: 50, seed: 7 });
  await ask("two");
  expect(endpoint.asked).toHaveLength(6);
});

test("a full or failing endpoint is asked again when it says so", async () => {
  const { endpoint, ask } = await open([
    { kind: "status", status: 429, headers: soon },
    { kind: "status", status: 503, headers: soon },
    said
  ]);
  expect(await ask()).toMatchObject({ kind: "answered" });
  expect(endpoint.asked).toHaveLength(3);
});

test.each<[string, Reply, number, { why: string; reason: RegExp }]>([
  ["is full", { kind: "status", status: 429, headers: soon }, 4, { why: "rate limited", reason: /takes no more/ }],
  ["fails", { kind: "status", status: 500, headers: soon }, 4, { why: "unreachable", reason: /status 500/ }],
  [
    "refuses the key",
    { kind: "status", status: 401, error: { message: "Incorrect API key: sk-secret" } },
    1,
    { why: "rejected", reason: /does not let OPENAI_API_KEY in/ }
  ],
  [
    "lacks the model",
    { kind: "status", status: 404 },
    1,
    { why: "rejected", reason: /does not know the model "small"/ }
  ],
  [
    "finds the text too long",
    refuse("This model's maximum context length is 8192 tokens; see sk-secret"),
    1,
    { why: "rejected", reason: /context length is 8192 tokens; see …/ }
  ],
  [
    "filters the text",
    { kind: "status", status: 400, error: { message: "The response was filtered", code: "content_filter" } },
    1,
    { why: "refused", reason: /filter/ }
  ],
  ["refuses", { kind: "say", content: null, refusal: "I cannot." }, 1, { why: "refused", reason: /the model refused/ }],
  ["breaks off", { kind: "say", content: '{"tit', finish: "length" }, 1, { why: "malformed", reason: /50 tokens/ }],
  ["sends no JSON", { kind: "raw", body: '{"choices": [' }, 1, { why: "malformed", reason: /no JSON/ }],
  ["sends another thing", { kind: "raw", body: "[1]" }, 1, { why: "malformed", reason: /holds no answer/ }],
  ["sends too much", { kind: "huge", bytes: 3 * 2 ** 20 }, 1, { why: "malformed", reason: /larger than 1,048,576/ }],
  ["answers in prose", { kind: "say", content: "It is about refunds." }, 2, { why: "malformed", reason: /not JSON/ }],
  ["leaves a field out", { kind: "say", content: "{}" }, 2, { why: "malformed", reason: /title/ }],
  [
    "adds a field",
    { kind: "say", content: '{"title": "a", "command": "rm"}' },
    2,
    { why: "malformed", reason: /command/ }
  ],
  ["answers twice", { kind: "say", content: '{"title":"a"} {"title":"b"}' }, 2, { why: "malformed", reason: /2 JSON/ }]
])("an endpoint that %s gives a failure that says so", async (_, reply, requests, { why, reason }) => {
  const { endpoint, ask } = await open([reply]);
  const answer = await ask();
  expect(answer).toMatchObject({ kind: "failed", why, reason: expect.stringMatching(reason) });
  expect(JSON.stringify(answer)).not.toContain("sk-secret");
  expect(endpoint.asked).toHaveLength(requests);
  // A failure is not remembered as an answer.
  await ask();
  expect(endpoint.asked.length).toBeGreaterThan(requests);
});

test("an answer that drips in is ended, and one that breaks off is a failure", async () => {
  const drip = await open([{ kind: "drip" }], { timeoutMs: 60, maxRetries: 0 });
  expect(await drip.ask()).toMatchObject({
    kind: "failed",
    why: "timed out",
    reason: expect.stringContaining("0.06 s")
  });
  const impatient = await open([{ kind: "drip" }], { timeoutMs: 10_000, patienceMs: 60 });
  expect(await impatient.ask()).toMatchObject({ kind: "failed", why: "timed out" });
  const reset = await open([{ kind: "reset" }], { maxRetries: 0 });
  expect(await reset.ask()).toMatchObject({ kind: "failed", why: "unreachable" });
  reset.endpoint.close();
  expect(await reset.ask()).toMatchObject({ why: "unreachable", reason: expect.stringContaining("ECONNREFUSED") });
});

test("prose is sent back once, and the second answer counts; both are paid", async () => {
  const { endpoint, ask } = await open([{ kind: "say", content: "It is about refunds." }, said]);
  expect(await ask()).toMatchObject({ kind: "answered", spent: { inputTokens: 200, outputTokens: 40 } });
  expect(endpoint.asked[1]!.messages.slice(2)).toEqual([
    { role: "assistant", content: "It is about refunds." },
    { role: "user", content: expect.stringContaining("the answer is not JSON") }
  ]);
});

test("a budget stops before it is overstepped, and what is cached is free", async () => {
  const { endpoint, model } = await open([said]);
  // One question is reckoned at about 50 tokens in and 50 out, and costs 0.0003 dollars.
  const budget = new Budget({ usd: 0.0012, tokens: null });
  const ask = (user: string) => model.ask(scope, { ...question, user }, budget, never);
  const answers = [];
  for (const user of ["a", "b", "c", "d", "e"]) answers.push(await ask(user));
  expect(answers.map(({ kind }) => kind)).toEqual(["answered", "answered", "answered", "failed", "failed"]);
  expect(answers[3]).toMatchObject({ why: "over budget", reason: expect.stringContaining("US$ 0.0012") });
  expect(budget.spent.costUsd).toBeLessThanOrEqual(0.0012);
  expect(endpoint.asked).toHaveLength(3);
  expect(await ask("a")).toMatchObject({ kind: "answered", isCached: true });
  const tokens = new Budget({ usd: null, tokens: 10 });
  expect(await model.ask(scope, { ...question, user: "f" }, tokens, never)).toMatchObject({ why: "over budget" });
});

test("a budget in dollars refuses a model whose price nobody said", async () => {
  const { endpoint, ask } = await open([said], { price: null });
  expect(await ask(new Budget({ usd: 5, tokens: null }))).toMatchObject({
    why: "over budget",
    reason: expect.stringContaining("TRACEBOOK_MODEL_PRICE")
  });
  expect(endpoint.asked).toEqual([]);
});

test("questions under way at once are bounded, and one that is stopped leaves its place", async () => {
  const { endpoint, model } = await open([{ kind: "wait", content: '{"title": "Refunds"}' }], { atOnce: 2 });
  const stop = new AbortController();
  const budget = unbounded();
  const ask = (user: string, signal = never) => model.ask(scope, { ...question, user }, budget, signal);
  const stopped = [ask("a", stop.signal), ask("b", stop.signal), ask("c", stop.signal)];
  const later = ask("d");
  await expect.poll(() => endpoint.asked.length).toBe(2);
  stop.abort(new Error("enough"));
  for (const one of stopped) await expect(one).rejects.toThrow("enough");
  await expect.poll(() => endpoint.asked.length).toBe(3);
  endpoint.release();
  expect(await later).toMatchObject({ kind: "answered" });
  expect(endpoint.mostAtOnce()).toBeLessThanOrEqual(2);
  // Those that were broken off had been sent.
  expect(budget.spent.inputTokens).toBeGreaterThan(100);
});
