import fc from "fast-check";
import { Reader } from "protobufjs/minimal.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExportEncoding } from "#lib/ports/intake.ts";
import { contentTypes, encodeBody, type SentLog, type SentSpan } from "./bodies.ts";
import { type IntakeDoor, openDoor } from "./door.ts";

/** Bodies of each kind; more where somebody looks for defects. */
const runs = Number(process.env.FUZZ_RUNS ?? 25);

let door: IntakeDoor;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door?.close());

const ids = { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174" };
const attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.usage.input_tokens": 7,
  "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "grüße 🙂" }] }],
  share: 0.5,
  flag: true
};
const spans: readonly SentSpan[] = [1, 2].map((at) => ({
  ...ids,
  spanId: `eee19b7ec3c1b17${at}`,
  name: "chat",
  attributes
}));
const logs: readonly SentLog[] = [
  { ...ids, eventName: "gen_ai.user.message", body: { content: "hello" } },
  {
    ...ids,
    eventName: "gen_ai.evaluation.result",
    attributes: { "gen_ai.evaluation.name": "tone", "gen_ai.evaluation.score.value": 0.5 }
  }
];

/** One change of some bytes: a place as a share of the length, how many go, and what comes instead. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  gone: fc.nat(12),
  instead: fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc
      .constantFrom("null", "[]", "{}", '"', "-1", "1e999", "\\ud800", "99999999999999999999")
      .map((text) => Buffer.from(text))
  )
});

function mutate(
  body: Uint8Array,
  changes: readonly { at: number; gone: number; instead: Uint8Array }[]
): Buffer<ArrayBuffer> {
  let bytes = Buffer.from(body);
  for (const { at, gone, instead } of changes) {
    const place = Math.floor(at * bytes.length);
    bytes = Buffer.concat([bytes.subarray(0, place), instead, bytes.subarray(place + gone)]);
  }
  return bytes;
}

/** Whether an answer is whole in its own encoding. */
function isWhole(encoding: ExportEncoding, bytes: Uint8Array): boolean {
  if (encoding === "json") return typeof JSON.parse(new TextDecoder().decode(bytes)) === "object";
  const reader = Reader.create(bytes);
  while (reader.pos < bytes.length) reader.skipType(reader.uint32() & 7, 0, 1);
  return reader.pos === bytes.length;
}

for (const encoding of ["protobuf", "json"] as const) {
  for (const signal of ["traces", "logs"] as const) {
    test(`whatever ${encoding} ${signal} are turned into, the sender has an answer it understands and none is a defect`, async () => {
      const body = encodeBody(encoding, signal === "traces" ? { spans } : { logs });
      const headers = { "content-type": contentTypes[encoding] };
      const law = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const answer = await door.post(signal, mutate(body, changes), headers);
        expect([200, 400]).toContain(answer.status);
        expect(answer.headers.get("content-type")).toBe(contentTypes[encoding]);
        expect(isWhole(encoding, new Uint8Array(await answer.arrayBuffer()))).toBe(true);
      });
      await fc.assert(law, { numRuns: runs, seed: 11, interruptAfterTimeLimit: runs * 400 });
      expect((await door.post(signal, body, headers)).status).toBe(200);
      // What got in can be read.
      await door.ask("select * from spans, scores");
    });
  }
}
