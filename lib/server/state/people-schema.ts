/** The tables of people, of what they may do where, and of how they get in. */
export interface PeopleTables {
  /** Written by better-auth too, as the tables of `sign_in…` are: instants are ISO texts there. */
  readonly people: {
    id: string;
    name: string;
    email: string;
    email_verified: number;
    image: string | null;
    created_at: string;
    updated_at: string;
    removed_at: number | null;
  };
  readonly sign_in_sessions: {
    id: string;
    user_id: string;
    /** The digest of the one that the cookie holds. */
    token: string;
    method: string;
    ip_address: string | null;
    user_agent: string | null;
    expires_at: string;
    created_at: string;
    updated_at: string;
  };
  readonly sign_in_accounts: {
    id: string;
    account_id: string;
    provider_id: string;
    user_id: string;
    password: string | null;
    access_token: string | null;
    refresh_token: string | null;
    id_token: string | null;
    access_token_expires_at: string | null;
    refresh_token_expires_at: string | null;
    scope: string | null;
    created_at: string;
    updated_at: string;
  };
  readonly sign_in_verifications: {
    id: string;
    identifier: string;
    value: string;
    expires_at: string;
    created_at: string;
    updated_at: string;
  };
  /** Tries of passwords, by the digest of an account or an address. */
  readonly sign_in_attempts: { key_digest: string; tries: number; tried_at: number };
  readonly memberships: { user_id: string; business_unit: string; role: string };
  readonly units: { business_unit: string; title: string; removed_at: number | null };
  readonly invitations: {
    invitation_id: string;
    token_digest: string;
    email: string;
    memberships: string;
    user_id: string;
    created_at: number;
    expires_at: number;
    /** When it was accepted or taken back. */
    ended_at: number | null;
    accepted_by: string | null;
  };
  readonly reset_links: {
    link_id: string;
    token_digest: string;
    user_id: string;
    made_by: string;
    created_at: number;
    expires_at: number;
    ended_at: number | null;
  };
  readonly api_keys: {
    key_id: string;
    secret_digest: string;
    user_id: string;
    name: string;
    rights: string;
    /** Null for every unit of its owner. */
    business_units: string | null;
    created_at: number;
    expires_at: number;
    revoked_at: number | null;
    last_used_at: number | null;
  };
}
