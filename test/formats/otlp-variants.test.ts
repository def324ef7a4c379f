import { expect, test } from "vitest";
import { DocumentReader, sumLosses } from "#lib/formats/document-reader.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const traceId = "0102030405060708090a0b0c0d0e0f10";

function read(text: string) {
  const reader = new DocumentReader(context, "agent", null);
  const all = [...reader.push(text), ...reader.end()];
  return {
    format: reader.format,
    spans: all.flatMap(({ spans }) => spans),
    rejected: all.flatMap(({ rejected }) => rejected),
    losses: sumLosses(all.flatMap(({ losses = [] }) => losses)).map(({ field }) => field)
  };
}

const span = {
  traceId,
  spanId: "1112131415161718",
  name: "chat",
  startTimeUnixNano: "1795165200000000000",
  endTimeUnixNano: "1795165201000000000",
  attributes: [{ key: "gen_ai.operation.name", value: { stringValue: "chat" } }]
};
const resource = {
  resource: { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] },
  scopeSpans: [{ scope: { name: "lib" }, spans: [span] }]
};
const snake = {
  resource_spans: [
    {
      resource: { attributes: [{ key: "service.name", value: { string_value: "desk" } }] },
      scope_spans: [
        {
          scope: { name: "lib" },
          spans: [
            {
              trace_id: "AQIDBAUGBwgJCgsMDQ4PEA==",
              span_id: "ERITFBUWFxg=",
              name: "chat",
              start_time_unix_nano: "1795165200000000000",
              end_time_unix_nano: "1795165201000000000",
              attributes: [{ key: "gen_ai.operation.name", value: { string_value: "chat" } }]
            }
          ]
        }
      ]
    }
  ]
};

test.each([
  ["Tempo's second API", { trace: { resourceSpans: [resource] }, metrics: {} }],
  ["Tempo's batches within a trace", { trace: { batches: [resource] } }],
  ["Jaeger's third API", { result: { resourceSpans: [resource] } }],
  ["the names of the definition", snake],
  ["a list of requests", [{ resourceSpans: [resource] }]]
])("spans come out of %s", (_, document) => {
  for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
    const { format, spans, rejected, losses } = read(text);
    expect([format, rejected, losses]).toEqual(["otlp", [], []]);
    expect(spans).toMatchObject([
      { traceId, spanId: "1112131415161718", kind: "llm", serviceName: "desk", scopeName: "lib" }
    ]);
  }
});

test("spans without their process and instrument are read too", () => {
  for (const text of [JSON.stringify(span), JSON.stringify([span]), JSON.stringify({ spans: [span] })])
    expect(read(text).spans).toMatchObject([{ traceId, name: "chat", kind: "llm", serviceName: null }]);
});

test("what no column holds of a span, its events and its links is named", () => {
  const rich = {
    ...resource,
    schemaUrl: "https://example.org/1",
    scopeSpans: [
      {
        scope: { name: "lib", attributes: [{ key: "a", value: { stringValue: "b" } }] },
        spans: [
          {
            ...span,
            kind: 3,
            flags: 256,
            traceState: "a=b",
            droppedAttributesCount: 2,
            droppedEventsCount: 0,
            events: [{ name: "e", timeUnixNano: "1", attributes: [], droppedAttributesCount: 1 }],
            links: [{ traceId, spanId: span.spanId, traceState: "c=d" }]
          }
        ]
      }
    ]
  };
  expect(read(JSON.stringify({ resourceSpans: [rich] })).losses).toEqual([
    ...["event.droppedAttributesCount", "link.traceState", "resource.schemaUrl", "scope.attributes"],
    ...["span.droppedAttributesCount", "span.flags", "span.kind", "span.traceState"]
  ]);
});

test("what is no trace is called by what it is", () => {
  const text = [{ resourceMetrics: [] }, { resourceSpans: [resource] }, { prompt: "x", config: {}, labels: [] }];
  const { spans, rejected } = read(text.map((line) => JSON.stringify(line)).join("\n"));
  expect(spans).toHaveLength(1);
  expect(rejected).toEqual([
    "line 1 is metrics of OpenTelemetry; spans and logs are imported, metrics are not",
    "line 3 is a version of a prompt of Langfuse and no trace"
  ]);
});

test("documents printed one after another are read each for itself, and a damaged one costs itself", () => {
  const one = JSON.stringify({ resourceSpans: [resource] }, null, 2);
  const other = one.replace("1112131415161718", "1112131415161719");
  const { spans, rejected } = read(`${one}\n${one.replace('"chat"', "chat")}\n${other}\n`);
  expect(spans.map(({ spanId }) => spanId)).toEqual(["1112131415161718", "1112131415161719"]);
  expect(rejected).toEqual([expect.stringMatching(/^document 2 is no JSON: /)]);
});

test("times of a file that are no nanoseconds are told by their size or form, and said to be", () => {
  const at = 1_795_165_200_000_000_000n;
  for (const startTimeUnixNano of [
    1_795_165_200,
    "1795165200000",
    "1795165200000000",
    "2026-11-20T10:00:00+01:00",
    "2026-11-20T09:00:00"
  ]) {
    const { spans, losses, rejected } = read(JSON.stringify({ ...span, startTimeUnixNano }));
    expect([spans[0]?.startNs, rejected]).toEqual([at, []]);
    expect(losses).toEqual(["span.startTimeUnixNano (not in nanoseconds)"]);
  }
  const events = [{ name: "e", timeUnixNano: 1_795_165_200_000, attributes: [] }];
  expect(read(JSON.stringify({ ...span, events })).spans[0]!.events).toMatchObject([{ time: String(at) }]);
  expect(read(JSON.stringify({ ...span, startTimeUnixNano: "soon" })).rejected).toHaveLength(1);
});
