import { Writer } from "protobufjs/minimal.js";

/** Codes of `google.rpc.Status` that an export can be answered with. */
export const rpcCodes = {
  invalidArgument: 3,
  resourceExhausted: 8,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16
} as const;

/**
 * The answer to an export that was taken in. Without rejected records and without a message it is empty,
 * as the standard wants it.
 *
 * @param message  why records were rejected, or a warning where none was
 */
export function encodeExportResponse(
  encoding: "protobuf" | "json",
  signal: "traces" | "logs",
  { rejected, message }: { readonly rejected: number; readonly message: string }
): Uint8Array {
  const partial = rejected > 0 || message !== "";
  if (encoding === "json") {
    const count = signal === "traces" ? "rejectedSpans" : "rejectedLogRecords";
    return textBytes(partial ? { partialSuccess: { [count]: String(rejected), errorMessage: message } } : {});
  }
  const writer = Writer.create();
  if (partial) writer.uint32(10).fork().uint32(8).int64(rejected).uint32(18).string(message).ldelim();
  return writer.finish();
}

/** A `google.rpc.Status`, the body of every answer that is not 200. */
export function encodeStatus(
  encoding: "protobuf" | "json",
  { code, message }: { readonly code: number; readonly message: string }
): Uint8Array {
  if (encoding === "json") return textBytes({ code, message });
  return Writer.create().uint32(8).int32(code).uint32(18).string(message).finish();
}

function textBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
