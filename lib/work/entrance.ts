import type { NewAuditEntry } from "../model/audit.ts";
import { Fault } from "../model/fault.ts";
import { administersAll } from "../model/grant.ts";
import {
  checkPassword,
  type Invitation,
  type Origin,
  type Person,
  parseEmail,
  parseShortName,
  signInFirst
} from "../model/person.ts";
import type { Scope, Via } from "../model/scope.ts";
import type { Audit } from "../ports/audit.ts";
import type { Clock } from "../ports/clock.ts";
import type { Invitations, ResetLinks } from "../ports/invitations.ts";
import type { People } from "../ports/people.ts";
import type { Entered, SignIn } from "../ports/sign-in.ts";
import type { SignInAttempts } from "../ports/sign-in-attempts.ts";

/** What the entrance stands on. */
export interface EntranceDoors {
  readonly signIn: SignIn;
  readonly signInAttempts: SignInAttempts;
  readonly people: People;
  readonly invitations: Invitations;
  readonly resetLinks: ResetLinks;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
}

/** Every way in with a password: signing in, the first account, an invitation, a link that sets a new password. */
export class Entrance {
  readonly #doors: EntranceDoors;

  constructor(doors: EntranceDoors) {
    this.#doors = doors;
  }

  /**
   * @throws Fault `denied` where address and password do not belong together, the same for one that is unknown
   * @throws Fault `limit` after too many wrong ones, that says how long to wait
   */
  async enter(sent: { readonly email: string; readonly password: string }, origin: Origin): Promise<Entered> {
    const email = parseEmail(sent.email);
    try {
      await this.#doors.signInAttempts.begin(email, origin.ip);
    } catch (error) {
      await this.#refuse(origin, "too many wrong passwords");
      throw error;
    }
    // Longer ones are none, and hashing them would take as long as somebody likes.
    const entered = sent.password.length > 512 ? null : await this.#doors.signIn.enter(email, sent.password, origin);
    if (!entered) {
      await this.#refuse(origin, "wrong e-mail address or password");
      throw new Fault("denied", "the e-mail address and the password do not belong together");
    }
    await this.#doors.signInAttempts.succeed(email, origin.ip);
    await this.#note(entered, origin, { action: "session.start", ...sessionOf(entered) });
    return entered;
  }

  /** Makes the first account and signs it in. @throws Fault `conflict` where there is one */
  async setUp(
    sent: { readonly email: string; readonly name: string; readonly password: string },
    origin: Origin
  ): Promise<Entered> {
    // Before the slow hash, which nobody is to set going again and again.
    if (await this.#doors.people.hasAny())
      throw new Fault("conflict", "the first account has been made already", { hint: "Sign in with it." });
    const email = parseEmail(sent.email);
    const name = parseShortName(sent.name, "your name");
    const passwordHash = await this.#hash(sent.password, email);
    await this.#doors.people.createFirst(this.#scope("", origin, "local"), { email, name, passwordHash });
    return this.enter({ email, password: sent.password }, origin);
  }

  /** Makes the account that an invitation promises, and signs it in. */
  async accept(
    token: string,
    sent: { readonly name: string; readonly password: string },
    origin: Origin
  ): Promise<Entered> {
    const { email } = await this.#doors.invitations.find(token);
    const name = parseShortName(sent.name, "your name");
    const passwordHash = await this.#hash(sent.password, email);
    await this.#doors.invitations.accept(this.#scope("", origin), token, { name, passwordHash });
    return this.enter({ email, password: sent.password }, origin);
  }

  /** Gives somebody who is signed in what an invitation to their own address promises. @throws Fault `denied` */
  async join(scope: Scope, token: string): Promise<Person> {
    const invitation = await this.#doors.invitations.find(token);
    const person = await this.#person(scope);
    if (person.email !== invitation.email) throw notYours(invitation);
    return this.#doors.invitations.acceptAs(scope, invitation.invitationId);
  }

  /** Sets the password that a link allows to set, ends every session and signs in. */
  async reset(token: string, password: string, origin: Origin): Promise<Entered> {
    const { email } = await this.#doors.resetLinks.find(token);
    const passwordHash = await this.#hash(password, email);
    await this.#doors.resetLinks.use(this.#scope("", origin), token, passwordHash);
    await this.#doors.signInAttempts.succeed(email, origin.ip);
    return this.enter({ email, password }, origin);
  }

  /** Sets another password and ends every other session of the person. */
  async changePassword(
    scope: Scope,
    sent: { readonly current: string; readonly next: string },
    origin: Origin
  ): Promise<void> {
    const { userId, email } = await this.#person(scope);
    const next = checkPassword(sent.next, email);
    await this.#doors.signInAttempts.begin(email, origin.ip);
    if (sent.current.length > 512 || !(await this.#doors.signIn.verify(userId, sent.current)))
      throw new Fault("denied", "this is not your current password");
    await this.#doors.signInAttempts.succeed(email, origin.ip);
    await this.#doors.signIn.setPassword(
      userId,
      await this.#doors.signIn.hashPassword(next),
      scope.via?.sessionId ?? null
    );
    await this.#doors.audit.record(scope, {
      ...{ action: "person.change", object: { kind: "person", id: userId }, units: [], facts: { changed: "password" } }
    });
  }

