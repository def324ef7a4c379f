import type { Imported } from "../formats/imported.ts";
import { readExport } from "../formats/otlp-export.ts";
import { encodeExportResponse, encodeStatus, rpcCodes } from "../formats/otlp-wire.ts";
import { isFault } from "../model/fault.ts";
import type { IngestKey } from "../model/ingest-key.ts";
import type { ExportReply, ExportRequest } from "../ports/intake.ts";
import { type ReceiveDoors, SpanReceiver } from "./receive-spans.ts";

/** What a body may hold, decompressed: the size that the standard recommends. */
export const bodyLimitBytes = 20 * 2 ** 20;

/** What exports are answered with. */
export interface ExportDoors extends ReceiveDoors {
  /** @throws Fault `limit` or `invalid` */
  readonly unzip: (body: Uint8Array, limitBytes: number) => Uint8Array;
}

/** Answers export requests of OTLP/HTTP: decodes, normalises, hands to the lake, and says what became of it. */
export class ExportDesk {
  readonly #doors: ExportDoors;
  readonly #receiver: SpanReceiver;

  constructor(doors: ExportDoors) {
    this.#doors = doors;
    this.#receiver = new SpanReceiver(doors);
  }

  /** Never rejects. A batch is taken in span by span: what cannot be a span is counted, the others are kept. */
  async answer(key: IngestKey, request: ExportRequest): Promise<ExportReply> {
    try {
      const receipt = await this.#receiver.receive(key, this.#read(key, request));
      if (receipt.kind === "later") {
        const busy = receipt.why === "rate";
        return refusal(
          busy ? 429 : 503,
          busy ? rpcCodes.resourceExhausted : rpcCodes.unavailable,
          receipt.message,
          request,
          receipt.retryAfterSeconds
        );
      }
      const message = receipt.reasons.join("; ");
      return {
        status: 200,
        retryAfterSeconds: null,
        body: encodeExportResponse(request.encoding, request.signal, { rejected: receipt.rejected, message })
      };
    } catch (error) {
      if (isFault(error) && error.code === "limit")
        return refusal(413, rpcCodes.invalidArgument, error.message, request);
      if (isFault(error) && error.code === "invalid")
        return refusal(400, rpcCodes.invalidArgument, error.message, request);
      console.error("an export could not be taken in:", error);
      return refusal(500, rpcCodes.internal, "the workbench failed to write this batch; its log says why", request);
    }
  }

  /** Resolves when every request has its answer. */
  settle(): Promise<void> {
    return this.#receiver.settle();
  }

  #read(key: IngestKey, { signal, encoding, gzip, body }: ExportRequest): Imported {
    const bytes = gzip ? this.#doors.unzip(body, bodyLimitBytes) : body;
    const context = { businessUnit: key.businessUnit, environment: null, nowMs: this.#doors.clock.nowMs() };
    return readExport(signal, encoding, bytes, context);
  }
}

function refusal(
  status: 400 | 413 | 429 | 500 | 503,
  code: number,
  message: string,
  { encoding }: ExportRequest,
  retryAfterSeconds: number | null = null
): ExportReply {
  return { status, retryAfterSeconds, body: encodeStatus(encoding, { code, message }) };
}
