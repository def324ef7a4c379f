import { gzipSync } from "node:zlib";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { Reader } from "protobufjs/minimal.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noMaskRules } from "#lib/model/mask.ts";
import { openIntake } from "#lib/server/intake/intake.ts";
import { hiddenIn } from "#lib/server/lake/terms-name.ts";
import { scopeOf } from "../lake/fixture.ts";
import { type IntakeDoor, openDoor } from "./door.ts";

let door: IntakeDoor;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door?.close());

const span = (spanId: string, more: object = {}) => ({
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId,
  name: `step ${spanId}`,
  startTimeUnixNano: "1763600000000000000",
  endTimeUnixNano: "1763600001000000000",
  ...more
});
const traces = (...spans: readonly object[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

for (const [encoding, Exporter] of [
  ["protobuf", ProtobufExporter],
  ["JSON", JsonExporter]
] as const) {
  for (const compression of ["none", "gzip"] as const) {
    test(`what an OpenTelemetry client sends as ${encoding} with compression ${compression} is in the lake when it has its answer`, async () => {
      const exporter = new Exporter({
        url: `${door.url}/v1/traces`,
        headers: { authorization: `Bearer ${door.secret}` },
        compression: compression as never
      });
      const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
      const tracer = provider.getTracer("shop", "1.2.3");
      const name = `chat ${encoding} ${compression}`;
      const sent = tracer.startSpan(name, {
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.request.model": "m-1",
          "gen_ai.usage.input_tokens": 123,
          "gen_ai.usage.output_tokens": 45,
          "gen_ai.response.finish_reasons": ["stop"],
          share: 0.25,
          flag: false,
          words: "grüße 🙂"
        }
      });
      sent.addEvent("seen", { at: 7 });
      sent.setStatus({ code: 2, message: "too late" });
      sent.end();
      await provider.forceFlush();
      await provider.shutdown();
      const { traceId, spanId } = sent.spanContext();
      expect(
        await door.ask(
          `select trace_id, span_id, business_unit, kind, model_requested, tokens_in::int as tokens_in, tokens_out::int as tokens_out,
             status, status_message, scope_name, json_extract_string(attributes, '$.words') as words,
             json_extract(attributes, '$.share')::double as share, json_extract(attributes, '$.flag')::varchar as flag,
             end_ts - start_ts < interval 1 minute as short
           from spans where name = '${name}'`
        )
      ).toEqual([
        {
          trace_id: traceId,
          span_id: spanId,
          business_unit: "support",
          kind: "llm",
          model_requested: "m-1",
          tokens_in: 123,
          tokens_out: 45,
          status: "error",
          status_message: "too late",
          scope_name: "shop",
          words: "grüße 🙂",
          share: 0.25,
          flag: "false",
          short: true
        }
      ]);
    });
  }
}

test("a batch is taken in span by span, and the sender is told how many were not and why", async () => {
  const answer = await door.post("traces", traces(span("aaaaaaaaaaaaaaa1"), span("zz"), span("0000000000000000")));
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/json");
  const { partialSuccess } = (await answer.json()) as {
    partialSuccess: { rejectedSpans: string; errorMessage: string };
  };
  expect(partialSuccess.rejectedSpans).toBe("2");
  expect(partialSuccess.errorMessage).toContain('"zz" is not 16 hex digits');
  expect(await door.ask("select name from spans where span_id = 'aaaaaaaaaaaaaaa1'")).toHaveLength(1);
});

test("a whole success says nothing, an empty request is one, and sending twice changes nothing", async () => {
  for (let time = 0; time < 2; time += 1) {
    const answer = await door.post("traces", traces(span("aaaaaaaaaaaaaaa2")));
    expect([answer.status, await answer.text()]).toEqual([200, "{}"]);
  }
  expect(await door.ask("select name from spans where span_id = 'aaaaaaaaaaaaaaa2'")).toHaveLength(1);
  for (const body of ["{}", '{"resourceSpans":[]}']) {
    const answer = await door.post("traces", body);
    expect([answer.status, await answer.text()]).toEqual([200, "{}"]);
  }
  const empty = await door.post("traces", new Uint8Array(), { "content-type": "application/x-protobuf" });
  expect([empty.status, (await empty.arrayBuffer()).byteLength]).toEqual([200, 0]);
});

test("evaluation results that arrive as logs become scores; other logs are told to be none", async () => {
  const evaluation = (attributes: Readonly<Record<string, unknown>>, more: object = {}) => ({
    timeUnixNano: "1763600002000000000",
    eventName: "gen_ai.evaluation.result",
    traceId: "0AF7651916CD43DD8448EB211C80319C",
    spanId: "aaaaaaaaaaaaaaa2",
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === "number" ? { doubleValue: value } : { stringValue: value }
    })),
    ...more
  });
  const name = "gen_ai.evaluation.name";
  const value = "gen_ai.evaluation.score.value";
  const logRecords = [
    evaluation({ [name]: "grounded", [value]: 0.75, "gen_ai.evaluation.explanation": "one claim of four", by: "ann" }),
    evaluation({ [name]: "brand", "gen_ai.evaluation.score.label": "Fail" }),
    evaluation({ [name]: "stars", [value]: 4 }),
    evaluation({ [name]: "judge", "error.type": "timeout" }),
    evaluation({ [name]: "lost" }, { traceId: "" }),
    { eventName: "app.started" }
  ];
  const answer = await door.post("logs", JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
  expect(await answer.json()).toMatchObject({ partialSuccess: { rejectedLogRecords: "2" } });
  expect(
    await door.ask(
      "select scorer, source, status, value, pass, reason, detail from scores where span_id = 'aaaaaaaaaaaaaaa2' order by scorer"
    )
  ).toEqual([
    { scorer: "brand", source: "import", status: "ok", value: 0, pass: false, reason: null, detail: null },
    {
      scorer: "grounded",
      source: "import",
      status: "ok",
      value: 0.75,
      pass: null,
      reason: "one claim of four",
      detail: '{"by":"ann"}'
    },
    { scorer: "judge", source: "import", status: "error", value: null, pass: null, reason: "timeout", detail: null },
    {
      scorer: "stars",
      source: "import",
      status: "error",
      value: null,
      pass: null,
      reason: "the value 4 is not within 0 and 1",
      detail: '{"gen_ai.evaluation.score.value":4}'
    }
  ]);
});

