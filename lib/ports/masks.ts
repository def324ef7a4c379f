import type { MaskRules, MaskVersion, UnitMask } from "../model/mask.ts";
import type { BusinessUnit, Scope } from "../model/scope.ts";

/** What business units hide: versions that are only ever added. */
export interface Masks {
  /** Every version of a unit's rules, the newest first; none where it never had any. @throws Fault `missing` for a unit outside the scope */
  list(scope: Scope, businessUnit: BusinessUnit): Promise<readonly MaskVersion[]>;
  /**
   * Adds a version, which is in force at once, and tells the audit trail.
   *
   * @param version  the newest that the one who changes them has seen; 0 where there was none
   * @throws Fault `missing` for a unit outside the scope, `conflict` where somebody else changed them meanwhile
   */
  add(scope: Scope, businessUnit: BusinessUnit, rules: MaskRules, version: number): Promise<MaskVersion>;
  /** The newest rules of units, of those that have any. For the engine alone: a scope sees them by `list`. */
  inForce(businessUnits: readonly BusinessUnit[]): Promise<readonly UnitMask[]>;
}