  /** Answers a provider's redirect: whoever it vouches for is in afterwards. */
  async finishProvider(request: Request, origin: Origin): Promise<Response> {
    const answer = await this.#doors.signIn.finishProvider(request);
    const cookie = answer.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
    const session = await this.#doors.signIn.findSession(new Headers({ cookie: cookie.join("; ") }));
    if (session) {
      const { userId } = session;
      await this.#note({ userId, session }, origin, { action: "session.start", ...sessionOf({ session }) });
    } else await this.#refuse(origin, "not let in by the provider, or not invited");
    return answer;
  }

  /** Ends the session of a request. @returns the cookies that take it away */
  async leave(headers: Headers, origin: Origin): Promise<readonly string[]> {
    const session = await this.#doors.signIn.findSession(headers);
    const cookies = await this.#doors.signIn.leave(headers);
    if (session)
      await this.#note({ userId: session.userId, session }, origin, {
        action: "session.end",
        ...sessionOf({ session })
      });
    return cookies;
  }

  /** Ends one session of one's own. @throws Fault `missing` where there is none such */
  async endSession(scope: Scope, sessionId: string): Promise<void> {
    const { userId } = await this.#person(scope);
    await this.#doors.signIn.endSession(userId, sessionId);
    const object = { kind: "session", id: sessionId };
    await this.#doors.audit.record(scope, { action: "session.end", object, units: [] });
  }

  /** Ends every session of somebody. @throws Fault `denied` unless the scope administers every unit */
  async endSessions(scope: Scope, userId: string): Promise<void> {
    if (!administersAll(scope)) throw new Fault("denied", "sessions are ended by who administers every unit");
    await this.#doors.signIn.endSessions(userId);
    const entry = { action: "session.end", object: { kind: "person", id: userId }, units: [] } as const;
    await this.#doors.audit.record(scope, { ...entry, facts: { sessions: "all" } });
  }

  async #person(scope: Scope): Promise<Person> {
    const person = scope.via?.kind === "user" ? await this.#doors.people.find(scope.userId) : undefined;
    if (!person) throw signInFirst();
    return person;
  }

  #hash(password: string, email: string): Promise<string> {
    return this.#doors.signIn.hashPassword(checkPassword(password, email));
  }

  #note({ userId, session }: Pick<Entered, "userId" | "session">, origin: Origin, entry: NewAuditEntry): Promise<void> {
    return this.#doors.audit.record(this.#scope(userId, origin, session.method, session.sessionId), entry);
  }

  /** Nobody is known here: what was typed as an address is not written down, it can be a password in the wrong field. */
  #refuse(origin: Origin, reason: string): Promise<void> {
    const entry = { action: "session.start", object: { kind: "session", id: "" }, units: [] } as const;
    return this.#doors.audit.record(this.#scope("", origin), { ...entry, outcome: "denied", reason });
  }

  #scope(userId: string, origin: Origin, method: Via["method"] = "password", sessionId: string | null = null): Scope {
    const via: Via = { kind: "user", method, sessionId, ...origin, requestId: this.#doors.clock.newId(), roles: [] };
    return { userId, roles: [], businessUnits: [], via };
  }
}

function sessionOf({ session }: Pick<Entered, "session">): Pick<NewAuditEntry, "object" | "units"> {
  return { object: { kind: "session", id: session.sessionId }, units: [] };
}

function notYours({ email }: Invitation): Fault {
  return new Fault("denied", `this invitation is for ${email}, and you are signed in as somebody else`, {
    hint: "Sign out first, then open the link again."
  });
}
