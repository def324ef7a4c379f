import { Fault } from "./fault.ts";
import { parseEmail } from "./person.ts";
import { type BusinessUnit, isBusinessUnit, type Scope } from "./scope.ts";

/** What somebody may do with a workbook that is shared with them; each lets do what the one before does. */
export const shareAccesses = ["view", "comment", "edit"] as const;

export type ShareAccess = (typeof shareAccesses)[number];

/** What one who asks may do with a workbook; its owner also shares and deletes it. */
export type WorkbookAccess = ShareAccess | "own";

/**
 * With whom something is shared: one person, who is in a business unit, or whoever signs in with an e-mail address. The
 * last says nothing of whether somebody does.
 */
export type Grantee = `person:${string}` | `unit:${BusinessUnit}` | `email:${string}`;

/** Everybody who can sign in. */
export const everyone = "unit:*" satisfies Grantee;

/** That somebody may see something which is not theirs. */
export interface Share {
  readonly grantee: Grantee;
  readonly access: ShareAccess;
  /** Who shared it. */
  readonly userId: string;
  readonly sharedAtMs: number;
}

const order: readonly WorkbookAccess[] = [...shareAccesses, "own"];

const verbs: Readonly<Record<WorkbookAccess, string>> = {
  view: "see",
  comment: "comment on",
  edit: "change",
  own: "share or delete"
};

/** As whom the one who asks is found in shares, beside their e-mail address. */
export function granteesOf({ userId, businessUnits }: Scope): readonly Grantee[] {
  return [`person:${userId}`, everyone, ...businessUnits.map((unit): Grantee => `unit:${unit}`)];
}

/** True where `access` lets do what `needed` does. */
export function allows(access: WorkbookAccess, needed: WorkbookAccess): boolean {
  return order.indexOf(access) >= order.indexOf(needed);
}

/** What shares let the one who asks do with a workbook; undefined where it does not exist for them. */
export function accessFor(
  scope: Scope,
  ownerId: string,
  shares: readonly Pick<Share, "grantee" | "access">[]
): WorkbookAccess | undefined {
  if (ownerId === scope.userId || scope.roles.includes("admin")) return "own";
  const grantees = granteesOf(scope);
  const given = shares.filter(({ grantee }) => grantees.includes(grantee)).map(({ access }) => access);
  return shareAccesses.findLast((access) => given.includes(access));
}

/** True for the name of an access. */
export function isShareAccess(name: string): name is ShareAccess {
  return shareAccesses.some((access) => access === name);
}

/** @throws Fault `invalid` for a text that names neither a person nor a unit */
export function parseGrantee(text: string): Grantee {
  const [, kind, id = ""] = /^(person|unit|email):(.+)$/.exec(text) ?? [];
  if (kind === "email") return `email:${parseEmail(id)}`;
  if (kind === "person" && id.length <= 200) return `person:${id}`;
  if (kind === "unit" && (id === "*" || isBusinessUnit(id))) return `unit:${id}`;
  throw new Fault("invalid", `"${text.slice(0, 80)}" is neither a person nor a business unit`);
}

/**
 * Holds a unit that something is to be shared with against the scope.
 *
 * @throws Fault `denied` for a unit that is not in the scope; the same whether there is such a unit or not
 */
export function requireGrantee(scope: Scope, grantee: Grantee): void {
  if (!grantee.startsWith("unit:") || grantee === everyone || scope.roles.includes("admin")) return;
  const unit = grantee.slice("unit:".length);
  if (scope.businessUnits.includes(unit)) return;
  throw new Fault("denied", `the business unit "${unit}" is not yours to share with`, {
    hint: `Share with ${scope.businessUnits.join(", ")}, or with people by their e-mail address.`
  });
}

/**
 * Holds what somebody may do with a workbook against what they ask for.
 *
 * @param access  undefined where the workbook does not exist for them
 * @throws Fault `missing`, the same as for a workbook that is not there; `denied` where they see it but may do less
 */
export function requireAccess(
  access: WorkbookAccess | undefined,
  needed: WorkbookAccess,
  slug: string
): WorkbookAccess {
  if (access === undefined) throw noWorkbook(slug);
  if (allows(access, needed)) return access;
  throw new Fault("denied", `the workbook "${slug}" is not yours to ${verbs[needed]}`, {
    hint:
      needed === "own"
        ? "Only who owns it may, and who administers every business unit."
        : "Make a copy, or ask who owns it to let you."
  });
}

/** What is said of a workbook that is not there, and of one that somebody may not see. */
export function noWorkbook(slug: string): Fault {
  return new Fault("missing", `there is no workbook "${slug}"`);
}

/**
 * Whoever lets the report of a run out administers every unit whose numbers it holds.
 *
 * @param scope  of the right `administer`
 * @throws Fault `denied`
 */
export function requireRunUnits(scope: Scope, businessUnits: readonly BusinessUnit[]): void {
  if (businessUnits.every((unit) => scope.businessUnits.includes(unit))) return;
  throw new Fault("denied", "the report holds numbers of business units that you do not administer", {
    hint: "Ask somebody who administers all of them to publish it."
  });
}
