import { expect, test } from "vitest";
import { isLangSmithRun, parseLangSmithRun } from "#lib/formats/langsmith.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const root = "1b64098b-4ab7-43f6-afee-992304f198d8";
const child = "809ed3a2-0172-4f4d-8a02-a64e9b7a0f8a";
const at = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;

const run = (given: object = {}) => ({
  id: child,
  trace_id: root,
  dotted_order: `20261120T090000000000Z${root}.20261120T090000000000Z${child}`,
  name: "ChatOpenAI",
  run_type: "llm",
  start_time: "2026-11-20T09:00:00.000000",
  end_time: "2026-11-20T09:00:02",
  status: "success",
  ...given
});

test("a model's run fills the columns of a model's span", () => {
  const { spans, losses } = parseLangSmithRun(
    run({
      inputs: { messages: [[{ id: ["langchain", "HumanMessage"], kwargs: { content: "hello" } }]] },
      outputs: { generations: [[{ message: { id: ["langchain", "AIMessage"], kwargs: { content: "bye" } } }]] },
      prompt_tokens: 12,
      completion_tokens: 5,
      total_tokens: 17,
      prompt_token_details: { cache_read: 4, cache_creation: 1 },
      completion_token_details: { reasoning: 2 },
      total_cost: "0.25",
      first_token_time: "2026-11-20T09:00:00.5",
      extra: {
        metadata: {
          thread_id: "s1",
          user_id: "u1",
          ls_provider: "openai",
          ls_model_name: "large",
          agent: "refunds",
          own: 1
        },
        invocation_params: { model: "large-requested", tools: [{ name: "find" }] }
      },
      session_name: "desk",
      tags: ["blue"],
      inputs_s3_urls: { ROOT: "s3://bucket/key" },
      events: [{ name: "new_token", time: "2026-11-20T09:00:01", kwargs: { token: "b" } }]
    }),
    context
  );
  expect(spans).toEqual([
    expect.objectContaining({
      traceId: root.replaceAll("-", ""),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      sourceSpanId: child,
      kind: "llm",
      startNs: at,
      endNs: at + 2_000_000_000n,
      status: "ok",
      input: [{ role: "user", parts: [{ type: "text", content: "hello" }] }],
      output: [{ role: "assistant", parts: [{ type: "text", content: "bye" }] }],
      inputTokens: 12,
      outputTokens: 5,
      cacheReadTokens: 4,
      cacheWriteTokens: 1,
      reasoningTokens: 2,
      costUsd: 0.25,
      costSource: "reported",
      ttftSeconds: 0.5,
      sessionId: "s1",
      userId: "u1",
      agent: "refunds",
      provider: "openai",
      model: "large",
      modelRequested: "large-requested",
      toolDefinitions: [{ name: "find" }],
      events: [{ name: "new_token", time: `${at + 1_000_000_000n}`, attributes: { kwargs: { token: "b" } } }],
      source: "langsmith",
      sourceProject: "desk"
    })
  ]);
  expect(spans[0]!.attributes).toMatchObject({ "langsmith.tags": ["blue"], "langsmith.extra.metadata.own": 1 });
  expect(losses).toEqual([
    { field: "dotted_order", fate: "attribute", count: 1 },
    { field: "total_tokens", fate: "dropped", count: 1 },
    { field: "extra.metadata.own", fate: "attribute", count: 1 },
    { field: "tags", fate: "attribute", count: 1 },
    { field: "inputs_s3_urls", fate: "dropped", count: 1 }
  ]);
});

test("the parent is named, or stands before the run in its order", () => {
  const [byOrder] = parseLangSmithRun(run(), context).spans;
  const [byName] = parseLangSmithRun(run({ parent_run_id: root }), context).spans;
  const [parent] = parseLangSmithRun(run({ id: root, dotted_order: `20261120T090000000000Z${root}` }), context).spans;
  expect(byOrder!.parentSpanId).toBe(parent!.spanId);
  expect(byName!.parentSpanId).toBe(parent!.spanId);
  expect(parent!.parentSpanId).toBeNull();
});

test("tools, retrievers and parsers are told by their type, and a failed run by its error", () => {
  const [tool] = parseLangSmithRun(
    run({ run_type: "tool", name: "find", inputs: { id: 7 }, outputs: { output: "none" } }),
    context
  ).spans;
  expect(tool).toMatchObject({ kind: "tool", toolName: "find", toolArgs: { id: 7 }, toolResult: { output: "none" } });
  const documents = [{ page_content: "A", metadata: { page: 3 } }];
  const [retriever] = parseLangSmithRun(run({ run_type: "retriever", outputs: { documents } }), context).spans;
  expect(retriever).toMatchObject({
    kind: "retriever",
    retrievedDocs: [{ id: null, content: "A", score: null, metadata: { page: 3 } }]
  });
  expect(parseLangSmithRun(run({ run_type: "parser" }), context).spans[0]!.kind).toBe("chain");
  expect(parseLangSmithRun(run({ run_type: "dream" }), context).spans[0]).toMatchObject({
    kind: "other",
    attributes: { "langsmith.run_type": "dream" }
  });
  expect(parseLangSmithRun(run({ error: "Timeout", status: "error" }), context).spans[0]).toMatchObject({
    status: "error",
    statusMessage: "Timeout"
  });
});

test("a start in milliseconds is taken, one that is no time is a reason", () => {
  expect(parseLangSmithRun(run({ start_time: Date.UTC(2026, 10, 20, 9) }), context).spans[0]!.startNs).toBe(at);
  for (const bad of ["soon", 1e300, -1]) {
    expect(parseLangSmithRun(run({ start_time: bad }), context).rejected).toEqual([
      `the run "ChatOpenAI" (${child}) has a start_time that is no time`
    ]);
  }
  expect([run(), { run_type: "llm" }, { id: 1, start_time: 1 }].map(isLangSmithRun)).toEqual([true, false, false]);
});

test("a row of a bulk export, where objects are texts of JSON, says the same as a run", () => {
  const texts = ["extra", "inputs", "outputs"];
  const given: Record<string, unknown> = {
    id: child,
    trace_id: root,
    name: "find",
    run_type: "retriever",
    start_time: "2026-11-20T09:00:00",
    inputs: { query: "x" },
    outputs: { documents: [{ page_content: "a page", metadata: { n: 1 } }] },
    extra: { metadata: { session_id: "s1", ls_model_name: "large" } }
  };
  const row = { ...given, ...Object.fromEntries(texts.map((name) => [name, JSON.stringify(given[name])])) };
  const [fromRun, fromRow] = [given, row].map((run) => parseLangSmithRun(run, context).spans[0]!);
  expect(fromRow).toEqual(fromRun);
  expect(fromRow).toMatchObject({ sessionId: "s1", model: "large", retrievedDocs: [{ content: "a page" }] });
});
