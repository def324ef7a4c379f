import { Reader } from "protobufjs/minimal.js";
import { Fault } from "../model/fault.ts";
import type { Fields } from "./fields.ts";

/** How a field is written on the wire, and what it becomes in the JSON form of OTLP. */
const scalars = {
  /** Text; what is no UTF-8 becomes U+FFFD. */
  text: { wireType: 2, read: (reader: Reader): unknown => reader.string() },
  /** Bytes of an id, as lower-case hex. */
  hex: { wireType: 2, read: (reader: Reader): unknown => reader.bytes().toHex() },
  base64: { wireType: 2, read: (reader: Reader): unknown => reader.bytes().toBase64() },
  /** An instant: 64 bits without a sign, as decimal text. */
  nanos: {
    wireType: 1,
    read: (reader: Reader): unknown => {
      const low = reader.fixed32();
      const high = reader.fixed32();
      return ((BigInt(high) << 32n) | BigInt(low)).toString();
    }
  },
  int64: { wireType: 0, read: (reader: Reader): unknown => reader.int64().toString() },
  int32: { wireType: 0, read: (reader: Reader): unknown => reader.int32() },
  bool: { wireType: 0, read: (reader: Reader): unknown => reader.bool() },
  double: { wireType: 1, read: (reader: Reader): unknown => reader.double() }
} as const;

type Kind = keyof typeof scalars | MessageName;

/** Name in the JSON form, kind, and `true` where the field repeats. */
type Field = readonly [name: string, kind: Kind, many?: true];

type MessageName =
  | "traces"
  | "logs"
  | "resourceSpans"
  | "resourceLogs"
  | "resource"
  | "scopeSpans"
  | "scopeLogs"
  | "scope"
  | "span"
  | "event"
  | "link"
  | "status"
  | "logRecord"
  | "keyValue"
  | "anyValue"
  | "arrayValue"
  | "keyValueList";

/** The messages of opentelemetry-proto 1.x that hold spans and log records, by field number; others are skipped. */
const messages: Readonly<Record<MessageName, Readonly<Record<number, Field>>>> = {
  traces: { 1: ["resourceSpans", "resourceSpans", true] },
  logs: { 1: ["resourceLogs", "resourceLogs", true] },
  resourceSpans: { 1: ["resource", "resource"], 2: ["scopeSpans", "scopeSpans", true], 3: ["schemaUrl", "text"] },
  resourceLogs: { 1: ["resource", "resource"], 2: ["scopeLogs", "scopeLogs", true], 3: ["schemaUrl", "text"] },
  resource: { 1: ["attributes", "keyValue", true] },
  scopeSpans: { 1: ["scope", "scope"], 2: ["spans", "span", true], 3: ["schemaUrl", "text"] },
  scopeLogs: { 1: ["scope", "scope"], 2: ["logRecords", "logRecord", true], 3: ["schemaUrl", "text"] },
  scope: { 1: ["name", "text"], 2: ["version", "text"], 3: ["attributes", "keyValue", true] },
  span: {
    1: ["traceId", "hex"],
    2: ["spanId", "hex"],
    3: ["traceState", "text"],
    4: ["parentSpanId", "hex"],
    5: ["name", "text"],
    6: ["kind", "int32"],
    7: ["startTimeUnixNano", "nanos"],
    8: ["endTimeUnixNano", "nanos"],
    9: ["attributes", "keyValue", true],
    11: ["events", "event", true],
    13: ["links", "link", true],
    15: ["status", "status"]
  },
  event: { 1: ["timeUnixNano", "nanos"], 2: ["name", "text"], 3: ["attributes", "keyValue", true] },
  link: {
    1: ["traceId", "hex"],
    2: ["spanId", "hex"],
    3: ["traceState", "text"],
    4: ["attributes", "keyValue", true]
  },
  status: { 2: ["message", "text"], 3: ["code", "int32"] },
  logRecord: {
    1: ["timeUnixNano", "nanos"],
    2: ["severityNumber", "int32"],
    3: ["severityText", "text"],
    5: ["body", "anyValue"],
    6: ["attributes", "keyValue", true],
    9: ["traceId", "hex"],
    10: ["spanId", "hex"],
    11: ["observedTimeUnixNano", "nanos"],
    12: ["eventName", "text"]
  },
  keyValue: { 1: ["key", "text"], 2: ["value", "anyValue"] },
  anyValue: {
    1: ["stringValue", "text"],
    2: ["boolValue", "bool"],
    3: ["intValue", "int64"],
    4: ["doubleValue", "double"],
    5: ["arrayValue", "arrayValue"],
    6: ["kvlistValue", "keyValueList"],
    7: ["bytesValue", "base64"]
  },
  arrayValue: { 1: ["values", "anyValue", true] },
  keyValueList: { 1: ["values", "keyValue", true] }
};

