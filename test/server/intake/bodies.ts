import { Writer } from "protobufjs/minimal.js";
import type { ExportEncoding, ExportRequest } from "#lib/ports/intake.ts";

/** A value of an attribute or a body, as plain JSON. */
type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

/** Names and values, as plain JSON. */
export type PlainAttributes = Readonly<Record<string, Plain>>;

/** A span to send. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startNs?: bigint;
  readonly endNs?: bigint;
  readonly attributes?: PlainAttributes;
}

/** A log record to send. */
export interface SentLog {
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  readonly timeNs?: bigint;
  readonly attributes?: PlainAttributes;
  readonly body?: Plain;
}

/** Header that belongs to an encoding. */
export const contentTypes: Readonly<Record<ExportEncoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json"
};

/** When a span begins that does not say so. */
const someNs = 1_763_600_000_000_000_000n;

/** An export request as its bytes. */
export function encodeBody(
  encoding: ExportEncoding,
  { spans = [], logs = [] }: { readonly spans?: readonly SentSpan[]; readonly logs?: readonly SentLog[] }
): Uint8Array<ArrayBuffer> {
  const document =
    logs.length > 0
      ? { resourceLogs: [{ scopeLogs: [{ logRecords: logs.map(toLogRecord) }] }] }
      : { resourceSpans: [{ scopeSpans: [{ spans: spans.map(toSpan) }] }] };
  if (encoding === "json") return new TextEncoder().encode(JSON.stringify(document));
  const writer = Writer.create().uint32(10).fork().uint32(18).fork();
  for (const span of spans) writeSpan(writer.uint32(18).fork(), span).ldelim();
  for (const log of logs) writeLog(writer.uint32(18).fork(), log).ldelim();
  return new Uint8Array(writer.ldelim().ldelim().finish());
}

/** Sends one export request. @throws what `fetch` throws when the connection breaks */
export function postExport(
  door: { readonly url: string; readonly secret: string },
  signal: ExportRequest["signal"],
  encoding: ExportEncoding,
  body: Uint8Array<ArrayBuffer>
): Promise<Response> {
  const headers = { "content-type": contentTypes[encoding], authorization: `Bearer ${door.secret}` };
  return fetch(`${door.url}/v1/${signal}`, { method: "POST", headers, body });
}

const toSpan = ({ startNs = someNs, endNs = startNs + 1_000_000n, attributes = {}, ...span }: SentSpan) => ({
  ...span,
  startTimeUnixNano: String(startNs),
  endTimeUnixNano: String(endNs),
  attributes: toPairs(attributes)
});

const toLogRecord = ({ timeNs = someNs, attributes = {}, body, ...log }: SentLog) => ({
  ...log,
  timeUnixNano: String(timeNs),
  attributes: toPairs(attributes),
  ...(body === undefined ? {} : { body: toValue(body) })
});

const toPairs = (attributes: PlainAttributes) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: toValue(value) }));

function toValue(value: Plain): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toValue) } };
  return { kvlistValue: { values: toPairs(value as PlainAttributes) } };
}

function writeSpan(writer: Writer, span: SentSpan): Writer {
  const { startNs = someNs, endNs = startNs + 1_000_000n, attributes = {} } = span;
  writer.uint32(10).bytes(Uint8Array.fromHex(span.traceId)).uint32(18).bytes(Uint8Array.fromHex(span.spanId));
  if (span.parentSpanId) writer.uint32(34).bytes(Uint8Array.fromHex(span.parentSpanId));
  writeInstant(writer.uint32(42).string(span.name).uint32(57), startNs);
  writeInstant(writer.uint32(65), endNs);
  return writePairs(writer, 74, attributes);
}

function writeLog(writer: Writer, log: SentLog): Writer {
  writeInstant(writer.uint32(9), log.timeNs ?? someNs);
  if (log.body !== undefined) writeValue(writer.uint32(42).fork(), log.body).ldelim();
  writePairs(writer, 50, log.attributes ?? {});
  writer.uint32(74).bytes(Uint8Array.fromHex(log.traceId)).uint32(82).bytes(Uint8Array.fromHex(log.spanId));
  return writer.uint32(98).string(log.eventName);
}

const writeInstant = (writer: Writer, ns: bigint): Writer =>
  writer.fixed32(Number(ns & 0xffffffffn)).fixed32(Number(ns >> 32n));

function writePairs(writer: Writer, tag: number, attributes: PlainAttributes): Writer {
  for (const [key, value] of Object.entries(attributes)) {
    writer.uint32(tag).fork().uint32(10).string(key);
    writeValue(writer.uint32(18).fork(), value).ldelim().ldelim();
  }
  return writer;
}

function writeValue(writer: Writer, value: Plain): Writer {
  if (typeof value === "string") return writer.uint32(10).string(value);
  if (typeof value === "boolean") return writer.uint32(16).bool(value);
  if (typeof value === "number")
    return Number.isInteger(value) ? writer.uint32(24).int64(value) : writer.uint32(33).double(value);
  if (!Array.isArray(value)) return writePairs(writer.uint32(50).fork(), 10, value as PlainAttributes).ldelim();
  writer.uint32(42).fork();
  for (const item of value) writeValue(writer.uint32(10).fork(), item).ldelim();
  return writer.ldelim();
}
