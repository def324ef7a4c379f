import type { BetterAuthOptions } from "better-auth";
import { getAdapter } from "better-auth/db/adapter";
import type { Kysely } from "kysely";
import type { Clock } from "#lib/ports/clock.ts";
import { addressHeader } from "#lib/wire/origin.ts";
import type { StateTables } from "../state/schema.ts";
import { cookieName } from "./names.ts";
import { keepDigests } from "./token-digests.ts";

/** How long a browser stays signed in, in seconds. It is not stretched by use. */
const sessionSeconds = 14 * 86_400;

/** The name under which a provider's accounts are kept. */
export const providerId = "oidc";

/** Path of what better-auth answers itself: the provider's redirect and nothing else. */
const providerPath = "/api/sign-in/provider";

/** What both uses of better-auth share: our tables, our cookies, no limits of its own and no calls home. */
export async function authOptions(db: Kysely<StateTables>, clock: Clock, secret: string, publicUrl: string) {
  const isSecure = publicUrl.startsWith("https://");
  const options = {
    baseURL: publicUrl,
    basePath: providerPath,
    secret,
    // Told to be SQLite on both, so that it keeps instants and truths in the same way on both.
    database: { db, type: "sqlite" },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      level: "error",
      // Its further arguments can hold what people sent.
      log: (_level, message) => console.error(`sign-in: ${message}`)
    },
    onAPIError: { errorURL: `${publicUrl}/sign-in` },
    emailAndPassword: { enabled: true, disableSignUp: true },
    user: {
      modelName: "people",
      fields: { emailVerified: "email_verified", createdAt: "created_at", updatedAt: "updated_at" }
    },
    session: {
      modelName: "sign_in_sessions",
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
      fields: {
        userId: "user_id",
        expiresAt: "expires_at",
        createdAt: "created_at",
        updatedAt: "updated_at",
        ipAddress: "ip_address",
        userAgent: "user_agent"
      },
      additionalFields: { method: { type: "string", required: true, input: false, defaultValue: "password" } }
    },
    account: {
      modelName: "sign_in_accounts",
      updateAccountOnSignIn: false,
      // In the browser that began: nobody fills the state database by beginning.
      storeStateStrategy: "cookie",
      fields: {
        userId: "user_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        createdAt: "created_at",
        updatedAt: "updated_at"
      }
    },
    verification: {
      modelName: "sign_in_verifications",
      storeIdentifier: "hashed",
      fields: { expiresAt: "expires_at", createdAt: "created_at", updatedAt: "updated_at" }
    },
    advanced: {
      database: { generateId: () => clock.newId(), validateSchema: false },
      useSecureCookies: false,
      cookies: {
        session_token: { name: cookieName("session", isSecure), attributes: { secure: isSecure } },
        oauth_state: { name: cookieName("state", isSecure), attributes: { secure: isSecure } }
      },
      cookiePrefix: "tracebook",
      ipAddress: { ipAddressHeaders: [addressHeader] }
    }
  } satisfies BetterAuthOptions;
  const adapter = keepDigests(await getAdapter(options));
  return { ...options, database: () => adapter };
}
