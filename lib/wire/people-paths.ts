/** Addresses of people and of how they come in; routes live at the same paths under `app/`. */
export const peoplePaths = {
  /** POST a SignInRequest; DELETE signs out. */
  signIn: () => "/api/sign-in",
  /** POST a ProviderRequest: ProviderReply. */
  provider: () => "/api/sign-in/provider",
  /** POST a SetUpRequest: the first account. */
  setUp: () => "/api/set-up",
  /** GET PeopleReply. */
  people: () => "/api/people",
  /** PUT a MembershipsRequest: the Person; DELETE ends the account. */
  person: (userId: string) => `/api/people/${encodeURIComponent(userId)}`,
  /** DELETE ends every session of somebody. */
  personSessions: (userId: string) => `/api/people/${encodeURIComponent(userId)}/sessions`,
  /** POST makes a link that sets a new password: LinkReply. */
  personReset: (userId: string) => `/api/people/${encodeURIComponent(userId)}/reset`,
  /** POST an InvitationRequest: LinkReply. */
  invitations: () => "/api/invitations",
  /** DELETE takes it back. */
  invitation: (invitationId: string) => `/api/invitations/${encodeURIComponent(invitationId)}`,
  /** POST an AcceptRequest makes the account; PUT a TokenRequest gives it to who is signed in. */
  accept: () => "/api/invitations/accept",
  /** POST a ResetRequest. */
  reset: () => "/api/reset",
  /** PUT a UnitRequest: the Unit; DELETE removes it. */
  unit: (businessUnit: string) => `/api/units/${encodeURIComponent(businessUnit)}`,
  /** GET AccountReply; PUT a PasswordRequest. */
  account: () => "/api/account",
  /** POST an ApiKeyRequest: MadeApiKeyReply. */
  accountKeys: () => "/api/account/keys",
  /** DELETE revokes. */
  accountKey: (keyId: string) => `/api/account/keys/${encodeURIComponent(keyId)}`,
  /** DELETE ends one session of one's own. */
  accountSession: (sessionId: string) => `/api/account/sessions/${encodeURIComponent(sessionId)}`
} as const;

/** Whether a path is a page that people come in by. */
export function isEntrance(path: string): boolean {
  return /^\/(sign-in|set-up|invitation\/[^/]+|reset\/[^/]+)\/?$/.test(path);
}
