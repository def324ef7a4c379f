import { betterAuth } from "better-auth";
import { APIError } from "better-auth/api";
import { genericOAuth } from "better-auth/plugins";
import { Fault } from "#lib/model/fault.ts";
import type { Invitations } from "#lib/ports/invitations.ts";
import { type authOptions, providerId } from "./options.ts";
import type { ProviderConfig } from "./provider-config.ts";

/** An OpenID Connect provider that vouches for people. */
export interface Provider {
  start(returnTo: string): Promise<{ readonly address: string; readonly cookies: readonly string[] }>;
  finish(request: Request): Promise<Response>;
}

/**
 * The code flow with PKCE, state and nonce. Whoever has no account yet gets in with an invitation to the address that
 * the provider vouches for, or where its domain is configured; the latter may do nothing until somebody gives a role.
 */
export function openProvider(
  options: Awaited<ReturnType<typeof authOptions>>,
  { issuer, clientId, clientSecret, name, domains, trustsEmail }: ProviderConfig,
  invitations: Invitations
): Provider {
  const auth = betterAuth({
    ...options,
    emailAndPassword: { enabled: false },
    databaseHooks: {
      session: { create: { before: async (session) => ({ data: { ...session, method: "oidc" } }) } },
      account: {
        create: {
          // Nothing is asked of the provider afterwards, so nothing that opens it is kept.
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null, scope: null }
          })
        }
      },
      user: {
        create: {
          async before(user) {
            if (!user.emailVerified) throw refused("email_not_verified");
            if (await invitations.findFor(user.email)) return;
            if (!domains.includes(user.email.slice(user.email.lastIndexOf("@") + 1))) throw refused("not_invited");
          },
          async after({ id, email }) {
            const invitation = await invitations.findFor(email);
            if (invitation)
              await invitations.acceptAs({ userId: id, roles: [], businessUnits: [] }, invitation.invitationId);
          }
        }
      }
    },
    plugins: [
      genericOAuth({
        config: [
          {
            ...{ providerId, name, clientId, clientSecret },
            discoveryUrl: `${issuer}/.well-known/openid-configuration`,
            scopes: ["openid", "email", "profile"],
            pkce: true,
            requireIdTokenVerification: true,
            mapProfileToUser: (profile) => ({
              name: String(profile.name ?? "").trim() || String(profile.email ?? ""),
              ...(trustsEmail ? { emailVerified: true } : {})
            })
          }
        ]
      })
    ]
  });
  return {
    async start(returnTo) {
      try {
        const { headers, response } = await auth.api.signInSocial({
          body: { provider: providerId, callbackURL: returnTo, errorCallbackURL: "/sign-in", disableRedirect: true },
          returnHeaders: true
        });
        return { address: response.url ?? "", cookies: headers.getSetCookie() };
      } catch (error) {
        throw new Fault("broken", `${name} does not answer`, {
          hint: "Try again in a minute, or sign in with a password.",
          cause: error
        });
      }
    },
    finish(request) {
      const { pathname, search } = new URL(request.url);
      return auth.handler(
        new Request(`${options.baseURL}${pathname}${search}`, { method: "GET", headers: request.headers })
      );
    }
  };
}

function refused(code: string): APIError {
  return new APIError("FORBIDDEN", { code, message: code });
}
