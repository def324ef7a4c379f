import { everyUnit, type Membership, type Right } from "#lib/model/rights.ts";
import type { Role } from "#lib/model/scope.ts";

/** What somebody with a role does, in a few words. */
export const roleWords: Readonly<Record<Role, string>> = {
  admin: "may do everything",
  lead: "owns criteria, schedules and shares, and administers the unit",
  scientist: "queries, builds scorers and maps",
  expert: "judges traces",
  auditor: "reads the audit trail, and no trace",
  viewer: "reads reports"
};

/** What a right lets one do. */
export const rightWords: Readonly<Record<Right, string>> = {
  report: "see reports",
  read: "read traces",
  reveal: "see what masks hide",
  export: "take data out",
  run: "run cells, scorers and models",
  annotate: "judge traces",
  administer: "decide who does what",
  audit: "read the audit trail"
};

/** A membership as people say it: "expert in support". */
export function formatMembership(
  { businessUnit, role }: Membership,
  titles: ReadonlyMap<string, string> = new Map()
): string {
  return businessUnit === everyUnit ? `${role} everywhere` : `${role} in ${titles.get(businessUnit) ?? businessUnit}`;
}

/** A browser as its owner knows it, out of what it says of itself. */
export function formatBrowser(userAgent: string | null): string {
  if (userAgent === null) return "unknown browser";
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(userAgent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux|CrOS)/.exec(userAgent)?.[1];
  const names: Readonly<Record<string, string>> = { Edg: "Edge", OPR: "Opera", "Mac OS X": "macOS", CrOS: "ChromeOS" };
  const words = [browser, system].flatMap((word) => (word === undefined ? [] : (names[word] ?? word)));
  return words.length > 0 ? words.join(" on ") : userAgent.slice(0, 40);
}
