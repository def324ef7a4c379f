import { encodeStatus, rpcCodes } from "../formats/otlp-wire.ts";
import type { IngestKeys } from "../ports/ingest-keys.ts";
import type { BodyRoom, ExportEncoding, ExportReply, ExportRequest, Intake } from "../ports/intake.ts";
import { bodyLimitBytes } from "./export-desk.ts";

const contentTypes: Readonly<Record<ExportEncoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json"
};

/** How long the body of a request may take to come, in ms. */
const defaultBodyMs = 30_000;

/** What exports are answered with. */
export interface AnswerDoors {
  readonly ingestKeys: IngestKeys;
  readonly intake: Intake;
}

/**
 * One export request of OTLP/HTTP: who sends, what is written how, and what the sender is answered.
 * Nothing of a body is read before its key is known, and of all bodies together no more than there is room for.
 */
export async function answerExport(
  { ingestKeys, intake }: AnswerDoors,
  signal: ExportRequest["signal"],
  request: Request,
  bodyMs = defaultBodyMs
): Promise<Response> {
  const type = (request.headers.get("content-type") ?? "").split(";", 1)[0]!.trim().toLowerCase();
  const encoding = type === contentTypes.protobuf ? "protobuf" : type === contentTypes.json ? "json" : null;
  if (!encoding) return refuse("json", 415, `send ${contentTypes.protobuf} or ${contentTypes.json}`);
  const coding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (coding !== "gzip" && coding !== "identity")
    return refuse(encoding, 415, `send the body as it is or as gzip, not as ${coding.slice(0, 40)}`);
  const secret = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const key = secret === undefined ? null : await ingestKeys.find(secret);
  if (!key) {
    const message =
      "send an ingest key as the header authorization: Bearer <key>; make one with: npx tracebook keys create";
    return refuse(encoding, 401, message);
  }
  const body = await readBody(request, intake.room, bodyMs);
  if (typeof body === "string") {
    const [status, message] = unread[body];
    return refuse(encoding, status, message);
  }
  return toResponse(encoding, await intake.receive(key, { signal, encoding, gzip: coding === "gzip", body }));
}

/** Answers to bodies that were not read to their end. */
const unread = {
  large: [413, `a body may have ${bodyLimitBytes / 2 ** 20} MiB; send smaller batches`],
  late: [503, "the body did not come in time"],
  crowded: [429, "more comes in than can be written just now"],
  broken: [400, "the body ended before it was whole"]
} as const;

/** @returns the body, for which room is taken; or why no more of it is read, and then none is taken */
async function readBody(request: Request, room: BodyRoom, bodyMs: number): Promise<Uint8Array | keyof typeof unread> {
  if (Number(request.headers.get("content-length") ?? 0) > bodyLimitBytes) return "large";
  // Not cancelled where it is left: that would close the connection before the answer is written.
  const reader = request.body?.getReader();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const leave = (why: keyof typeof unread) => {
    room.give(bytes);
    return why;
  };
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(late.resolve, bodyMs, "late");
  try {
    for (;;) {
      const next = reader ? await Promise.race([reader.read(), late.promise]) : { done: true as const };
      if (next === "late") return leave("late");
      if (next.done) break;
      if (bytes + next.value.byteLength > bodyLimitBytes) return leave("large");
      if (!room.take(next.value.byteLength)) return leave("crowded");
      bytes += next.value.byteLength;
      parts.push(next.value);
    }
  } catch {
    // The connection broke: most likely nobody is there any more to read the answer.
    return leave("broken");
  } finally {
    clearTimeout(timer);
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

const codes = {
  400: rpcCodes.invalidArgument,
  401: rpcCodes.unauthenticated,
  413: rpcCodes.invalidArgument,
  415: rpcCodes.invalidArgument,
  429: rpcCodes.resourceExhausted,
  503: rpcCodes.unavailable
} as const;

/** What still comes of the body is passed over, so that the sender hears the answer; of one that is too slow the connection is closed. */
function refuse(encoding: ExportEncoding, status: keyof typeof codes, message: string): Response {
  const headers = new Headers({ "content-type": contentTypes[encoding] });
  if (status === 429 || status === 503) headers.set("retry-after", "1");
  if (status === 503) headers.set("connection", "close");
  return new Response(new Uint8Array(encodeStatus(encoding, { code: codes[status], message })), { status, headers });
}
