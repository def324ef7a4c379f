import type { BusinessUnit, Role, Scope, Via } from "./scope.ts";

/**
 * What a person can be let do in a business unit: see reports; read traces; see what masks hide; take data out; run
 * cells, scorers and models; judge traces; decide who does what; read the audit trail.
 */
export type Right = "report" | "read" | "reveal" | "export" | "run" | "annotate" | "administer" | "audit";

export const rights: readonly Right[] = [
  "report",
  "read",
  "reveal",
  "export",
  "run",
  "annotate",
  "administer",
  "audit"
];

/** What each role may do. Nothing else in the program decides it. */
export const rightsOf: Readonly<Record<Role, readonly Right[]>> = {
  admin: rights,
  lead: ["report", "read", "reveal", "export", "run", "annotate", "administer"],
  scientist: ["report", "read", "export", "run", "annotate"],
  expert: ["report", "read", "run", "annotate"],
  auditor: ["report", "audit"],
  viewer: ["report"]
};

/** In place of a unit: every one, those that do not exist yet too. */
export const everyUnit = "*";

/** One role of one person in one business unit, or in `everyUnit`. */
export interface Membership {
  readonly businessUnit: BusinessUnit | typeof everyUnit;
  readonly role: Role;
}

/** Who asks, with all that they may do. */
export interface Asker {
  readonly userId: string;
  readonly name: string;
  readonly memberships: readonly Membership[];
  readonly via: Via;
  /** What a key narrows its owner to. */
  readonly limits?: Limits;
}

/** Rights and units beyond which nothing is given, whatever the memberships say. */
export interface Limits {
  readonly rights: readonly Right[];
  /** Null for every unit of the asker. */
  readonly businessUnits: readonly BusinessUnit[] | null;
}

/**
 * What one right gives one asker: the units in which they hold it, and no others.
 *
 * @param right  null gives the units in which they hold any
 * @param units  every unit that there is
 */
export function scopeOf(asker: Asker, right: Right | null, units: readonly BusinessUnit[]): Scope {
  const wanted = (right === null ? rights : [right]).filter((one) => asker.limits?.rights.includes(one) ?? true);
  const holding = asker.memberships.filter(({ role }) => wanted.some((one) => rightsOf[role].includes(one)));
  const everywhere = holding.filter(({ businessUnit }) => businessUnit === everyUnit).map(({ role }) => role);
  const own = new Set(holding.map(({ businessUnit }) => businessUnit));
  const only = asker.limits?.businessUnits;
  const held = units.filter((unit) => (everywhere.length > 0 || own.has(unit)) && (only?.includes(unit) ?? true));
  return {
    userId: asker.userId,
    // A role says more than one right, so a key that is narrowed has none.
    roles: asker.limits ? [] : [...new Set(everywhere)],
    businessUnits: held.sort(),
    via: asker.via
  };
}
