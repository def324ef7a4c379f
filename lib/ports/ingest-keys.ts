import type { IngestKey } from "../model/ingest-key.ts";
import type { BusinessUnit, Scope } from "../model/scope.ts";

/** The keys that programs send traces with. */
export interface IngestKeys {
  /**
   * Makes a key.
   *
   * @returns its secret, which cannot be had again
   * @throws Fault `invalid` for a unit, name or limit that cannot be one
   * @throws Fault `denied` for a unit outside the scope, unless it holds `admin` everywhere
   */
  create(
    scope: Scope,
    request: { readonly businessUnit: BusinessUnit; readonly name: string; readonly spansPerSecond?: number | null }
  ): Promise<{ readonly key: IngestKey; readonly secret: string }>;
  /** Keys of the scope's units, revoked ones too, oldest first; an `admin` sees those of every unit. */
  list(scope: Scope): Promise<readonly IngestKey[]>;
  /**
   * From now on nothing comes in with the key. Revoking twice changes nothing.
   *
   * @throws Fault `missing` for a key that the scope does not see, `denied` as in `create`
   */
  revoke(scope: Scope, keyId: string): Promise<void>;
  /** When a key was last found by its secret, ms since 1970 UTC; null where this process has not seen it used. */
  lastUsedAtMs(keyId: string): number | null;
  /** The key of a secret; null for one that is unknown or revoked, or whose unit was removed. */
  find(secret: string): Promise<IngestKey | null>;
}
