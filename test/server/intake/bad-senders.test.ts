import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { Reader } from "protobufjs/minimal.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExportEncoding } from "#lib/ports/intake.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openBodyRoom } from "#lib/server/intake/body-room.ts";
import { openIntake } from "#lib/server/intake/intake.ts";
import { unzip } from "#lib/server/intake/unzip.ts";
import { ExportDesk } from "#lib/work/export-desk.ts";
import { openLakeFixture, scopeOf } from "../lake/fixture.ts";
import { contentTypes, encodeBody, type SentSpan } from "./bodies.ts";
import { type IntakeDoor, openDoor } from "./door.ts";

let door: IntakeDoor;
/** With room for two megabytes of bodies that may take 600 ms to come. */
let narrow: IntakeDoor;
beforeAll(async () => {
  const open = (dataFolder: string) => openIntake({ dataFolder, databaseUrl: null, flushMs: 30_000 }, 2_000_000);
  [door, narrow] = await Promise.all([openDoor(), openDoor(open, 600)]);
});
afterAll(async () => {
  await Promise.all([door?.close(), narrow?.close()]);
});

const traceId = "0af7651916cd43dd8448eb211c80319c";
const span = (spanId: string, more: Partial<SentSpan> = {}): SentSpan => ({ traceId, spanId, name: "step", ...more });
const isThere = async (spanId: string, at = door) =>
  (await at.ask(`select 1 from spans where span_id = '${spanId}'`)).length === 1;

