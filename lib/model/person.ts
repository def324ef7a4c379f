import { Fault } from "./fault.ts";
import type { Limits, Membership } from "./rights.ts";
import type { BusinessUnit, Via } from "./scope.ts";

/** Somebody with an account. */
export interface Person {
  readonly userId: string;
  /** In lower case; what they sign in with, and nobody else's. */
  readonly email: string;
  readonly name: string;
  readonly createdAtMs: number;
  /** Those that the one who asks may see. */
  readonly memberships: readonly Membership[];
}

/** A business unit as people know it. Its id never changes: the lake's folders are named after it. */
export interface Unit {
  readonly businessUnit: BusinessUnit;
  readonly title: string;
  /** Null while it stands; afterwards it is in nobody's scope and its traces stay for as long as they are kept. */
  readonly removedAtMs: number | null;
}

/** A link that makes one account, once. */
export interface Invitation {
  readonly invitationId: string;
  readonly email: string;
  readonly memberships: readonly Membership[];
  /** Who invites. */
  readonly userId: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** A key that a person or a program asks the workbench with, in its owner's name; what the owner may do limits it. */
export interface ApiKey extends Limits {
  readonly keyId: string;
  /** Its owner. */
  readonly userId: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number | null;
  /** Exact to a minute; null where it was never used. */
  readonly lastUsedAtMs: number | null;
}

/** One browser in which somebody is signed in. */
export interface SignInSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly method: "password" | "oidc";
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Where a request comes from. */
export type Origin = Pick<Via, "ip" | "userAgent">;

const sentence = "sign in first";

/** Nobody is signed in who asks. */
export function signInFirst(): Fault {
  return new Fault("denied", sentence, { hint: "Sign in, or send a key as “Authorization: Bearer tb_…”." });
}

/** Whether a fault is the one of `signInFirst`: nobody asked, so nothing was refused to anybody. */
export function isSignInFirst(fault: { readonly code: string; readonly message: string }): boolean {
  return fault.code === "denied" && fault.message === sentence;
}

const shortestPassword = 10;
const longestPassword = 128;

/** @throws Fault `invalid` for a password that is too short, too long or the e-mail address itself */
export function checkPassword(password: string, email: string): string {
  const length = [...password].length;
  if (length < shortestPassword)
    throw new Fault("invalid", `a password needs at least ${shortestPassword} characters; this has ${length}`, {
      hint: "Three or four words that do not belong together are easy to keep and hard to guess."
    });
  if (length > longestPassword)
    throw new Fault("invalid", `a password may have ${longestPassword} characters at most; this has ${length}`);
  if (password.toLowerCase() === email.toLowerCase() || new Set(password).size < 4)
    throw new Fault("invalid", "this password would be guessed first", {
      hint: "Take one that is neither the e-mail address nor one character again and again."
    });
  return password;
}

/** In lower case, without spaces around it. @throws Fault `invalid` */
export function parseEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (email.length <= 254 && /^[^\s@<>"'()]+@[^\s@<>"'()]+\.[^\s@<>"'().]+$/.test(email)) return email;
  throw new Fault("invalid", `"${text.trim().slice(0, 80)}" is no e-mail address`);
}

/** Without spaces around it. @param what  as a sentence calls it. @throws Fault `invalid` */
export function parseShortName(text: string, what: string): string {
  const name = text.trim().replaceAll(/\s+/g, " ");
  if (name !== "" && name.length <= 80) return name;
  throw new Fault("invalid", `${what} needs 1 to 80 characters`);
}
