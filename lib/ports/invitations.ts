import type { Invitation, Person } from "../model/person.ts";
import type { Membership } from "../model/rights.ts";
import type { Scope } from "../model/scope.ts";

/** A link's secret part; it cannot be had again. */
export interface Linked<T> {
  readonly made: T;
  readonly token: string;
}

/** Links that let somebody in, each once and for a few days. */
export interface Invitations {
  /**
   * @param scope  of the right `administer`
   * @throws Fault `invalid`, or `denied` as in `People.setMemberships`
   */
  create(
    scope: Scope,
    invited: { readonly email: string; readonly memberships: readonly Membership[] }
  ): Promise<Linked<Invitation>>;
  /** Those that wait, newest first: an administrator of every unit sees all, others those that lie in their units. */
  list(scope: Scope): Promise<readonly Invitation[]>;
  /** From now on the link opens nothing. @throws Fault `missing` for one that the scope does not see */
  revoke(scope: Scope, invitationId: string): Promise<void>;
  /** The invitation that a link opens. @throws Fault `missing` for one that is unknown, used, taken back or too old */
  find(token: string): Promise<Invitation>;
  /** The newest invitation that waits for an e-mail address. */
  findFor(email: string): Promise<Invitation | undefined>;
  /**
   * Uses the link: makes the account, with the memberships it promises.
   *
   * @param scope  of somebody who has none yet: how they came
   * @throws Fault `missing` as in `find`, `conflict` where the e-mail address has an account by now
   */
  accept(
    scope: Scope,
    token: string,
    person: { readonly name: string; readonly passwordHash: string }
  ): Promise<Person>;
  /** Uses an invitation for the one who asks, who has an account already. @throws Fault `missing` */
  acceptAs(scope: Scope, invitationId: string): Promise<Person>;
}

/** Links with which somebody who lost their password chooses another, each once and for a day. */
export interface ResetLinks {
  /**
   * @throws Fault `denied` unless the scope holds `admin` in every unit
   * @throws Fault `missing` for somebody who is not there
   */
  create(scope: Scope, userId: string): Promise<Linked<Person> & { readonly expiresAtMs: number }>;
  /** Whose password a link sets. @throws Fault `missing` for one that is unknown, used or too old */
  find(token: string): Promise<Person>;
  /** Uses the link: sets the password and ends every session. @throws Fault `missing` */
  use(scope: Scope, token: string, passwordHash: string): Promise<Person>;
}
