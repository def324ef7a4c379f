import { expect, test } from "vitest";
import { isLangfuseObservation, parseLangfuseObservation, readLangfuseTrace } from "#lib/formats/langfuse.ts";
import { langfuseCost, langfuseUsage } from "#lib/formats/langfuse-usage.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const traceId = "0af7651916cd43dd8448eb211c80319c";
const at = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;

/** As the API answers. */
const fromApi = {
  id: "b7ad6b7169203331",
  traceId,
  projectId: "p1",
  type: "GENERATION",
  name: "answer",
  startTime: "2026-11-20T09:00:00.000Z",
  endTime: "2026-11-20T09:00:02.000Z",
  completionStartTime: "2026-11-20T09:00:00.500Z",
  parentObservationId: "a1a1a1a1a1a1a1a1",
  level: "DEFAULT",
  model: "large",
  modelParameters: { temperature: 0 },
  input: '"[{\\"role\\":\\"user\\",\\"content\\":\\"hello\\"}]"',
  output: '{"role":"assistant","content":"bye"}',
  usageDetails: { input: 10, input_cached_tokens: 4, output: 5, total: 19 },
  costDetails: { input: 0.25, total: 0.75 },
  promptName: "greeting",
  promptVersion: 3,
  latency: 2,
  toolCalls: [],
  metadata: JSON.stringify({
    attributes: { "gen_ai.provider.name": "openai", "gen_ai.request.model": "large" },
    resourceAttributes: { "service.name": "desk" },
    scope: { name: "lib", version: "2" },
    ticket: 7
  })
};

test("an observation of the API keeps everything, by column, by attribute or in the report", () => {
  const { spans, rejected, losses } = parseLangfuseObservation(fromApi, { sessionId: "s1", userId: "u1" }, context);
  expect(rejected).toEqual([]);
  expect(spans).toEqual([
    expect.objectContaining({
      traceId,
      spanId: "b7ad6b7169203331",
      sourceSpanId: null,
      parentSpanId: "a1a1a1a1a1a1a1a1",
      kind: "llm",
      startNs: at,
      endNs: at + 2_000_000_000n,
      ttftSeconds: 0.5,
      model: "large",
      modelRequested: "large",
      provider: "openai",
      input: [{ role: "user", parts: [{ type: "text", content: "hello" }] }],
      output: [{ role: "assistant", parts: [{ type: "text", content: "bye" }] }],
      inputTokens: 14,
      outputTokens: 5,
      cacheReadTokens: 4,
      costUsd: 0.75,
      promptName: "greeting",
      promptVersion: "3",
      sessionId: "s1",
      userId: "u1",
      serviceName: "desk",
      scopeName: "lib",
      scopeVersion: "2",
      source: "langfuse",
      sourceProject: "p1"
    })
  ]);
  expect(spans[0]!.attributes).toMatchObject({
    "langfuse.model_parameters": { temperature: 0 },
    "langfuse.observation.metadata.ticket": 7
  });
  expect(losses).toEqual([
    { field: "model_parameters", fate: "attribute", count: 1 },
    { field: "latency", fate: "dropped", count: 1 },
    { field: "metadata.ticket", fate: "attribute", count: 1 }
  ]);
});

test("a row of an export to files means the same, and ids of another shape are rewritten", () => {
  const row = {
    id: "obs-1",
    trace_id: "trace-1",
    type: "TOOL",
    name: "find",
    start_time: "2026-11-20 09:00:00.000000",
    parent_observation_id: "obs-0",
    level: "ERROR",
    status_message: "not found",
    session_id: "s1",
    input: '{"id":7}',
    output: "none"
  };
  expect(isLangfuseObservation(row)).toBe(true);
  const { spans } = parseLangfuseObservation(row, {}, context);
  expect(spans[0]).toMatchObject({
    sourceSpanId: "obs-1",
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    kind: "tool",
    startNs: at,
    endNs: at,
    status: "error",
    statusMessage: "not found",
    sessionId: "s1",
    toolArgs: { id: 7 },
    toolResult: "none"
  });
  const [parent] = parseLangfuseObservation({ ...row, id: "obs-0", parent_observation_id: null }, {}, context).spans;
  expect(spans[0]!.parentSpanId).toBe(parent!.spanId);
  expect(spans[0]!.traceId).toBe(parent!.traceId);
});

test("a row of another source, or without a start, is none", () => {
  expect(isLangfuseObservation({ traceId, type: "GENERATION" })).toBe(false);
  expect(isLangfuseObservation({ traceId, startTime: "x", type: "run" })).toBe(false);
  expect(parseLangfuseObservation({ ...fromApi, startTime: "soon" }, {}, context).rejected).toEqual([
    'the observation "answer" (b7ad6b7169203331) has no id or no start_time'
  ]);
});

test("the trace may stand beside the observations, or its fields may", () => {
  expect(readLangfuseTrace(new Map([["trace", { sessionId: "a" }]]))).toMatchObject({ sessionId: "a" });
  expect(readLangfuseTrace(new Map([["sessionId", "b"]]))).toMatchObject({ sessionId: "b" });
});

test("tokens are summed over the kinds that Langfuse tells apart", () => {
  expect(
    langfuseUsage({ input: 3, cache_read_input_tokens: 100, cache_creation_input_tokens: 20, output: "7" })
  ).toEqual({
    inputTokens: 123,
    outputTokens: 7,
    cacheReadTokens: 100,
    cacheWriteTokens: 20,
    reasoningTokens: null
  });
  expect(langfuseUsage({ prompt_tokens: 4, completion_tokens: -1, input: null })).toMatchObject({
    inputTokens: 4,
    outputTokens: null
  });
  expect(langfuseUsage(null).inputTokens).toBeNull();
});

test("cost is the total, or the sum where there is none", () => {
  expect([{ total: 2, input: 1 }, { input: 1, output: 0.5 }, {}, "x"].map((details) => langfuseCost(details))).toEqual([
    2,
    1.5,
    null,
    null
  ]);
});
