import type { IngestKey } from "#lib/model/ingest-key.ts";
import type { ExportReply, ExportRequest } from "#lib/ports/intake.ts";
import type { Config } from "../config.ts";

/** What the intake's thread is started with. */
export type IntakeSettings = Pick<Config, "dataFolder" | "databaseUrl" | "flushMs">;

/** One request, to the thread. */
export interface IntakeTask {
  readonly id: number;
  readonly key: IngestKey;
  readonly request: ExportRequest;
}

/** From the thread: its answer, or why there is none. */
export type IntakeMessage =
  | { readonly kind: "reply"; readonly id: number; readonly reply: ExportReply }
  | { readonly kind: "closed" };
