import type { Person, Unit } from "../model/person.ts";
import type { Membership } from "../model/rights.ts";
import type { BusinessUnit, Scope } from "../model/scope.ts";

/** What makes an account. */
export interface NewPerson {
  readonly email: string;
  readonly name: string;
  /** As the sign-in hashes it; null for somebody who has yet to choose one, or who comes from another provider. */
  readonly passwordHash: string | null;
}

/** Everybody with an account, and what each may do where. */
export interface People {
  /** Whether anybody has an account. Once there is one, there is always one. */
  hasAny(): Promise<boolean>;
  /**
   * Makes the first account, with the user id "owner" and as an administrator of every unit.
   *
   * @param scope  of the local owner
   * @throws Fault `conflict` where there is an account already; of two at once one gets in
   */
  createFirst(scope: Scope, person: NewPerson): Promise<Person>;
  /**
   * Makes an administrator of every unit; the first account where there is none yet.
   *
   * @throws Fault `denied` unless the scope holds `admin` in every unit
   * @throws Fault `conflict` where the e-mail address has an account
   */
  createAdmin(scope: Scope, person: NewPerson): Promise<Person>;
  find(userId: string): Promise<Person | undefined>;
  findByEmail(email: string): Promise<Person | undefined>;
  /**
   * Everybody with a membership in one of the scope's units, with those memberships alone; an administrator of every
   * unit sees everybody and everything. In the order of their names.
   */
  list(scope: Scope): Promise<readonly Person[]>;
  /**
   * Sets what somebody may do in the units of the scope; their memberships elsewhere stay as they are.
   *
   * @param scope  of the right `administer`
   * @throws Fault `missing` for somebody whom the scope does not see
   * @throws Fault `denied` for a unit that is not in the scope, or a role that only an administrator of every unit gives
   * @throws Fault `conflict` where nobody would be left who administers every unit
   */
  setMemberships(scope: Scope, userId: string, memberships: readonly Membership[]): Promise<Person>;
  /**
   * Ends an account: its sessions, keys, password and memberships are gone at once. The name stays beside what they did.
   *
   * @throws Fault `denied` unless the scope holds `admin` in every unit
   * @throws Fault `missing`, `conflict` as in `setMemberships`
   */
  remove(scope: Scope, userId: string): Promise<void>;
  /**
   * The names of people, of those who have left too; an id that nobody has is left out.
   *
   * @param within  leaves out who holds no role in its units now, nor one in every unit
   */
  namesOf(userIds: readonly string[], within?: Scope): Promise<ReadonlyMap<string, string>>;
}

/** The business units as people know them. */
export interface Units {
  /** Those that have been named, made or removed here; the lake may hold others. */
  list(): Promise<readonly Unit[]>;
  /** Every unit that stands: those `found` elsewhere and those made here, without what was removed; sorted. */
  standing(found: readonly BusinessUnit[]): Promise<readonly BusinessUnit[]>;
  /**
   * Gives a unit a title, makes one that has no traces yet, or brings one back. Its id and its traces stay.
   *
   * @throws Fault `denied` where the unit is not in the scope, of the right `administer`
   * @throws Fault `invalid` for an id that cannot be one, or no title
   */
  save(scope: Scope, businessUnit: BusinessUnit, title: string): Promise<Unit>;
  /**
   * Takes a unit out of everybody's scope at once. Its traces stay for as long as they are kept.
   *
   * @throws Fault `denied` unless the scope holds `admin` in every unit
   */
  remove(scope: Scope, businessUnit: BusinessUnit): Promise<void>;
}
