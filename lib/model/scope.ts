import { Fault } from "./fault.ts";

/** The part of the company that owns an agent: lower-case letters, digits and dashes, 1 to 63 of them. */
export type BusinessUnit = string;

/** What a person may do in one business unit. */
export type Role = "admin" | "lead" | "scientist" | "expert" | "auditor" | "viewer";

/** Every role, the most powerful first. */
export const roles: readonly Role[] = ["admin", "lead", "scientist", "expert", "auditor", "viewer"];

/** How the one who asks came in, as the audit trail tells it. */
export interface Via {
  readonly kind: "user" | "key" | "system";
  readonly method: "local" | "password" | "oidc" | "key" | "cli" | "program";
  readonly sessionId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
  /** Roles held at that time, each as `unit:role`. */
  readonly roles: readonly string[];
}

/** Who asks, and for which business units. Every read and every write takes one. */
export interface Scope {
  readonly userId: string;
  /** Roles held in every unit, those that do not exist yet too; most people have none of this kind. */
  readonly roles: readonly Role[];
  /**
   * The units in which the asker holds the right that is used; sorted, without repeats. What is not in here does not
   * exist for the one who asks.
   */
  readonly businessUnits: readonly BusinessUnit[];
  /** Absent where the program itself asks. */
  readonly via?: Via;
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

/** True where `scope` holds every unit of `other`, for the same person. */
export function coversUnits(scope: Scope, other: Scope): boolean {
  return scope.userId === other.userId && other.businessUnits.every((unit) => scope.businessUnits.includes(unit));
}
