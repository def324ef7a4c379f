import type { Json } from "../model/span.ts";

/** What became of a message. */
export type HookAnswer =
  | { readonly kind: "taken" }
  /** `retryAfterMs` is null where another try would fare no better, 0 where the receiver names no time. */
  | { readonly kind: "refused"; readonly problem: string; readonly retryAfterMs: number | null };

/** Where messages go to tools that the company already has. */
export interface Hook {
  /** @returns what became of it; throws only when the signal is aborted */
  send(message: Json, signal: AbortSignal): Promise<HookAnswer>;
}
