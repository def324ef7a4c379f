import type { Person } from "#lib/model/person.ts";
import { everyUnit, rightsOf } from "#lib/model/rights.ts";
import type { BusinessUnit } from "#lib/model/scope.ts";
import type { Names } from "#lib/wire/people.ts";

/** Somebody to choose. */
export interface PersonChoice {
  readonly userId: string;
  /** What they are called; with the e-mail address where others are called so, too. */
  readonly label: string;
}

/** Those who may judge traces in one of some units, in the order of their names. */
export function listJudges(people: readonly Person[], units: readonly BusinessUnit[]): readonly PersonChoice[] {
  const judges = people.filter(({ memberships }) =>
    memberships.some(
      ({ businessUnit, role }) =>
        rightsOf[role].includes("annotate") && (businessUnit === everyUnit || units.includes(businessUnit))
    )
  );
  const alike = Map.groupBy(judges, ({ name }) => name.toLowerCase());
  return judges.map(({ userId, name, email }) => ({
    userId,
    label: alike.get(name.toLowerCase())?.length === 1 ? name : `${name} (${email})`
  }));
}

/** The one that is meant by what somebody wrote: what begins so, where no other does, or is called so. */
export function findChoice(choices: readonly PersonChoice[], written: string): PersonChoice | undefined {
  const words = written.trim().toLowerCase();
  const begun = choices.filter(({ label }) => label.toLowerCase().startsWith(words));
  const [only] = begun.length === 1 ? begun : begun.filter(({ label }) => label.toLowerCase() === words);
  return words === "" ? undefined : only;
}

/** People by name; those whom the reader does not meet in their own units are counted. */
export function formatNamed(userIds: readonly string[], names: Names): string {
  const known = userIds.flatMap((userId) => names[userId] ?? []);
  const others = userIds.length - known.length;
  return [...known, ...(others > 0 ? [`${others} not of your units`] : [])].join(", ");
}
