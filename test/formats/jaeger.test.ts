import { expect, test } from "vitest";
import { isJaegerSpan, parseJaegerTrace } from "#lib/formats/jaeger.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const traceID = "00112233445566778899aabbccddeeff";
const span = (given: object = {}) => ({
  traceID,
  spanID: "a1",
  operationName: "chat large",
  startTime: 1_795_132_800_000_001,
  duration: 250,
  references: [],
  tags: [],
  logs: [],
  processID: "p1",
  ...given
});
const tag = (key: string, value: unknown) => ({ key, type: "string", value });
const parse = (...spans: unknown[]) =>
  parseJaegerTrace(
    { traceID, spans, processes: { p1: { serviceName: "desk", tags: [tag("deployment.environment", "staging")] } } },
    context
  );

test("tags, process, references and logs come to where OpenTelemetry has them", () => {
  const { spans, rejected } = parse(
    span({
      references: [
        { refType: "FOLLOWS_FROM", traceID: "ff", spanID: "b2" },
        { refType: "CHILD_OF", traceID, spanID: "b1" }
      ],
      tags: [
        tag("gen_ai.operation.name", "chat"),
        tag("gen_ai.usage.input_tokens", "12"),
        tag("otel.scope.name", "lib"),
        tag("otel.scope.version", "2"),
        tag("otel.status_code", "ERROR"),
        tag("otel.status_description", "too slow"),
        tag("team", "blue")
      ],
      logs: [{ timestamp: 1_795_132_800_000_002, fields: [tag("event", "retry"), tag("attempt", 2)] }]
    })
  );
  expect(rejected).toEqual([]);
  expect(spans).toEqual([
    expect.objectContaining({
      traceId: traceID,
      spanId: "00000000000000a1",
      parentSpanId: "00000000000000b1",
      kind: "llm",
      inputTokens: 12,
      startNs: 1_795_132_800_000_001_000n,
      endNs: 1_795_132_800_000_251_000n,
      status: "error",
      statusMessage: "too slow",
      scopeName: "lib",
      scopeVersion: "2",
      serviceName: "desk",
      environment: "staging",
      attributes: { team: "blue" },
      events: [{ name: "retry", time: "1795132800000002000", attributes: { attempt: 2 } }],
      links: [{ traceId: "ff", spanId: "b2", attributes: {} }],
      source: "jaeger"
    })
  ]);
});

test.each([
  [[], "unset"],
  [[tag("otel.status_code", "OK")], "ok"],
  [[tag("error", true)], "error"]
])("tags %j mean the status %s", (tags, status) => {
  expect(parse(span({ tags })).spans[0]!.status).toBe(status);
});

test("what is no span is a reason, and what cannot be carried over is counted", () => {
  const { spans, rejected, losses } = parse(
    span({ warnings: ["clock skew"], flags: 1 }),
    span({ spanID: "zz", operationName: "bad" }),
    span({ startTime: "soon" }),
    span({ startTime: 1e300 }),
    "text"
  );
  expect(spans).toHaveLength(1);
  expect(rejected).toEqual([
    'span "bad": traceID or spanID is no hex id, or all zero',
    'span "chat large" (00000000000000a1): startTime is no number of microseconds since 1970',
    'span "chat large" (00000000000000a1): startTime is no number of microseconds since 1970',
    "a span is no object"
  ]);
  expect(losses).toEqual([
    { field: "spans.warnings", fate: "dropped", count: 1 },
    { field: "spans.flags", fate: "dropped", count: 1 }
  ]);
});

test("a step that only follows another stands below it, and tags are what their types say", () => {
  const { spans } = parse(
    span({
      references: [{ refType: "FOLLOWS_FROM", traceID, spanID: "b1" }],
      startTime: "1795132800000001",
      duration: "250",
      tags: [
        { key: "retries", type: "int64", value: "12" },
        { key: "big", type: "int64", value: "9223372036854775807" },
        { key: "share", type: "float64", value: "0.5" },
        { key: "stream", type: "bool", value: "true" },
        { key: "word", type: "bool", value: "maybe" }
      ],
      process: { serviceName: "own", tags: [] }
    })
  );
  expect(spans).toMatchObject([
    { parentSpanId: "00000000000000b1", links: null, serviceName: "own", startNs: 1_795_132_800_000_001_000n }
  ]);
  expect(spans[0]!.endNs - spans[0]!.startNs).toBe(250_000n);
  expect(spans[0]!.attributes).toEqual({
    retries: 12,
    big: "9223372036854775807",
    share: 0.5,
    stream: true,
    word: "maybe"
  });
});

test("a span by itself is told by its ids, as Jaeger's stores keep it", () => {
  expect(isJaegerSpan(span())).toBe(true);
  expect(isJaegerSpan({ traceID, spanID: "a1" })).toBe(false);
  expect(parseJaegerTrace({ spans: [span()] }, context).spans).toHaveLength(1);
});
