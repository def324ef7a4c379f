import fc from "fast-check";
import { Writer } from "protobufjs/minimal.js";
import { expect, test } from "vitest";
import { decodeOtlp } from "#lib/formats/otlp-proto.ts";
import { encodeExportResponse, encodeStatus } from "#lib/formats/otlp-wire.ts";
import { isFault } from "#lib/model/fault.ts";

/** A message of numbered parts, as bytes. */
const part = (...fields: readonly (readonly [number, Uint8Array | string])[]): Uint8Array => {
  const writer = Writer.create();
  for (const [number, value] of fields) {
    writer.uint32((number << 3) | 2);
    if (typeof value === "string") writer.string(value);
    else writer.bytes(value);
  }
  return writer.finish();
};
const scalar = (number: number, wireType: number, write: (writer: Writer) => Writer): Uint8Array =>
  write(Writer.create().uint32((number << 3) | wireType)).finish();
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

test("every kind of attribute value becomes what the JSON form writes", () => {
  const values: readonly [Uint8Array, unknown][] = [
    [part([1, "grüße 🙂"]), { stringValue: "grüße 🙂" }],
    [scalar(2, 0, (writer) => writer.bool(false)), { boolValue: false }],
    [scalar(3, 0, (writer) => writer.int64(-7)), { intValue: "-7" }],
    [scalar(4, 1, (writer) => writer.double(0.5)), { doubleValue: 0.5 }],
    [part([5, part([1, part([1, "a"])])]), { arrayValue: { values: [{ stringValue: "a" }] } }],
    [part([6, part([1, part([1, "k"])])]), { kvlistValue: { values: [{ key: "k" }] } }],
    [part([7, new Uint8Array([255, 0])]), { bytesValue: "/wA=" }],
    [new Uint8Array(), {}]
  ];
  for (const [bytes, value] of values) {
    const body = part([1, part([1, part([1, join(part([1, "key"]), part([2, bytes]))])])]);
    expect(decodeOtlp("traces", body)).toEqual({
      resourceSpans: [{ resource: { attributes: [{ key: "key", value }] } }]
    });
  }
});

test("ids become lower-case hex and instants keep every nanosecond", () => {
  const instant = new Uint8Array(8);
  new DataView(instant.buffer).setBigUint64(0, 1762833183129226735n, true);
  const span = join(
    part([1, new Uint8Array(16).fill(0xab)]),
    part([2, new Uint8Array(8).fill(0xcd)]),
    new Uint8Array([(7 << 3) | 1, ...instant])
  );
  expect(decodeOtlp("traces", part([1, part([2, part([2, span])])]))).toEqual({
    resourceSpans: [
      {
        scopeSpans: [
          { spans: [{ traceId: "ab".repeat(16), spanId: "cd".repeat(8), startTimeUnixNano: "1762833183129226735" }] }
        ]
      }
    ]
  });
});

test("fields that are not known, or are written otherwise, are skipped", () => {
  const unknown = join(
    scalar(99, 0, (writer) => writer.uint32(7)),
    scalar(98, 1, (writer) => writer.double(1)),
    scalar(97, 5, (writer) => writer.fixed32(1)),
    part([96, "text"]),
    scalar(1, 0, (writer) => writer.uint32(7))
  );
  expect(decodeOtlp("traces", unknown)).toEqual({});
});

test("a body that is cut off anywhere is refused", () => {
  const body = part([1, part([1, part([1, join(part([1, "key"]), part([2, part([1, "value"])]))])])]);
  for (let end = 1; end < body.length; end += 1) {
    expect(() => decodeOtlp("traces", body.subarray(0, end))).toThrow("cut off");
  }
});

test("values nested without end and lengths without a body are refused", () => {
  let value = part([1, "deep"]);
  for (let depth = 0; depth < 5000; depth += 1) value = part([5, part([1, value])]);
  const body = part([1, part([1, part([1, part([2, value])])])]);
  expect(() => decodeOtlp("traces", body)).toThrow("nests values more than 100 deep");
  expect(() => decodeOtlp("traces", new Uint8Array([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toThrow("cut off");
});

test("any bytes at all are a message or a Fault, never another error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom("traces", "logs"), (bytes, message) => {
      try {
        decodeOtlp(message as "traces", bytes);
      } catch (error) {
        if (!isFault(error)) throw error;
      }
    }),
    { numRuns: 2000 }
  );
});

test("a body of very many empty parts is refused before it fills the memory", () => {
  const body = new Uint8Array(5_000_000);
  for (let at = 0; at < body.length; at += 2) body[at] = 0x0a;
  expect(() => decodeOtlp("traces", body)).toThrow("more than 2000000 parts");
});

test("an answer without anything to tell is empty, and a partial success tells both its parts", () => {
  const whole = { rejected: 0, message: "" };
  expect(encodeExportResponse("protobuf", "traces", whole)).toHaveLength(0);
  expect(new TextDecoder().decode(encodeExportResponse("json", "logs", whole))).toBe("{}");
  expect([...encodeExportResponse("protobuf", "traces", { rejected: 300, message: "no" })]).toEqual([
    10, 7, 8, 0xac, 2, 18, 2, 0x6e, 0x6f
  ]);
  expect(
    JSON.parse(new TextDecoder().decode(encodeExportResponse("json", "logs", { rejected: 3, message: "no" })))
  ).toEqual({ partialSuccess: { rejectedLogRecords: "3", errorMessage: "no" } });
  expect([...encodeStatus("protobuf", { code: 3, message: "no" })]).toEqual([8, 3, 18, 2, 0x6e, 0x6f]);
  expect(JSON.parse(new TextDecoder().decode(encodeStatus("json", { code: 14, message: "no" })))).toEqual({
    code: 14,
    message: "no"
  });
});
