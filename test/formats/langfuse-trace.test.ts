import { expect, test } from "vitest";
import { DocumentReader } from "#lib/formats/document-reader.ts";
import { parseLangfuseObservation } from "#lib/formats/langfuse.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const traceId = "0af7651916cd43dd8448eb211c80319c";

function read(document: unknown) {
  const reader = new DocumentReader(context, "agent", null);
  const all = [...reader.push(JSON.stringify(document)), ...reader.end()];
  return {
    format: reader.format,
    spans: all.flatMap(({ spans }) => spans),
    scores: all.flatMap(({ scores }) => scores),
    rejected: all.flatMap(({ rejected }) => rejected),
    losses: all.flatMap(({ losses = [] }) => losses)
  };
}

const observation = (more: object = {}) => ({
  id: "b7ad6b7169203331",
  traceId,
  type: "AGENT",
  name: "desk",
  startTime: "2026-11-20T09:00:00.000Z",
  ...more
});
const trace = (more: object = {}) => ({
  id: traceId,
  name: "chat",
  timestamp: "2026-11-20T09:00:00.000Z",
  environment: "production",
  sessionId: "s1",
  userId: "u1",
  tags: ["vip"],
  metadata: { plan: "gold" },
  input: "hello",
  htmlPath: "/trace",
  totalCost: 0.5,
  observations: [observation(), observation({ id: "b7ad6b7169203332", parentObservationId: "b7ad6b7169203331" })],
  scores: [{ id: "c1", traceId, name: "good", source: "EVAL", dataType: "NUMERIC", value: 0.5 }],
  ...more
});

test("what only the trace says stands on its first observation and in the report", () => {
  const { spans, scores, rejected, losses } = read(trace());
  expect(rejected).toEqual([]);
  expect(spans).toMatchObject([
    { sessionId: "s1", userId: "u1", environment: "production", inputText: "hello" },
    { sessionId: "s1", userId: "u1", environment: "production", attributes: {} }
  ]);
  expect(spans[0]!.attributes).toMatchObject({
    "langfuse.trace.name": "chat",
    "langfuse.trace.tags": ["vip"],
    "langfuse.trace.metadata": { plan: "gold" }
  });
  expect(scores).toMatchObject([{ scorer: "good", spanId: null }]);
  expect(losses.map(({ field, fate }) => `${field} ${fate}`)).toEqual(
    expect.arrayContaining(["trace.tags attribute", "trace.metadata attribute", "trace.html_path dropped"])
  );
});

test("traces in a list keep their own sessions, and one without a session has none", () => {
  const other = { id: traceId.replace("0", "1"), sessionId: undefined, userId: undefined, scores: [] };
  const alone = trace({ ...other, observations: [observation({ traceId: other.id })] });
  for (const document of [[trace(), alone], { data: [trace(), alone], meta: { page: 1 } }])
    expect(read(document).spans.map(({ sessionId }) => sessionId)).toEqual(["s1", "s1", null]);
});

test("a trace of a list, whose observations are only named, is a span that spends nothing", () => {
  const { format, spans, rejected } = read({ data: [trace({ observations: ["b7ad6b7169203331"], scores: ["c1"] })] });
  expect([format, rejected]).toEqual(["langfuse", []]);
  expect(spans).toMatchObject([{ traceId, name: "chat", sessionId: "s1", costUsd: null, inputText: "hello" }]);
  expect(spans[0]!.attributes).toMatchObject({ "langfuse.trace.total_cost": 0.5 });
});

test("tokens and cost of older exports count, and those of another unit do not", () => {
  const parse = (more: object) => parseLangfuseObservation(observation({ type: "GENERATION", ...more }), {}, context);
  expect(parse({ usage: { input: 3, output: 4, unit: "TOKENS" }, calculatedTotalCost: 0.5 }).spans).toMatchObject([
    { inputTokens: 3, outputTokens: 4, costUsd: 0.5 }
  ]);
  expect(parse({ promptTokens: 3, completionTokens: 4, totalTokens: 7 }).spans).toMatchObject([
    { inputTokens: 3, outputTokens: 4, attributes: {} }
  ]);
  expect(parse({ usage: { input: 3, output: 4, unit: "CHARACTERS" } }).spans).toMatchObject([{ inputTokens: null }]);
  expect(
    parse({ usageDetails: { input: 9 }, usage: { input: 3, output: 4 }, promptTokens: 0, totalCost: 1 }).spans
  ).toMatchObject([{ inputTokens: 9, outputTokens: null, costUsd: 1, attributes: {} }]);
});

test("a tool is called as its observation, and a retriever's answer is its passages", () => {
  const tool = parseLangfuseObservation(observation({ type: "TOOL" }), {}, context).spans[0]!;
  expect(tool.toolName).toBe("desk");
  const found = parseLangfuseObservation(
    observation({
      type: "RETRIEVER",
      input: { query: "refunds" },
      output: [{ page_content: "five days", metadata: { source: "kb" } }]
    }),
    {},
    context
  ).spans[0]!;
  expect(found).toMatchObject({
    retrievalQuery: "refunds",
    retrievedDocs: [{ id: null, content: "five days", score: null, metadata: { source: "kb" } }]
  });
});
