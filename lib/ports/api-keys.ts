import type { ApiKey } from "../model/person.ts";
import type { Limits } from "../model/rights.ts";
import type { Scope } from "../model/scope.ts";

/** The keys that people and programs ask the workbench with. */
export interface ApiKeys {
  /**
   * @param scope    of the owner
   * @param request  `days` until it ends, 1 to 366
   * @returns its secret, which cannot be had again
   * @throws Fault `invalid` for a name, a time or limits that cannot be; `limit` for too many keys of one person;
   *   `denied` where a key asks
   */
  create(
    scope: Scope,
    request: Limits & { readonly name: string; readonly days: number }
  ): Promise<{ readonly key: ApiKey; readonly secret: string }>;
  /** Keys of one person, newest first, those that have ended too. */
  list(userId: string): Promise<readonly ApiKey[]>;
  /** From now on nothing is answered to the key. @throws Fault `missing` where the person has no such key */
  revoke(scope: Scope, keyId: string): Promise<void>;
  /** The key of a secret; null for one that is unknown, revoked or too old. Notes that it was used. */
  find(secret: string): Promise<ApiKey | null>;
}
