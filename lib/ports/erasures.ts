import type { Erasure, ErasureTarget } from "../model/audit.ts";
import type { Scope } from "../model/scope.ts";

/**
 * Destroys what is kept beside entries of the audit trail: addresses, browsers, titles, purposes and changes, with the
 * salt that their digests were made with. The entries stay, and so does the chain.
 */
export interface Erasures {
  /** What `erase` would find. @throws Fault `denied` unless the scope administers every unit */
  count(scope: Scope, target: ErasureTarget, signal: AbortSignal): Promise<Erasure>;
  /**
   * Destroys and records it, both or neither; nothing happens where nothing is left to destroy.
   *
   * @param reason  why, kept beside the record
   * @throws Fault `denied` as in `count`
   */
  erase(scope: Scope, target: ErasureTarget, reason: string, signal: AbortSignal): Promise<Erasure>;
}
