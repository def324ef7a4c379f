import { Fault } from "../model/fault.ts";
import { type Fields, isFields, listAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { parseSentLogs } from "./log-messages.ts";
import { parseResourceSpans } from "./otlp.ts";
import { decodeOtlp } from "./otlp-proto.ts";

/**
 * Reads an export request of OTLP/HTTP.
 *
 * @param body  decompressed
 * @returns its spans, or its messages and evaluations, and a sentence for every record that cannot be one
 * @throws Fault `invalid` for a body that is no request at all
 */
export function readExport(
  signal: "traces" | "logs",
  encoding: "protobuf" | "json",
  body: Uint8Array,
  context: ImportContext
): Imported {
  const document = encoding === "protobuf" ? decodeOtlp(signal, body) : parseJson(body);
  const [list, other] =
    signal === "traces" ? (["resourceSpans", "resourceLogs"] as const) : (["resourceLogs", "resourceSpans"] as const);
  if (document[list] === undefined && document[other] !== undefined) {
    throw new Fault("invalid", `"${other}" was sent to the address for ${signal}`, {
      hint: "Spans go to /v1/traces, logs to /v1/logs."
    });
  }
  if (document[list] !== undefined && !Array.isArray(document[list]))
    throw new Fault("invalid", `"${list}" is no list`);
  const read = signal === "traces" ? parseResourceSpans : parseSentLogs;
  const parts = listAt(document, list).map((part) => read(part, context));
  return {
    spans: parts.flatMap(({ spans }) => spans),
    scores: parts.flatMap(({ scores }) => scores),
    rejected: parts.flatMap(({ rejected }) => rejected),
    messages: parts.flatMap(({ messages = [] }) => messages)
  };
}

function parseJson(body: Uint8Array): Fields {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new Fault("invalid", `the body is no JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error
    });
  }
  if (!isFields(document)) throw new Fault("invalid", "the body is JSON, but no object");
  return document;
}