/** One request as bytes on a connection of its own; the body is whatever is written afterwards. */
function openRequest(head: readonly string[], at = door): Socket {
  const { hostname, port } = new URL(at.url);
  const socket = connect(Number(port), hostname);
  const lines = [
    "POST /v1/traces HTTP/1.1",
    "host: loopback",
    "content-type: application/json",
    `authorization: Bearer ${at.secret}`,
    ...head
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return socket;
}

/** All that the server says until it closes the connection. */
function hear(socket: Socket): Promise<string> {
  let said = "";
  socket.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  socket.on("error", () => socket.destroy());
  return new Promise((resolve) => socket.once("close", () => resolve(said)));
}

test("a hundred senders that do not come to an end are sent away, and others are answered meanwhile", async () => {
  const slow = Array.from({ length: 100 }, () => openRequest(["content-length: 1000000"], narrow));
  const heard = slow.map(hear);
  for (const socket of slow) socket.write("{".repeat(2000));
  for (const id of ["a000000000000001", "a000000000000002"]) {
    const answer = await narrow.post("traces", encodeBody("json", { spans: [span(id)] }));
    expect(answer.status).toBe(200);
    expect(await isThere(id, narrow)).toBe(true);
  }
  for (const said of await Promise.all(heard)) {
    expect(said).toMatch(/^HTTP\/1.1 503 /);
    expect(said).toMatch(/retry-after: 1\r\n/i);
  }
});

test("bodies that are being read have a bound together, and the room is there again when they are gone", async () => {
  const large = Array.from({ length: 5 }, () => openRequest(["content-length: 700000", "connection: close"], narrow));
  const heard = large.map(hear);
  for (const socket of large) socket.write("{".repeat(600_000));
  // Three of them fit; the others are told at once to come again, and what they go on to send is passed over.
  expect(await Promise.race(heard)).toMatch(/^HTTP\/1.1 429 /);
  expect((await Promise.all(heard)).map((said) => said.slice(9, 12)).sort()).toEqual([
    "429",
    "429",
    "503",
    "503",
    "503"
  ]);
  const answer = await narrow.post("traces", " ".repeat(1_900_000));
  expect(answer.status).toBe(400);
});

test("a length that lies, upwards or downwards, costs its own connection", async () => {
  const body = Buffer.from(encodeBody("json", { spans: [span("a000000000000003")] }));
  const short = openRequest([`content-length: ${body.length + 100}`]);
  short.end(body);
  const long = openRequest([`content-length: ${body.length - 10}`, "connection: close"]);
  long.write(body);
  expect(await hear(long)).toMatch(/^HTTP\/1.1 400 /);
  expect(await hear(short)).toMatch(/^(HTTP\/1.1 400 |$)/);
  for (const length of ["-1", "abc", "1e3"]) {
    expect(await hear(openRequest([`content-length: ${length}`]))).toMatch(/^HTTP\/1.1 400 /);
  }
  expect(await isThere("a000000000000003")).toBe(false);
});

const nested = (depth: number): string => `${'{"a":['.repeat(depth)}1${"]}".repeat(depth)}`;
const attributes = (value: string) =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${traceId}","spanId":"a00000000000000e","name":"deep","startTimeUnixNano":"1","attributes":${value}}]}]}]}`;
const attribute = (value: string) => attributes(`[{"key":"k","value":${value}}]`);
const inLog = (value: string) =>
  `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"x","body":${value}}]}]}]}`;
const deep = `${'{"arrayValue":{"values":['.repeat(20_000)}{"intValue":1}${"]}}".repeat(20_000)}`;
const whole = gzipSync(encodeBody("json", { spans: [span("a000000000000004")] }));

const zipped = { "content-encoding": "gzip" };
const rejected = "more than 100 deep";

test.each<readonly [string, "traces" | "logs", BodyInit, Readonly<Record<string, string>>, number, string]>([
  ["a megabyte of nesting beside the spans", "traces", nested(50_000), {}, 200, "{}"],
  ["a megabyte of nesting in place of spans", "traces", `{"resourceSpans":${nested(50_000)}}`, {}, 400, "is no list"],
  ["an attribute nested without end", "traces", attribute(deep), {}, 200, rejected],
  ["an attribute that is no typed value", "traces", attribute(nested(50_000)), {}, 200, "{}"],
  ["plain attributes nested without end", "traces", attributes(nested(50_000)), {}, 200, rejected],
  ["a log's body nested without end", "logs", inLog(deep), {}, 200, rejected],
  ["a log's body that is no typed value", "logs", inLog(nested(50_000)), {}, 200, "neither a message"],
  ["a body cut off in the middle", "traces", attribute('{"stringValue":"a"}').slice(0, -20), {}, 400, "no JSON"],
  ["JSON that is no UTF-8", "traces", Buffer.from('{"resourceSpans":[],"x":"\xff"}', "latin1"), {}, 400, "utf-8"],
  ["zipped bytes that are cut off", "traces", whole.subarray(0, -12), zipped, 400, "is gzip, and is not"],
  ["zipped bytes with a wrong check", "traces", broken(whole), zipped, 400, "is gzip, and is not"],
  ["a bomb", "traces", gzipSync(Buffer.alloc(2 ** 26)), zipped, 413, "more than 20 MiB"],
  ["logs at the address of traces", "traces", '{"resourceLogs":[]}', {}, 400, "was sent to the address for traces"],
  ["traces at the address of logs", "logs", '{"resourceSpans":[{}]}', {}, 400, "was sent to the address for logs"]
])("%s is answered as the standard says, and the next request as ever", async (...given) => {
  const [, signal, body, headers, status, sentence] = given;
  const answer = await door.post(signal, body, headers);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/json"]);
  expect(await answer.text()).toContain(sentence);
  expect((await door.post("traces", "{}")).status).toBe(200);
});

function broken(zipped: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(zipped);
  copy[copy.length - 6]! ^= 255;
  return copy;
}

for (const encoding of ["protobuf", "json"] as const) {
  test(`odd ${encoding} spans are kept as far as they can be`, async () => {
    const id = (at: number) => `${encoding === "json" ? "b" : "c"}00000000000000${at}`;
    const day = 86_400_000_000_000n;
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    const large = { traceId: id(0).repeat(2) };
    // Ten megabytes once: what a protobuf reader is more likely to stumble over.
    const length = encoding === "protobuf" ? 10_000_000 : 1000;
    const sent = [
      span(id(1), { ...large, attributes: { large: "x".repeat(length) } }),
      span(id(2), { startNs: nowNs + 3n * day, endNs: nowNs + 3n * day + 1n }),
      span(id(3), { startNs: nowNs - 30n * day, endNs: nowNs - 40n * day }),
      span(id(4), { traceId: "0".repeat(32) }),
      span("0".repeat(16))
    ];
    const answer = await post(encoding, encodeBody(encoding, { spans: sent }));
    expect(answer).toMatchObject({ status: 200, rejected: 2 });
    expect(answer.message).toContain("all zero");
    expect(
      await door.ask(
        `select span_id, length(json_extract_string(attributes, '$.large'))::int as large,
           end_ts >= start_ts as ordered, date_diff('day', now()::timestamp, start_ts::timestamp)::int as days
         from spans where span_id like '${id(1)[0]}0%' order by span_id`
      )
    ).toMatchObject([
      { span_id: id(1), large: length, ordered: true },
      { span_id: id(2), large: null, ordered: true, days: 3 },
      // Its times are kept as they came; the page of the trace says what is odd about them.
      { span_id: id(3), large: null, ordered: false, days: -30 }
    ]);
  });
}

test("logs in protobuf at the address of traces are refused: what is an id there is no attribute here", async () => {
  const logs = [{ traceId, spanId: "d000000000000001", eventName: "gen_ai.user.message" }];
  const headers = { "content-type": contentTypes.protobuf };
  expect((await door.post("traces", encodeBody("protobuf", { logs }), headers)).status).toBe(400);
});

test("attributes that are written as an object are read as what they mean", async () => {
  const attributes = { "gen_ai.request.model": "m-2", deep: { list: [1, "two"] } };
  const written = {
    traceId: "e".repeat(32),
    spanId: "d000000000000003",
    name: "chat",
    startTimeUnixNano: "1",
    attributes
  };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [written] }] }] });
  expect(await (await door.post("traces", body)).text()).toBe("{}");
  expect(await door.ask("select model_requested, attributes from spans where span_id = 'd000000000000003'")).toEqual([
    { model_requested: "m-2", attributes: '{"deep":{"list":[1,"two"]}}' }
  ]);
});

