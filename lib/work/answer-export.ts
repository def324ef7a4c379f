import { encodeStatus, rpcCodes } from "../formats/otlp-wire.ts";
import type { IngestKeys } from "../ports/ingest-keys.ts";
import type { ExportEncoding, ExportReply, ExportRequest, Intake } from "../ports/intake.ts";
import { bodyLimitBytes } from "./export-desk.ts";

const contentTypes: Readonly<Record<ExportEncoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json"
};

/** One export request of OTLP/HTTP: who sends, what is written how, and what the sender is answered. */
export async function answerExport(
  { ingestKeys, intake }: { readonly ingestKeys: IngestKeys; readonly intake: Intake },
  signal: ExportRequest["signal"],
  request: Request
): Promise<Response> {
  const type = (request.headers.get("content-type") ?? "").split(";", 1)[0]!.trim().toLowerCase();
  const encoding = type === contentTypes.protobuf ? "protobuf" : type === contentTypes.json ? "json" : null;
  if (!encoding) {
    return respond("json", 415, rpcCodes.invalidArgument, `send ${contentTypes.protobuf} or ${contentTypes.json}`);
  }
  const coding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (coding !== "gzip" && coding !== "identity") {
    return respond(
      encoding,
      415,
      rpcCodes.invalidArgument,
      `send the body as it is or as gzip, not as ${coding.slice(0, 40)}`
    );
  }
  const secret = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const key = secret === undefined ? null : await ingestKeys.find(secret);
  if (!key) {
    return respond(
      encoding,
      401,
      rpcCodes.unauthenticated,
      "send an ingest key as the header authorization: Bearer <key>; make one with: npx tracebook keys create"
    );
  }
  const body = await readBody(request);
  if (!body) {
    return respond(
      encoding,
      413,
      rpcCodes.invalidArgument,
      `a body may have ${bodyLimitBytes / 2 ** 20} MiB; send smaller batches`
    );
  }
  return toResponse(encoding, await intake.receive(key, { signal, encoding, gzip: coding === "gzip", body }));
}

/** @returns null for a body beyond the limit, of which no more is read */
async function readBody(request: Request): Promise<Uint8Array | null> {
  if (Number(request.headers.get("content-length") ?? 0) > bodyLimitBytes) return null;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request.body ?? []) {
    bytes += part.byteLength;
    if (bytes > bodyLimitBytes) return null;
    parts.push(part);
  }
  const body = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.byteLength;
  }
  return body;
}

function toResponse(encoding: ExportEncoding, { status, retryAfterSeconds, body }: ExportReply): Response {
  const headers = new Headers({ "content-type": contentTypes[encoding] });
  if (retryAfterSeconds !== null) headers.set("retry-after", String(retryAfterSeconds));
  return new Response(new Uint8Array(body), { status, headers });
}

function respond(encoding: ExportEncoding, status: 401 | 413 | 415, code: number, message: string): Response {
  return new Response(new Uint8Array(encodeStatus(encoding, { code, message })), {
    status,
    headers: { "content-type": contentTypes[encoding] }
  });
}