test("nobody sends without an open ingest key", async () => {
  for (const authorization of ["", "Bearer tbk_no", `Basic ${door.secret}`, `Bearer ${door.keyId}`]) {
    const answer = await door.post("traces", traces(span("bbbbbbbbbbbbbbb1")), { authorization });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 16, message: expect.stringContaining("tracebook keys create") });
  }
  const scope = scopeOf(["support"]);
  const { key, secret } = await door.state.ingestKeys.create(scope, { businessUnit: "travel", name: "trips" });
  const authorization = `Bearer ${secret}`;
  expect((await door.post("traces", traces(span("bbbbbbbbbbbbbbb2")), { authorization })).status).toBe(200);
  await door.state.ingestKeys.revoke(scope, key.keyId);
  expect((await door.post("traces", traces(span("bbbbbbbbbbbbbbb3")), { authorization })).status).toBe(401);
  expect(await door.ask("select span_id, business_unit from spans where span_id like 'bbbbbbbbbbbbbbb%'")).toEqual([
    { span_id: "bbbbbbbbbbbbbbb2", business_unit: "travel" }
  ]);
});

test("the unit of a span is the unit of its key, whatever the span says", async () => {
  const claim = { key: "business_unit", value: { stringValue: "legal" } };
  const body = {
    resourceSpans: [
      {
        resource: { attributes: [claim] },
        scopeSpans: [{ spans: [span("ccccccccccccccc1", { attributes: [claim] })] }]
      }
    ]
  };
  await door.post("traces", JSON.stringify(body));
  expect(await door.ask("select business_unit from spans where span_id = 'ccccccccccccccc1'")).toEqual([
    { business_unit: "support" }
  ]);
});

test("what is no export is refused in its own encoding, and never asked for again", async () => {
  const wrong: readonly [number, BodyInit, Record<string, string>][] = [
    [400, "no json", {}],
    [400, "[1]", {}],
    [400, '{"resourceSpans":{}}', {}],
    [400, new Uint8Array([0x0a, 0x05, 0x0a]), { "content-type": "application/x-protobuf" }],
    [400, "no gzip", { "content-encoding": "gzip" }],
    [413, gzipSync(Buffer.alloc(21 * 2 ** 20)), { "content-encoding": "gzip" }],
    [413, Buffer.alloc(21 * 2 ** 20), {}],
    [415, "{}", { "content-encoding": "br" }],
    [415, "{}", { "content-type": "text/plain" }]
  ];
  for (const [status, body, headers] of wrong) {
    const answer = await door.post("traces", body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("retry-after")).toBeNull();
    if (headers["content-type"] !== "application/x-protobuf") {
      expect(await answer.json()).toMatchObject({ code: 3, message: expect.any(String) });
      continue;
    }
    expect(answer.headers.get("content-type")).toBe("application/x-protobuf");
    const reader = Reader.create(new Uint8Array(await answer.arrayBuffer()));
    expect([reader.uint32(), reader.int32(), reader.uint32()]).toEqual([8, 3, 18]);
    expect(reader.string()).toContain("no OTLP protobuf");
  }
  expect((await door.post("traces", "{}", { "content-type": "application/json; charset=utf-8" })).status).toBe(200);
});

test("a sender beyond what can be written is told to come again, and what was accepted is there", async () => {
  const narrow = await openDoor((dataFolder) => openIntake({ dataFolder, databaseUrl: null, flushMs: 30_000 }, 1000));
  try {
    const ids = Array.from({ length: 12 }, (_, at) => `ddddddddddddd${(at + 100).toString(16).padStart(3, "0")}`);
    const answers = await Promise.all(ids.map((id) => narrow.post("traces", traces(span(id)))));
    const accepted = ids.filter((_, at) => answers[at]!.status === 200).sort();
    const refused = answers.filter(({ status }) => status !== 200);
    expect(accepted.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers } of refused) expect([status, headers.get("retry-after")]).toEqual([429, "1"]);
    const there = await narrow.ask("select span_id from spans order by span_id");
    expect(there.map((row) => row.span_id)).toEqual(accepted);
  } finally {
    await narrow.close();
  }
});

test("words are written anew in the background where a unit begins to hide something", async () => {
  const own = await openDoor((dataFolder) => openIntake({ dataFolder, databaseUrl: null, flushMs: 20 }));
  const hidden = async () => {
    const files = await own.state.catalog.listFiles({ snapshotId: await own.lake.snapshotId() });
    return files.filter(({ table }) => table === "terms").map(({ path }) => hiddenIn(path) !== "");
  };
  try {
    expect((await own.post("traces", traces(span("00f067aa0ba902b7")))).status).toBe(200);
    await expect.poll(hidden, { timeout: 20_000 }).toEqual([false]);
    const rules = { ...noMaskRules, expressions: [{ name: "step", pattern: "step" }] };
    await own.state.masks.add(scopeOf(["support"]), "support", rules, 0);
    await expect.poll(hidden, { timeout: 20_000 }).toEqual([true]);
  } finally {
    await own.close();
  }
});