async function post(encoding: ExportEncoding, body: BodyInit) {
  const answer = await door.post("traces", body, { "content-type": contentTypes[encoding] });
  if (encoding === "json") {
    const { partialSuccess } = (await answer.json()) as {
      partialSuccess?: { rejectedSpans: string; errorMessage: string };
    };
    return {
      status: answer.status,
      rejected: Number(partialSuccess?.rejectedSpans ?? 0),
      message: partialSuccess?.errorMessage ?? ""
    };
  }
  const reader = Reader.create(new Uint8Array(await answer.arrayBuffer()));
  reader.uint32();
  reader.uint32();
  reader.uint32();
  const rejected = Number(reader.int64());
  reader.uint32();
  return { status: answer.status, rejected, message: reader.string() };
}

test("a key beyond its rate waits as long as it is told to, and others do not", async () => {
  const admin = scopeOf(["support"]);
  const request = { businessUnit: "support", name: "eager", spansPerSecond: 1 };
  const { secret } = await door.state.ingestKeys.create(admin, request);
  const authorization = { authorization: `Bearer ${secret}` };
  const spans = Array.from({ length: 13 }, (_, at) => span(`f0000000000000${at + 10}`));
  expect((await door.post("traces", encodeBody("json", { spans }), authorization)).status).toBe(200);
  const late = await door.post("traces", encodeBody("json", { spans: [span("f000000000000001")] }), authorization);
  expect([late.status, Number(late.headers.get("retry-after")) > 0]).toEqual([429, true]);
  expect((await door.post("traces", encodeBody("json", { spans: [span("f000000000000002")] }))).status).toBe(200);
  expect([await isThere("f000000000000001"), await isThere("f000000000000002")]).toEqual([false, true]);
});

test("on a disk that is nearly full nothing is taken in, senders wait, and what is there is read as ever", async () => {
  let leastFreeBytes = 0;
  const full = await openDoor((_, { state, folder }) => {
    const room = openBodyRoom(2 ** 20);
    const lakes = [0, 2 ** 60].map((least) =>
      openLakeFixture({ folder, stateFolder: dirname(folder), leastFreeBytes: least })
    );
    const desks = lakes.map(
      async (lake) =>
        new ExportDesk({ lake: (await lake).lake, logMessages: state.logMessages, clock: systemClock, unzip })
    );
    return {
      room,
      async receive(key, request) {
        room.give(request.body.byteLength);
        return (await desks[leastFreeBytes === 0 ? 0 : 1]!).answer(key, request);
      },
      async close() {
        for (const lake of lakes) await (await lake).close();
      }
    };
  });
  try {
    expect((await full.post("traces", encodeBody("json", { spans: [span("f1".repeat(8))] }))).status).toBe(200);
    leastFreeBytes = 2 ** 60;
    const logs = [{ traceId, spanId: "f1".repeat(8), eventName: "gen_ai.user.message", body: { content: "hello" } }];
    for (const [signal, body] of [
      ["traces", encodeBody("json", { spans: [span("f2".repeat(8))] })],
      ["logs", encodeBody("json", { logs })]
    ] as const) {
      const answer = await full.post(signal, body);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "30"]);
      expect(await answer.json()).toMatchObject({ code: 14, message: expect.stringContaining("has only") });
    }
    expect(await full.ask("select span_id, input_text from spans")).toEqual([
      { span_id: "f1".repeat(8), input_text: null }
    ]);
  } finally {
    await full.close();
  }
});
