import { betterAuth } from "better-auth";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import type { SignInSession } from "#lib/model/person.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Invitations } from "#lib/ports/invitations.ts";
import type { SignIn } from "#lib/ports/sign-in.ts";
import { addressHeader } from "#lib/wire/origin.ts";
import { digestOf, writePassword } from "../state/people-rows.ts";
import type { StateTables } from "../state/schema.ts";
import { authOptions } from "./options.ts";
import { openProvider, type Provider } from "./provider.ts";
import type { ProviderConfig } from "./provider-config.ts";

/** What sign-in stands on. */
export interface SignInGround {
  readonly db: Kysely<StateTables>;
  readonly clock: Clock;
  readonly invitations: Invitations;
  /** What cookies are signed with. */
  readonly secret: string;
  readonly publicUrl: string;
  readonly provider: ProviderConfig | null;
}

/** Sign-in by better-auth over the state database. */
export async function openSignIn({
  db,
  clock,
  invitations,
  secret,
  publicUrl,
  provider
}: SignInGround): Promise<SignIn> {
  const options = await authOptions(db, clock, secret, publicUrl);
  const auth = betterAuth(options);
  let opened: Provider | undefined;
  /** Opened when it is first needed: it asks the provider for its addresses, which may be down. */
  const requireProvider = () => {
    if (!provider) throw new Fault("missing", "no provider is configured to sign in with");
    opened ??= openProvider(options, provider, invitations);
    return opened;
  };
  const standing = () =>
    db.selectFrom("sign_in_sessions").selectAll().where("expires_at", ">", new Date(clock.nowMs()).toISOString());

  return {
    providerName: provider?.name ?? null,

    async enter(email, password, { ip, userAgent }) {
      const headers = new Headers({ [addressHeader]: ip ?? "", "user-agent": userAgent ?? "" });
      try {
        const { headers: sent, response } = await auth.api.signInEmail({
          body: { email, password },
          headers,
          returnHeaders: true
        });
        const row = await standing().where("token", "=", digestOf(response.token)).executeTakeFirstOrThrow();
        await db
          .deleteFrom("sign_in_sessions")
          .where("user_id", "=", row.user_id)
          .where("expires_at", "<=", new Date(clock.nowMs()).toISOString())
          .execute();
        return { userId: row.user_id, session: toSession(row), cookies: sent.getSetCookie() };
      } catch (error) {
        if (isRefusal(error)) return null;
        throw error;
      }
    },

    async verify(userId, password) {
      const row = await db
        .selectFrom("sign_in_accounts")
        .select("password")
        .where("user_id", "=", userId)
        .where("provider_id", "=", "credential")
        .executeTakeFirst();
      return row?.password ? verifyPassword({ hash: row.password, password }) : false;
    },

    hashPassword,

    setPassword: (userId, passwordHash, exceptSessionId) =>
      db.transaction().execute(async (writer) => {
        await writePassword(writer, clock, userId, passwordHash);
        await writer
          .deleteFrom("sign_in_sessions")
          .where("user_id", "=", userId)
          .where("id", "<>", exceptSessionId ?? "")
          .execute();
      }),

    startProvider: async (returnTo) => requireProvider().start(returnTo),
    finishProvider: async (request) => requireProvider().finish(request),

    async findSession(headers) {
      if (!headers.has("cookie")) return null;
      const found = await auth.api.getSession({ headers, query: { disableCookieCache: true, disableRefresh: true } });
      if (!found) return null;
      const { id, userId, method, createdAt, expiresAt, ipAddress, userAgent } = found.session;
      return {
        sessionId: id,
        userId,
        method: method === "oidc" ? "oidc" : "password",
        createdAtMs: createdAt.getTime(),
        expiresAtMs: expiresAt.getTime(),
        ip: ipAddress || null,
        userAgent: userAgent || null
      };
    },

    async leave(headers) {
      const { headers: sent } = await auth.api.signOut({ headers, returnHeaders: true });
      return sent.getSetCookie();
    },

    async listSessions(userId) {
      const rows = await standing().where("user_id", "=", userId).orderBy("created_at", "desc").execute();
      return rows.map(toSession);
    },

    async endSession(userId, sessionId) {
      const ended = await db
        .deleteFrom("sign_in_sessions")
        .where("user_id", "=", userId)
        .where("id", "=", sessionId)
        .returning("id")
        .executeTakeFirst();
      if (!ended) throw new Fault("missing", `there is no session ${sessionId.slice(0, 80)}`);
    },

    async endSessions(userId) {
      await db.deleteFrom("sign_in_sessions").where("user_id", "=", userId).execute();
    }
  };
}

/** Whether better-auth says no to what was sent, rather than having failed. */
function isRefusal(error: unknown): boolean {
  const status = (error as { readonly statusCode?: unknown }).statusCode;
  return typeof status === "number" && status >= 400 && status < 500;
}

function toSession(row: Selectable<StateTables["sign_in_sessions"]>): SignInSession {
  return {
    sessionId: row.id,
    userId: row.user_id,
    method: row.method === "oidc" ? "oidc" : "password",
    createdAtMs: Date.parse(row.created_at),
    expiresAtMs: Date.parse(row.expires_at),
    ip: row.ip_address || null,
    userAgent: row.user_agent || null
  };
}
