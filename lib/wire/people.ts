import { Fault } from "../model/fault.ts";
import type { ApiKey, Invitation, Person, SignInSession, Unit } from "../model/person.ts";
import { type Membership, type Right, rights } from "../model/rights.ts";
import { type BusinessUnit, type Role, roles } from "../model/scope.ts";
import { integer, list, object, optional, text } from "./parse.ts";

/** POST /api/sign-in */
export interface SignInRequest {
  readonly email: string;
  readonly password: string;
}

/** POST /api/sign-in/provider */
export interface ProviderRequest {
  /** Path of the workbench to come back to. */
  readonly from: string;
}

/** Where the browser goes to be vouched for. */
export interface ProviderReply {
  readonly address: string;
}

/** POST /api/set-up */
export interface SetUpRequest extends SignInRequest {
  readonly name: string;
}

/** POST /api/invitations/accept */
export interface AcceptRequest {
  readonly token: string;
  readonly name: string;
  readonly password: string;
}

/** POST /api/reset */
export interface ResetRequest {
  readonly token: string;
  readonly password: string;
}

/** What people are called, by user id. An id that is not among them stands for somebody who never had an account. */
export type Names = Readonly<Record<string, string>>;

/** GET /api/people: what somebody who administers units sees. */
export interface PeopleReply {
  /** The one who asks. */
  readonly userId: string;
  readonly people: readonly Person[];
  readonly invitations: readonly Invitation[];
  /** Units that the one who asks administers; removed ones only where they administer every unit. */
  readonly units: readonly Unit[];
  /** Roles that they may give. */
  readonly roles: readonly Role[];
  /** Whether they administer every unit, those that do not exist yet too. */
  readonly administersAll: boolean;
}

/** PUT /api/people/<id> */
export interface MembershipsRequest {
  readonly memberships: readonly Membership[];
}

/** POST /api/invitations */
export interface InvitationRequest extends MembershipsRequest {
  readonly email: string;
}

/** A link that was just made; it cannot be had again. */
export interface LinkReply {
  readonly link: string;
  readonly email: string;
  readonly expiresAtMs: number;
}

/** PUT /api/units/<unit> */
export interface UnitRequest {
  readonly title: string;
}

/** GET /api/account: who asks, and what is theirs. */
export interface AccountReply {
  readonly userId: string;
  readonly name: string;
  /** Null for the local owner, who has no account. */
  readonly email: string | null;
  readonly memberships: readonly Membership[];
  readonly sessions: readonly SignInSession[];
  /** The one that asks. */
  readonly sessionId: string | null;
  readonly keys: readonly ApiKey[];
  /** What a key can be given: rights that they hold somewhere, and units in which they hold one. */
  readonly rights: readonly Right[];
  readonly businessUnits: readonly BusinessUnit[];
}

/** PUT /api/account */
export interface PasswordRequest {
  readonly current: string;
  readonly next: string;
}

/** POST /api/account/keys */
export interface ApiKeyRequest {
  readonly name: string;
  readonly rights: readonly Right[];
  /** Null for every unit of one's own. */
  readonly businessUnits: readonly BusinessUnit[] | null;
  /** Until it ends. */
  readonly days: number;
}

/** A key that was just made; its secret cannot be had again. */
export interface MadeApiKeyReply {
  readonly key: ApiKey;
  readonly secret: string;
}

/** @throws Fault `invalid` */
export function parseSignInRequest(value: unknown): SignInRequest {
  const fields = object(value, "the request");
  return { email: text(fields, "email"), password: text(fields, "password") };
}

/** @throws Fault `invalid` */
export function parseProviderRequest(value: unknown): ProviderRequest {
  return { from: parseReturnPath(text(object(value, "the request"), "from")) };
}

/** @throws Fault `invalid` */
export function parseSetUpRequest(value: unknown): SetUpRequest {
  return { ...parseSignInRequest(value), name: text(object(value, "the request"), "name") };
}

/** @throws Fault `invalid` */
export function parseAcceptRequest(value: unknown): AcceptRequest {
  const fields = object(value, "the request");
  return { token: text(fields, "token"), name: text(fields, "name"), password: text(fields, "password") };
}

/** The token alone, of somebody who has an account. @throws Fault `invalid` */
export function parseTokenRequest(value: unknown): Pick<AcceptRequest, "token"> {
  return { token: text(object(value, "the request"), "token") };
}

/** @throws Fault `invalid` */
export function parseResetRequest(value: unknown): ResetRequest {
  const fields = object(value, "the request");
  return { token: text(fields, "token"), password: text(fields, "password") };
}

/** @throws Fault `invalid` */
export function parseMembershipsRequest(value: unknown): MembershipsRequest {
  return {
    memberships: list(object(value, "the request"), "memberships").map((one) => {
      const fields = object(one, "a membership");
      return { businessUnit: text(fields, "businessUnit"), role: oneOf(roles, text(fields, "role"), "role") };
    })
  };
}

/** @throws Fault `invalid` */
export function parseInvitationRequest(value: unknown): InvitationRequest {
  return { ...parseMembershipsRequest(value), email: text(object(value, "the request"), "email") };
}

/** @throws Fault `invalid` */
export function parseUnitRequest(value: unknown): UnitRequest {
  return { title: text(object(value, "the request"), "title") };
}

/** @throws Fault `invalid` */
export function parsePasswordRequest(value: unknown): PasswordRequest {
  const fields = object(value, "the request");
  return { current: text(fields, "current"), next: text(fields, "next") };
}

/** @throws Fault `invalid` */
export function parseApiKeyRequest(value: unknown): ApiKeyRequest {
  const fields = object(value, "the request");
  return {
    name: text(fields, "name"),
    rights: list(fields, "rights").map((right) => oneOf(rights, String(right), "right")),
    businessUnits: optional(fields, "businessUnits", list)?.map(String) ?? null,
    days: integer(fields, "days")
  };
}

/** A path of this workbench to come back to; anything else, such as another site, is the home page. */
export function parseReturnPath(from: string | null | undefined): string {
  const isPath = from !== null && from !== undefined && /^\/(?![/\\])[^\\\s]*$/.test(from) && from.length <= 2000;
  return isPath && !/^\/(api|sign-in)(\/|\?|$)/.test(from) ? from : "/";
}

function oneOf<T extends string>(known: readonly T[], value: string, what: string): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new Fault("invalid", `there is no ${what} "${value.slice(0, 80)}"`, {
    hint: `It is one of ${known.join(", ")}.`
  });
}
