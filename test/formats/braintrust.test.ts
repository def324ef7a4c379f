import { expect, test } from "vitest";
import { isBraintrustSpan, parseBraintrustSpan } from "#lib/formats/braintrust.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const rootId = "6f1b2c3d-0000-4000-8000-000000000001";
const at = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;

const row = (given: object = {}) => ({
  id: "row-1",
  _xact_id: "1000",
  project_id: "p1",
  created: "2026-11-20T09:00:00Z",
  span_id: rootId,
  root_span_id: rootId,
  span_parents: null,
  is_root: true,
  span_attributes: { name: "answer", type: "llm" },
  input: [{ role: "user", content: "hello" }],
  output: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "bye" } }],
  ...given
});

test("a model's row fills the columns of a model's span", () => {
  const { spans, losses } = parseBraintrustSpan(
    row({
      metrics: {
        start: 1_795_165_200.25,
        end: 1_795_165_201.5,
        prompt_tokens: 12,
        completion_tokens: 5,
        tokens: 17,
        prompt_cached_tokens: 4,
        prompt_cache_creation_tokens: 1,
        completion_reasoning_tokens: 2,
        estimated_cost: 0.25,
        time_to_first_token: 0.5,
        retries: 3
      },
      metadata: {
        model: "large",
        provider: "openai",
        session_id: "s1",
        user_id: "u1",
        agent: "refunds",
        tools: [{ name: "find" }]
      },
      expected: "bye",
      tags: ["blue"]
    }),
    context
  );
  expect(spans).toEqual([
    expect.objectContaining({
      traceId: rootId.replaceAll("-", ""),
      sourceSpanId: rootId,
      parentSpanId: null,
      name: "answer",
      kind: "llm",
      startNs: 1_795_165_200_250_000_000n,
      endNs: 1_795_165_201_500_000_000n,
      status: "unset",
      input: [{ role: "user", parts: [{ type: "text", content: "hello" }] }],
      output: [{ role: "assistant", finish_reason: "stop", parts: [{ type: "text", content: "bye" }] }],
      inputTokens: 12,
      outputTokens: 5,
      cacheReadTokens: 4,
      cacheWriteTokens: 1,
      reasoningTokens: 2,
      costUsd: 0.25,
      ttftSeconds: 0.5,
      model: "large",
      provider: "openai",
      sessionId: "s1",
      userId: "u1",
      agent: "refunds",
      toolDefinitions: [{ name: "find" }],
      attributes: {
        "braintrust.id": "row-1",
        "braintrust.expected": "bye",
        "braintrust.tags": ["blue"],
        "braintrust.metrics.retries": 3
      },
      source: "braintrust",
      sourceProject: "p1"
    })
  ]);
  expect(losses).toEqual([
    { field: "_xact_id", fate: "dropped", count: 1 },
    { field: "metrics.tokens", fate: "dropped", count: 1 },
    { field: "metrics.retries", fate: "attribute", count: 1 },
    { field: "expected", fate: "attribute", count: 1 },
    { field: "tags", fate: "attribute", count: 1 },
    { field: "id", fate: "attribute", count: 1 }
  ]);
});

test("scores come along: of the root for the whole trace, of a step for the step", () => {
  const ofRoot = parseBraintrustSpan(row({ scores: { correct: 1, tone: 0.5, unknown: null, stars: 4 } }), context);
  expect(ofRoot.scores.map(({ scorer, spanId, source, score }) => [scorer, spanId, source, score.kind])).toEqual([
    ["correct", null, "import", "scored"],
    ["tone", null, "import", "scored"],
    ["stars", null, "import", "unscored"]
  ]);
  expect(ofRoot.scores[2]).toMatchObject({
    day: "2026-11-20",
    score: { reason: "the value 4 is not within 0 and 1" },
    detail: { value: 4 }
  });
  const ofStep = parseBraintrustSpan(
    row({ span_id: "b7ad6b7169203331", is_root: false, span_parents: [rootId], scores: { correct: 0 } }),
    context
  );
  expect(ofStep.scores[0]!.spanId).toBe("b7ad6b7169203331");
  expect(ofStep.spans[0]).toMatchObject({ sourceSpanId: null, parentSpanId: expect.stringMatching(/^[0-9a-f]{16}$/) });
});

test("a tool is named by its row, a failure told by its error, in words or as an object", () => {
  const [tool] = parseBraintrustSpan(
    row({ span_attributes: { name: "find", type: "tool" }, input: { id: 7 }, output: "none", error: "no access" }),
    context
  ).spans;
  expect(tool).toMatchObject({
    kind: "tool",
    toolName: "find",
    toolArgs: { id: 7 },
    toolResult: "none",
    status: "error",
    statusMessage: "no access"
  });
  expect(parseBraintrustSpan(row({ error: { code: 4 } }), context).spans[0]!.statusMessage).toBe('{"code":4}');
  expect(parseBraintrustSpan(row({ error: {} }), context).spans[0]!.status).toBe("unset");
});

test("without a start the time of the row's making stands for it; without either there is no span", () => {
  expect(parseBraintrustSpan(row(), context).spans[0]).toMatchObject({ startNs: at, endNs: at });
  expect(parseBraintrustSpan(row({ metrics: { start: 1e300 }, scores: { ok: 1 } }), context).scores[0]!.day).toBe(
    "2026-11-20"
  );
  expect(parseBraintrustSpan(row({ created: null }), context).rejected).toEqual([
    `the span "answer" (${rootId}) has neither metrics.start nor created`
  ]);
  expect([row(), { span_id: "a" }].map(isBraintrustSpan)).toEqual([true, false]);
});

test("a row of a table of texts means the same, and comments are what people said", () => {
  const row = {
    id: "row-1",
    span_id: "a-2",
    root_span_id: "a-1",
    span_parents: '["a-1"]',
    span_attributes: '{"name":"find","type":"tool"}',
    metrics: '{"start":1795165200.25,"end":1795165201.5}',
    scores: '{"exact":1}',
    comments:
      '[{"id":"c1","comment":{"text":"too slow"},"user":{"email":"ada"},"created":"2026-11-20T10:00:00Z"},{"id":"c2"}]'
  };
  const { spans, scores, annotations, losses } = parseBraintrustSpan(row, context);
  expect(spans).toMatchObject([{ name: "find", kind: "tool", startNs: 1_795_165_200_250_000_000n }]);
  expect(spans[0]!.parentSpanId).not.toBeNull();
  expect(scores).toMatchObject([{ scorer: "exact", detail: { format: "braintrust" } }]);
  expect(annotations).toMatchObject([
    { label: "comment", note: "too slow", rater: "ada", key: "c1", source: "braintrust", spanId: spans[0]!.spanId }
  ]);
  expect(losses).toEqual([
    { field: "id", fate: "attribute", count: 1 },
    { field: "comments without a text", fate: "dropped", count: 1 }
  ]);
});
