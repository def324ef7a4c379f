import type { IngestKey } from "../model/ingest-key.ts";

/** How a body of OTLP/HTTP is written. */
export type ExportEncoding = "protobuf" | "json";

/** An export request of OTLP/HTTP, its body as it came. */
export interface ExportRequest {
  readonly signal: "traces" | "logs";
  readonly encoding: ExportEncoding;
  readonly gzip: boolean;
  readonly body: Uint8Array;
}

/** What the sender is answered, in the encoding it used. */
export interface ExportReply {
  /** 200; 400, 413 and 500 for what must not be sent again; 429 and 503 for what should be. */
  readonly status: 200 | 400 | 413 | 429 | 500 | 503;
  /** Whole seconds, with 429 and 503. */
  readonly retryAfterSeconds: number | null;
  readonly body: Uint8Array;
}

/** Room in memory for bodies, shared by all requests that come in at once. */
export interface BodyRoom {
  /** Takes room for so many bytes. @returns false when there is not so much left */
  take(bytes: number): boolean;
  /** Gives room back. */
  give(bytes: number): void;
}

/** Takes export requests in. Decoding and writing happen away from the event loop of the pages. */
export interface Intake {
  /** For the bodies that are read and worked on. */
  readonly room: BodyRoom;
  /** Takes over the body, which is handed on and not copied, and its room, which is given back. Resolves when everything accepted is durable. Never rejects: what went wrong is in the reply. */
  receive(key: IngestKey, request: ExportRequest): Promise<ExportReply>;
  /** Answers what is under way, then ends. */
  close(): Promise<void>;
}