/** Values within values; a deeper one is an attack on the stack, not a trace. */
const depthLimit = 100;

/** Messages in one body: an empty one takes two bytes there and fifty times that here. */
const messageLimit = 2_000_000;

/** A field as the decoder uses it: what it is called, and how it is read. */
interface FieldReader {
  readonly name: string;
  readonly many: boolean;
  readonly wireType: number;
  readonly scalar: ((reader: Reader) => unknown) | null;
  /** The message that the field holds, by number, where it is no scalar. */
  readonly message: number;
}

const messageNames = Object.keys(messages) as readonly MessageName[];

/** Readers by number of the message, then by number of the field: looked up for every field of every span. */
const fieldReaders: readonly (readonly (FieldReader | undefined)[])[] = messageNames.map((message) => {
  const readers: (FieldReader | undefined)[] = [];
  for (const [number, [name, kind, many]] of Object.entries(messages[message])) {
    const scalar = kind in scalars ? scalars[kind as keyof typeof scalars] : undefined;
    readers[Number(number)] = {
      name,
      many: many === true,
      wireType: scalar?.wireType ?? 2,
      scalar: scalar?.read ?? null,
      message: scalar ? -1 : messageNames.indexOf(kind as MessageName)
    };
  }
  return readers;
});

/**
 * Decodes a body of OTLP/HTTP into the shape that its JSON form has, so that one reader serves both.
 * Fields that are not known, or are written in another way than theirs, are skipped, as protobuf wants it.
 *
 * @param message  `traces` for ExportTraceServiceRequest, `logs` for ExportLogsServiceRequest
 * @throws Fault `invalid` for what is no such message, `limit` for one with too many parts
 */
export function decodeOtlp(message: "traces" | "logs", bytes: Uint8Array): Fields {
  // Texts of a Buffer are decoded by the engine, those of a plain array by a loop.
  const reader = Reader.create(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  let count = 0;
  const read = (number: number, end: number, depth: number): Fields => {
    if (depth > depthLimit) throw new Fault("invalid", `the body nests values more than ${depthLimit} deep`);
    count += 1;
    if (count > messageLimit) {
      throw new Fault("limit", `the body has more than ${messageLimit} parts`, { hint: "Send smaller batches." });
    }
    const readers = fieldReaders[number]!;
    const found: Record<string, unknown> = {};
    while (reader.pos < end) {
      const tag = reader.uint32();
      const field = readers[tag >>> 3];
      if (!field || (tag & 7) !== field.wireType) {
        reader.skipType(tag & 7, 0, tag >>> 3);
        continue;
      }
      const value = field.scalar ? field.scalar(reader) : read(field.message, endOfPart(reader, end), depth + 1);
      if (field.many) {
        const list = found[field.name] as unknown[] | undefined;
        if (list) list.push(value);
        else found[field.name] = [value];
      } else found[field.name] = value;
    }
    if (reader.pos !== end) throw new RangeError("a field ends outside its message");
    return found;
  };
  try {
    return read(messageNames.indexOf(message), bytes.byteLength, 0);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault("invalid", "the body is no OTLP protobuf message, or is cut off", {
      detail: error instanceof Error ? error.message : String(error),
      cause: error
    });
  }
}

function endOfPart(reader: Reader, end: number): number {
  const length = reader.uint32();
  if (reader.pos + length > end) throw new RangeError("a part ends outside its message");
  return reader.pos + length;
}
