import { Fault } from "./fault.ts";
import { everyUnit, type Membership } from "./rights.ts";
import { isBusinessUnit, type Role, type Scope } from "./scope.ts";

/** More memberships than one person could need. */
const mostMemberships = 200;

/** Roles that nobody gives but who administers every unit: who holds one sees what was done to the others. */
const kept: readonly Role[] = ["admin", "auditor"];

/** Whether somebody administers every unit, those that do not exist yet too. */
export function administersAll(scope: Scope): boolean {
  return scope.roles.includes("admin");
}

/** The roles that a scope of the right `administer` may give in one of its units. */
export function rolesToGive(scope: Scope, roles: readonly Role[]): readonly Role[] {
  return administersAll(scope) ? roles : roles.filter((role) => !kept.includes(role));
}

/**
 * The memberships, sorted and without repeats, where the scope may give them all.
 *
 * @param scope  of the right `administer`
 * @throws Fault `invalid` for too many, or a unit that cannot be one; `denied` where the scope may not give one
 */
export function checkGrant(scope: Scope, memberships: readonly Membership[]): readonly Membership[] {
  if (memberships.length > mostMemberships)
    throw new Fault("invalid", `${memberships.length} memberships are too many`, {
      hint: `Give ${mostMemberships} at most.`
    });
  const sorted = new Map(
    memberships.map((membership) => [`${membership.businessUnit} ${membership.role}`, membership])
  );
  for (const { businessUnit, role } of sorted.values()) {
    if (businessUnit !== everyUnit && !isBusinessUnit(businessUnit))
      throw new Fault("invalid", `"${businessUnit.slice(0, 80)}" cannot be a business unit`, {
        hint: "Use 1 to 63 lower-case letters, digits and dashes."
      });
    if (administersAll(scope)) continue;
    if (businessUnit === everyUnit)
      throw new Fault("denied", "a role in every unit is given by who administers every unit");
    if (!scope.businessUnits.includes(businessUnit))
      throw new Fault("denied", `the business unit "${businessUnit}" is not yours to administer`);
    if (kept.includes(role))
      throw new Fault("denied", `the role "${role}" is given by who administers every unit`, {
        hint: "Ask an administrator of the workbench."
      });
  }
  return [...sorted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, membership]) => membership);
}

/** Whether a membership lies where the scope administers. */
export function isWithin(scope: Scope, { businessUnit }: Membership): boolean {
  return administersAll(scope) || scope.businessUnits.includes(businessUnit);
}
