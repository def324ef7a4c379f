import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Writer } from "protobufjs/minimal.js";
import { openDoor } from "../server/intake/door.ts";
import type { Bench, BenchRow } from "./row.ts";

const spansPerRequest = 250;
const requests = Number(process.env.BENCH_REQUESTS ?? 160);
const senders = 8;

const text = "The customer asked for a refund of order 4711 and the agent looked up the rule for it. ".repeat(9);

/** One span of about 2 KB, as an LLM call is reported. */
function makeSpan(number: number) {
  const hex = number.toString(16).padStart(16, "0");
  const startNs = BigInt(Date.now() - 60_000) * 1_000_000n + BigInt(number);
  return {
    traceId: `${Math.floor(number / 10)
      .toString(16)
      .padStart(16, "0")}5bd4e1f0a9c87321`,
    spanId: hex.replace(/^0/, "f"),
    name: "chat m-1",
    startNs,
    endNs: startNs + 1_000_000_000n,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "m-1",
      "gen_ai.agent.name": "refunds",
      "gen_ai.usage.input_tokens": 700 + (number % 50),
      "gen_ai.usage.output_tokens": 80,
      "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: text }] }]),
      "gen_ai.output.messages": JSON.stringify([
        { role: "assistant", parts: [{ type: "text", content: `${number} ${text}` }] }
      ])
    } as Readonly<Record<string, string | number>>
  };
}

type Sent = ReturnType<typeof makeSpan>;

function encodeJson(spans: readonly Sent[]): Uint8Array {
  const list = spans.map(({ startNs, endNs, attributes, ...span }) => ({
    ...span,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(endNs),
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value }
    }))
  }));
  return new TextEncoder().encode(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: list }] }] }));
}

function encodeProtobuf(spans: readonly Sent[]): Uint8Array {
  const writer = Writer.create().uint32(10).fork().uint32(18).fork();
  for (const { traceId, spanId, name, startNs, endNs, attributes } of spans) {
    writer.uint32(18).fork();
    writer
      .uint32(10)
      .bytes(Uint8Array.fromHex(traceId))
      .uint32(18)
      .bytes(Uint8Array.fromHex(spanId))
      .uint32(42)
      .string(name);
    for (const [field, instant] of [
      [57, startNs],
      [65, endNs]
    ] as const)
      writer
        .uint32(field)
        .fixed32(Number(instant & 0xffffffffn))
        .fixed32(Number(instant >> 32n));
    for (const [key, value] of Object.entries(attributes)) {
      writer.uint32(74).fork().uint32(10).string(key).uint32(18).fork();
      if (typeof value === "number") writer.uint32(24).int64(value);
      else writer.uint32(10).string(value);
      writer.ldelim().ldelim();
    }
    writer.ldelim();
  }
  return writer.ldelim().ldelim().finish();
}

const encodings = [
  ["protobuf", "application/x-protobuf", encodeProtobuf],
  ["json", "application/json", encodeJson]
] as const;

/** The same bytes appended to one file and synced after each request: what the disk alone allows. */
async function writeBare(bodies: readonly Uint8Array[]): Promise<number> {
  const folder = await mkdtemp(`${tmpdir()}/tracebook-bench-`);
  const from = performance.now();
  const file = await open(`${folder}/bare`, "w");
  try {
    for (const body of bodies) {
      await file.write(body);
      await file.sync();
    }
    return (performance.now() - from) / 1000;
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

async function measure([encoding, contentType, encode]: (typeof encodings)[number]): Promise<readonly BenchRow[]> {
  const door = await openDoor();
  try {
    const bodies = Array.from({ length: requests }, (_, request) =>
      encode(Array.from({ length: spansPerRequest }, (_unused, span) => makeSpan(request * spansPerRequest + span)))
    );
    const headers = { "content-type": contentType };
    await door.post("traces", encode([makeSpan(2 ** 40)]) as Uint8Array<ArrayBuffer>, headers);
    const waits: number[] = [];
    const waiting = [...bodies];
    const cpuFrom = process.cpuUsage();
    const from = performance.now();
    const send = async () => {
      for (let body = waiting.pop(); body; body = waiting.pop()) {
        const asked = performance.now();
        const answer = await door.post("traces", body as Uint8Array<ArrayBuffer>, headers);
        const said = (await answer.arrayBuffer()).byteLength;
        if (answer.status !== 200 || (encoding === "protobuf" && said > 0))
          throw new Error(`answered ${answer.status}`);
        waits.push(performance.now() - asked);
      }
    };
    await Promise.all(Array.from({ length: senders }, send));
    const seconds = (performance.now() - from) / 1000;
    const { user, system } = process.cpuUsage(cpuFrom);
    const spans = requests * spansPerRequest;
    const seenFrom = performance.now();
    const [row] = await door.ask("select count(*)::int as n from spans");
    const visible = performance.now() - seenFrom;
    if (row?.n !== spans + 1) throw new Error(`${row?.n} spans are there instead of ${spans + 1}`);
    const bare = spans / (await writeBare(bodies));
    waits.sort((a, b) => a - b);
    const bytes = bodies.reduce((sum, { byteLength }) => sum + byteLength, 0) / spans;
    const name = `OTLP ingest, ${encoding}, spans of ${(bytes / 1000).toFixed(1)} kB`;
    const perCore = spans / ((user + system) / 1e6);
    return [
      {
        name,
        value: spans / seconds,
        unit: "spans/s",
        against: "the same bytes to one file, synced per request",
        rival: bare,
        ratio: spans / seconds / bare,
        target: ">= 20,000 spans/s",
        met: spans / seconds >= 20_000
      },
      {
        name: `${name}, per second of processor time, sender included`,
        value: perCore,
        unit: "spans/s",
        against: "the target",
        rival: null,
        ratio: perCore / 20_000,
        target: ">= 20,000 spans/s",
        met: perCore >= 20_000
      },
      {
        name: `${name}, acknowledgement p99`,
        value: at(waits, 0.99),
        unit: "ms",
        against: "the target",
        rival: null,
        ratio: at(waits, 0.99) / 1000,
        target: "<= 1,000 ms",
        met: at(waits, 0.99) <= 1000
      },
      {
        name: `${name}, first count after the last acknowledgement`,
        value: visible,
        unit: "ms",
        against: "the target",
        rival: null,
        ratio: visible / 1000,
        target: "<= 1,000 ms",
        met: visible <= 1000
      }
    ];
  } finally {
    await door.close();
  }
}

export const benches: readonly Bench[] = encodings.map((encoding) => ({
  name: `ingest-${encoding[0]}`,
  run: () => measure(encoding)
}));
