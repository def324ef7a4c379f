import { expect, test } from "vitest";
import { isOtlpResource, parseResourceSpans } from "#lib/formats/otlp.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const traceId = "0AF7651916CD43DD8448EB211C80319C";
const span = (given: Readonly<Record<string, unknown>> = {}) => ({
  traceId,
  spanId: "B7AD6B7169203331",
  name: "step",
  startTimeUnixNano: "1795132800000000001",
  endTimeUnixNano: "1795132801000000003",
  ...given
});
const attribute = (key: string, value: unknown) => ({ key, value });
const text = (key: string, stringValue: string) => attribute(key, { stringValue });

function parse(spans: readonly unknown[], resource: readonly unknown[] = [], environment: string | null = null) {
  return parseResourceSpans(
    {
      resource: { attributes: resource },
      scopeSpans: [{ scope: { name: "lib", version: "2" }, schemaUrl: "https://schema.example/1", spans }]
    },
    { ...context, environment }
  );
}

test("only what holds spans of instruments is a resource", () => {
  expect(isOtlpResource({ scopeSpans: [] })).toBe(true);
  expect(isOtlpResource({ instrumentationLibrarySpans: [] })).toBe(true);
  expect(isOtlpResource({ scopeSpans: {} })).toBe(false);
  expect(isOtlpResource([])).toBe(false);
});

test("Tempo's older names, enums in words and ids in base64 mean the same", () => {
  const { spans } = parseResourceSpans(
    {
      resource: { attributes: [text("service.name", "desk")] },
      instrumentationLibrarySpans: [
        {
          instrumentationLibrary: { name: "lib", version: "1" },
          spans: [
            span({
              traceId: "CvdlGRbNQ92ESOshHIAxnA==",
              spanId: "t61rcWkgMzE=",
              parentSpanId: "AAAAAAAAAAE=",
              status: { code: "STATUS_CODE_ERROR" },
              kind: "SPAN_KIND_SERVER"
            })
          ]
        }
      ]
    },
    context
  );
  expect(spans).toEqual([
    expect.objectContaining({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      parentSpanId: "0000000000000001",
      status: "error",
      serviceName: "desk",
      scopeName: "lib",
      scopeVersion: "1"
    })
  ]);
});

test("a span keeps its times to the nanosecond, its scope and what its process says of itself", () => {
  const { spans, rejected } = parse(
    [span({ status: { code: 1 } })],
    [text("service.name", "desk"), text("deployment.environment.name", "production")]
  );
  expect(rejected).toEqual([]);
  expect(spans).toEqual([
    expect.objectContaining({
      traceId: traceId.toLowerCase(),
      spanId: "b7ad6b7169203331",
      parentSpanId: null,
      startNs: 1_795_132_800_000_000_001n,
      endNs: 1_795_132_801_000_000_003n,
      timeSource: "reported",
      status: "ok",
      businessUnit: "support",
      serviceName: "desk",
      environment: "production",
      resource: { "service.name": "desk", "deployment.environment.name": "production" },
      scopeName: "lib",
      scopeVersion: "2",
      schemaUrl: "https://schema.example/1",
      source: "otlp",
      events: null,
      links: null
    })
  ]);
});

test("the environment named at the import goes before the one the process names", () => {
  expect(parse([span()], [text("deployment.environment", "staging")]).spans[0]!.environment).toBe("staging");
  expect(parse([span()], [text("deployment.environment", "staging")], "trial").spans[0]!.environment).toBe("trial");
});

test("attributes of every type become plain JSON", () => {
  const { spans } = parse([
    span({
      attributes: [
        text("a.text", "x"),
        attribute("a.flag", { boolValue: false }),
        attribute("a.count", { intValue: "42" }),
        attribute("a.huge", { intValue: "9223372036854775807" }),
        attribute("a.ratio", { doubleValue: 0.5 }),
        attribute("a.bytes", { bytesValue: "AAE=" }),
        attribute("a.list", { arrayValue: { values: [{ stringValue: "y" }, { intValue: 1 }] } }),
        attribute("a.map", { kvlistValue: { values: [attribute("k", { stringValue: "v" }), "no pair"] } }),
        attribute("a.nothing", {}),
        attribute("a.bare", 7),
        { value: { stringValue: "no key" } }
      ]
    })
  ]);
  expect(spans[0]!.attributes).toEqual({
    "a.text": "x",
    "a.flag": false,
    "a.count": 42,
    "a.huge": "9223372036854775807",
    "a.ratio": 0.5,
    "a.bytes": "AAE=",
    "a.list": ["y", 1],
    "a.map": { k: "v" },
    "a.nothing": null,
    "a.bare": 7
  });
});

test("attributes that come as a plain object are taken as they are", () => {
  const { spans } = parse([span({ attributes: { "gen_ai.operation.name": "chat", team: "blue" } })]);
  expect(spans[0]).toMatchObject({ kind: "llm", attributes: { team: "blue" } });
});

test("an exception event says why a span failed where the status does not", () => {
  const events = [
    {
      name: "exception",
      timeUnixNano: "1",
      attributes: [text("exception.type", "Timeout"), text("exception.message", "too slow")]
    }
  ];
  const { spans } = parse([span({ status: { code: 2 }, events })]);
  expect(spans[0]).toMatchObject({
    status: "error",
    statusMessage: "too slow",
    errorType: "Timeout",
    events: [{ name: "exception", time: "1", attributes: { "exception.type": "Timeout" } }]
  });
  const worded = parse([
    span({ status: { code: 2, message: "gave up" }, events, attributes: [text("error.type", "Refused")] })
  ]);
  expect(worded.spans[0]).toMatchObject({ statusMessage: "gave up", errorType: "Refused" });
});

