import type { IngestKey } from "../model/ingest-key.ts";
import { integer, object, optional, text } from "./parse.ts";

/** GET /api/keys */
export interface KeysReply {
  readonly keys: readonly (IngestKey & {
    /** When something last came with it; null where this server has seen nothing since it started. */
    readonly lastUsedAtMs: number | null;
  })[];
  readonly businessUnits: readonly string[];
  /** Whether a unit that there is not yet may be named. */
  readonly mayName: boolean;
}

/** POST /api/keys */
export interface KeyRequest {
  readonly businessUnit: string;
  readonly name: string;
  /** Null sets no limit. */
  readonly spansPerSecond: number | null;
}

/** A key that was just made; its secret cannot be had again. */
export interface MadeKeyReply {
  readonly key: IngestKey;
  readonly secret: string;
}

/** @throws Fault `invalid` */
export function parseKeyRequest(value: unknown): KeyRequest {
  const fields = object(value, "the request");
  return {
    businessUnit: text(fields, "businessUnit"),
    name: text(fields, "name"),
    spansPerSecond: optional(fields, "spansPerSecond", integer) ?? null
  };
}
