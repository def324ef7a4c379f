import { Fault } from "./fault.ts";

/** The part of the company that owns an agent: lower-case letters, digits and dashes, 1 to 63 of them. */
export type BusinessUnit = string;

/** What a person may do in one business unit. */
export type Role = "admin" | "lead" | "scientist" | "expert" | "auditor" | "viewer";

/** Every role, the most powerful first. */
export const roles: readonly Role[] = ["admin", "lead", "scientist", "expert", "auditor", "viewer"];

/** Who asks, and for which business units. Every read and every write takes one. */
export interface Scope {
  readonly userId: string;
  readonly roles: readonly Role[];
  /** Sorted, without repeats. What is not in here does not exist for the one who asks. */
  readonly businessUnits: readonly BusinessUnit[];
}

/** True when the name can be a business unit, and so a folder of the lake. */
export function isBusinessUnit(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
}

/** @throws Fault `denied` for a unit outside the scope, unless the scope holds `admin` */
export function requireUnit(scope: Scope, businessUnit: string): void {
  if (scope.businessUnits.includes(businessUnit) || scope.roles.includes("admin")) return;
  throw new Fault("denied", `the business unit "${businessUnit}" is not yours to write to`);
}

/** One string per set of units: scopes with equal keys see the same traces. */
export function scopeKey(scope: Scope): string {
  return scope.businessUnits.join(",");
}
