import { expect, test } from "vitest";
import { DocumentReader } from "#lib/formats/document-reader.ts";
import { type ImportFormat, importFormats, recordFormats } from "#lib/formats/record-formats.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const start = "2026-11-20T09:00:00Z";

/** The smallest record of each format, and the documents that hold such records. */
const samples: Readonly<
  Record<ImportFormat, readonly [record: object, documents: readonly ((record: object) => object)[]]>
> = {
  otlp: [
    { scopeSpans: [{ spans: [{ traceId, spanId, name: "step", startTimeUnixNano: "1" }] }] },
    [(record) => ({ resourceSpans: [record] }), (record) => ({ batches: [record] })]
  ],
  jaeger: [
    {
      traceID: traceId,
      processes: { p1: { serviceName: "desk" } },
      spans: [{ traceID: traceId, spanID: spanId, operationName: "step", startTime: 1, duration: 1, processID: "p1" }]
    },
    [(record) => ({ data: [record], total: 0 })]
  ],
  langfuse: [
    { id: spanId, traceId, type: "SPAN", name: "step", startTime: start, input: "hello" },
    [
      (record) => ({ trace: { id: traceId, sessionId: "s1" }, observations: [record] }),
      (record) => ({ id: traceId, sessionId: "s1", observations: [record], scores: [] }),
      (record) => ({ data: [record], meta: { page: 1 } })
    ]
  ],
  langsmith: [
    {
      id: "1b64098b-4ab7-43f6-afee-992304f198d8",
      trace_id: traceId,
      name: "step",
      run_type: "chain",
      start_time: start,
      events: []
    },
    [(record) => ({ runs: [record], cursors: {} })]
  ],
  braintrust: [
    { id: "1", span_id: spanId, root_span_id: traceId, span_attributes: { name: "step" }, created: start },
    [(record) => ({ events: [record] }), (record) => ({ rows: [record] })]
  ],
  phoenix: [
    {
      id: "1",
      name: "step",
      context: { trace_id: traceId, span_id: spanId },
      span_kind: "CHAIN",
      parent_id: null,
      start_time: start,
      attributes: {},
      events: []
    },
    [(record) => ({ data: [record], next_cursor: null }), (record) => ({ spans: [record] })]
  ],
  "tau-bench": [{ task_id: 1, reward: 1, traj: [{ role: "user", content: "hello" }] }, []],
  tau2: [
    { id: "a", messages: [{ role: "user", content: "hello" }] },
    [(record) => ({ info: {}, simulations: [record] })]
  ],
  agentrx: [{ task_id: 1, reward: 1, traj: [{ role: "user", content: "hello" }], records: {} }, []],
  inspect: [
    { id: 1, epoch: 1, input: "hello", target: "", messages: [{ role: "user", content: "hello" }] },
    [(record) => ({ version: 2, status: "success", eval: { task: "t" }, samples: [record] })]
  ],
  "who-and-when": [{ question: "why?", mistake_step: "0", history: [{ role: "user", name: "a", content: "so" }] }, []]
};

function read(text: string) {
  const reader = new DocumentReader(context, "agent", null);
  const all = [...reader.push(text), ...reader.end()];
  return {
    format: reader.format,
    spans: all.flatMap(({ spans }) => spans),
    rejected: all.flatMap(({ rejected }) => rejected)
  };
}

test.each(importFormats)("%s is told by its content, alone, in a list, on lines and in its documents", (format) => {
  const [record, documents] = samples[format];
  const line = JSON.stringify(record);
  const texts = [line, `[${line}]`, `${line}\n${line}\n`, JSON.stringify(record, null, 2)];
  for (const text of [...texts, ...documents.map((wrap) => JSON.stringify(wrap(record)))]) {
    const found = read(text);
    expect(found.format).toBe(format);
    expect(found.rejected).toEqual([]);
    expect(found.spans.length).toBeGreaterThan(0);
  }
});

test.each(importFormats)("no record of %s is taken for another's", (format) => {
  const matching = recordFormats.filter(({ matches }) => matches(samples[format][0] as never)).map(({ name }) => name);
  expect(matching).toEqual([format]);
});

test("the session of a Langfuse trace is that of its observations, wherever it stands", () => {
  const [record, [beside, above]] = samples.langfuse;
  for (const wrap of [beside!, above!])
    expect(read(JSON.stringify(wrap(record))).spans.map(({ sessionId }) => sessionId)).toEqual(["s1"]);
});
