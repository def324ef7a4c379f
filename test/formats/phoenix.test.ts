import { expect, test } from "vitest";
import { isPhoenixSpan, parsePhoenixSpan } from "#lib/formats/phoenix.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const at = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;

const times = { start_time: "2026-11-20T09:00:00+00:00", end_time: "2026-11-20T09:00:01+00:00" };
const expected = {
  traceId,
  spanId,
  parentSpanId: "a1a1a1a1a1a1a1a1",
  kind: "llm",
  name: "answer",
  startNs: at,
  endNs: at + 1_000_000_000n,
  status: "error",
  statusMessage: "too slow",
  model: "large",
  inputTokens: 12,
  input: [{ role: "user", parts: [{ type: "text", content: "hello" }] }],
  attributes: { metadata: { ticket: 7 }, "tag.tags": ["blue"] },
  source: "phoenix"
};
const common = {
  name: "answer",
  span_kind: "LLM",
  parent_id: "a1a1a1a1a1a1a1a1",
  status_code: "ERROR",
  status_message: "too slow",
  ...times
};

test("attributes are read as a tree, as the API has them", () => {
  const span = {
    ...common,
    context: { trace_id: traceId, span_id: spanId },
    attributes: {
      llm: {
        model_name: "large",
        token_count: { prompt: 12 },
        input_messages: [{ message: { role: "user", content: "hello" } }]
      },
      metadata: { ticket: 7 },
      tag: { tags: ["blue"] }
    },
    events: [{ name: "exception", timestamp: "2026-11-20T09:00:00.5Z", attributes: { "exception.type": "Timeout" } }]
  };
  expect(isPhoenixSpan(span)).toBe(true);
  const { spans, losses } = parsePhoenixSpan(span, context);
  expect(spans).toEqual([
    expect.objectContaining({
      ...expected,
      errorType: "Timeout",
      events: [{ name: "exception", time: `${at + 500_000_000n}`, attributes: { "exception.type": "Timeout" } }]
    })
  ]);
  expect(losses).toEqual([]);
});

test("attributes are read as columns, as its tables have them", () => {
  const row = {
    ...common,
    "context.trace_id": traceId,
    "context.span_id": spanId,
    "attributes.llm.model_name": "large",
    "attributes.llm.token_count.prompt": 12,
    "attributes.llm.input_messages": [{ "message.role": "user", "message.content": "hello" }],
    "attributes.metadata": { ticket: 7 },
    "attributes.tag.tags": ["blue"],
    cumulative_token_count: 30,
    owner: "ann"
  };
  expect(isPhoenixSpan(row)).toBe(true);
  const { spans, losses } = parsePhoenixSpan(row, context);
  expect(spans).toEqual([
    expect.objectContaining({ ...expected, attributes: { ...expected.attributes, "phoenix.owner": "ann" } })
  ]);
  expect(losses).toEqual([
    { field: "cumulative_token_count", fate: "dropped", count: 1 },
    { field: "owner", fate: "attribute", count: 1 }
  ]);
});

test("what has no ids of a context is of another source, and a start that is no time a reason", () => {
  expect(isPhoenixSpan({ name: "x", start_time: "y", attributes: {} })).toBe(false);
  const bad = { ...common, context: { trace_id: traceId, span_id: spanId }, start_time: "soon" };
  expect(parsePhoenixSpan(bad, context).rejected).toEqual([
    `the span "answer" (${spanId}) has a start_time that is no time`
  ]);
});

test("a span as OpenTelemetry's client for Python prints it keeps its ids, status, process and links", () => {
  const printed = {
    name: "run",
    context: { trace_id: `0x${"ab".repeat(16)}`, span_id: "0x3122334455667788", trace_state: "[]" },
    kind: "SpanKind.INTERNAL",
    parent_id: "0x2122334455667788",
    start_time: "2026-11-20T09:00:00.000000Z",
    end_time: "2026-11-20T09:00:02.000000Z",
    status: { status_code: "ERROR", description: "bad" },
    attributes: { "openinference.span.kind": "AGENT" },
    events: [{ name: "exception", timestamp: "2026-11-20T09:00:01Z", attributes: { exception: { type: "E" } } }],
    links: [{ context: { trace_id: "0x1", span_id: "0x2" }, attributes: { why: "x" } }],
    resource: { attributes: { "service.name": "desk" }, schema_url: "" }
  };
  expect(isPhoenixSpan(printed)).toBe(true);
  expect(parsePhoenixSpan(printed, context).spans).toMatchObject([
    {
      traceId: "ab".repeat(16),
      spanId: "3122334455667788",
      sourceSpanId: null,
      parentSpanId: "2122334455667788",
      status: "error",
      statusMessage: "bad",
      errorType: "E",
      serviceName: "desk",
      links: [{ traceId: "0x1", spanId: "0x2", attributes: { why: "x" } }]
    }
  ]);
});

test("evaluations in columns of a row become scores of its span", () => {
  const { scores, spans, losses } = parsePhoenixSpan(
    {
      "context.span_id": "1122334455667788",
      "context.trace_id": "ab".repeat(16),
      name: "answer",
      span_kind: "LLM",
      start_time: "2026-11-20T09:00:00Z",
      "eval.Relevance.label": "relevant",
      "eval.Relevance.score": 0.5,
      "eval.Relevance.explanation": "it fits",
      "eval.Empty.score": null
    },
    context
  );
  expect(scores).toMatchObject([
    { scorer: "Relevance", spanId: "1122334455667788", score: { value: 0.5, label: "relevant", reason: "it fits" } }
  ]);
  expect([spans[0]!.attributes, losses]).toEqual([{}, []]);
});