test("links to other spans are kept", () => {
  const links = [{ traceId: "aa", spanId: "bb", attributes: [text("why", "retry")] }, "none"];
  expect(parse([span({ links })]).spans[0]!.links).toEqual([
    { traceId: "aa", spanId: "bb", attributes: { why: "retry" } }
  ]);
});

test("a span without an end takes no time, and one that ends before it begins is kept as sent", () => {
  for (const endTimeUnixNano of [undefined, "", "0", 0, -5]) {
    const [found] = parse([span({ endTimeUnixNano })]).spans;
    expect(found!.endNs).toBe(found!.startNs);
  }
  expect(parse([span({ endTimeUnixNano: "1" })]).spans[0]!.endNs).toBe(1n);
});

test("a number as a time is taken too", () => {
  expect(parse([span({ startTimeUnixNano: 1000, endTimeUnixNano: 2000 })]).spans[0]).toMatchObject({
    startNs: 1000n,
    endNs: 2000n
  });
});

test.each([
  [{ traceId: "abc" }, /trace id "abc" is not 32 hex digits/],
  [{ traceId: "0".repeat(32) }, /all zero/],
  [{ spanId: "0".repeat(16) }, /span id .* all zero/],
  [{ spanId: undefined }, /span id "" is not 16 hex digits/],
  [{ startTimeUnixNano: "soon" }, /startTimeUnixNano is missing or no number/]
])("a span with %j is left out with a reason, and the next is read all the same", (wrong, reason) => {
  const { spans, rejected } = parse([span({ name: "bad", ...wrong }), span({ name: "good" })]);
  expect(rejected).toEqual([expect.stringMatching(reason)]);
  expect(rejected[0]).toContain('"bad"');
  expect(spans.map(({ name }) => name)).toEqual(["good"]);
});

test("what is no span, no scope or no resource costs a sentence at most", () => {
  expect(parse(["text"]).rejected).toEqual(["a span is no object"]);
  expect(parseResourceSpans("text", context).rejected).toHaveLength(1);
  expect(parseResourceSpans({ scopeSpans: ["text"] }, context)).toEqual({ spans: [], scores: [], rejected: [] });
});

test("a parent id that is none makes the span a root", () => {
  for (const parentSpanId of ["", "0000000000000000", "short"])
    expect(parse([span({ parentSpanId })]).spans[0]!.parentSpanId).toBeNull();
  expect(parse([span({ parentSpanId: "AAAAAAAAAAAAAAAA" })]).spans[0]!.parentSpanId).toBe("aaaaaaaaaaaaaaaa");
});

test("steps below an agent are its work, and the whole trace shares its conversation", () => {
  const id = (digit: string) => digit.repeat(16);
  const { spans } = parse([
    span({
      spanId: id("1"),
      name: "agent",
      attributes: [text("gen_ai.agent.name", "refunds"), text("gen_ai.agent.version", "3")]
    }),
    span({ spanId: id("2"), name: "middle", parentSpanId: id("1") }),
    span({
      spanId: id("3"),
      name: "leaf",
      parentSpanId: id("2"),
      attributes: [text("gen_ai.conversation.id", "c7")]
    }),
    span({ spanId: id("4"), name: "helper", parentSpanId: id("1"), attributes: [text("agent.name", "lookup")] }),
    span({ spanId: id("5"), name: "orphan", parentSpanId: id("9") })
  ]);
  expect(spans.map(({ name, agent, agentVersion, sessionId }) => [name, agent, agentVersion, sessionId])).toEqual([
    ["agent", "refunds", "3", "c7"],
    ["middle", "refunds", "3", "c7"],
    ["leaf", "refunds", "3", "c7"],
    ["helper", "lookup", null, "c7"],
    ["orphan", null, null, "c7"]
  ]);
});

test("spans that are each other's parents are read, without an agent", () => {
  const [a, b] = ["a".repeat(16), "b".repeat(16)];
  const { spans } = parse([span({ spanId: a, parentSpanId: b }), span({ spanId: b, parentSpanId: a })]);
  expect(spans.map(({ agent }) => agent)).toEqual([null, null]);
});

test("a span whose attributes nest without end costs itself, and the next is read", () => {
  let value: object = { intValue: "1" };
  for (let depth = 0; depth < 20_000; depth += 1) value = { arrayValue: { values: [value] } };
  const { spans, rejected } = parse([
    span({ name: "deep", attributes: [attribute("a", value)] }),
    span({ name: "good", attributes: [text("gen_ai.input.messages", "[".repeat(1_000_000))] })
  ]);
  expect(rejected).toEqual(['span "deep": an attribute nests values more than 100 deep']);
  expect(spans.map(({ name, inputText }) => [name, inputText?.length])).toEqual([["good", 1_000_000]]);
});

test("an attribute may have any name, even one that objects use themselves", () => {
  const { spans } = parse([
    span({
      attributes: [attribute("__proto__", { kvlistValue: { values: [text("a", "b")] } }), text("constructor", "c")]
    })
  ]);
  expect(JSON.stringify(spans[0]?.attributes)).toBe('{"__proto__":{"a":"b"},"constructor":"c"}');
});
