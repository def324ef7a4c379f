import type { Origin, SignInSession } from "../model/person.ts";

/** Somebody who is in: `cookies` are the `Set-Cookie` lines that keep them in. */
export interface Entered {
  readonly userId: string;
  readonly session: SignInSession;
  readonly cookies: readonly string[];
}

/** Passwords, sessions and the provider that vouches for people, where one is configured. */
export interface SignIn {
  /** What its button says; null where none is configured. */
  readonly providerName: string | null;
  /** @returns null for a wrong password and for an address that has none, after an equal time */
  enter(email: string, password: string, origin: Origin): Promise<Entered | null>;
  /** Whether it is the password of somebody. */
  verify(userId: string, password: string): Promise<boolean>;
  /** A slow, salted hash. */
  hashPassword(password: string): Promise<string>;
  /** Sets a password and ends every session of the person but one. */
  setPassword(userId: string, passwordHash: string, exceptSessionId: string | null): Promise<void>;
  /**
   * Where the browser goes to be vouched for, and the cookies that it brings back.
   *
   * @param returnTo  path of this workbench
   * @throws Fault `broken` where the provider does not answer, `missing` where none is configured
   */
  startProvider(returnTo: string): Promise<{ readonly address: string; readonly cookies: readonly string[] }>;
  /** What the provider's redirect is answered with: a redirect to where it began, or to `/sign-in?error=…`. */
  finishProvider(request: Request): Promise<Response>;
  /** The session of a request's cookie, while it stands. */
  findSession(headers: Headers): Promise<SignInSession | null>;
  /** Ends the session of a request's cookie. @returns the cookies that take it away */
  leave(headers: Headers): Promise<readonly string[]>;
  /** Sessions of a person that stand, newest first. */
  listSessions(userId: string): Promise<readonly SignInSession[]>;
  /** @throws Fault `missing` where the person has no such session */
  endSession(userId: string, sessionId: string): Promise<void>;
  /** Ends every session of a person. */
  endSessions(userId: string): Promise<void>;
}
