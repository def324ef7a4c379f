import { Fault } from "#lib/model/fault.ts";

/** An OpenID Connect provider, as the environment names it. */
export interface ProviderConfig {
  /** Without a slash at its end. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says. */
  readonly name: string;
  /** In lower case: whoever has an address there gets an account, which may do nothing yet. */
  readonly domains: readonly string[];
  /** Whether addresses count that the provider does not say to have verified. */
  readonly trustsEmail: boolean;
}

/** The provider of the environment, null where none is named. @throws Fault `invalid`, never with the secret */
export function parseProvider(environment: Readonly<Record<string, string | undefined>>): ProviderConfig | null {
  const read = (name: string) => environment[`TRACEBOOK_OIDC_${name}`]?.trim() || "";
  const issuer = read("ISSUER").replace(/\/+$/, "");
  if (issuer === "") return null;
  const url = URL.parse(issuer);
  const isHere = url?.protocol === "http:" && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  if (url?.protocol !== "https:" && !isHere)
    throw new Fault("invalid", `TRACEBOOK_OIDC_ISSUER "${issuer.slice(0, 200)}" is no https address`, {
      hint: "Give the address under which the provider has /.well-known/openid-configuration."
    });
  for (const name of ["CLIENT_ID", "CLIENT_SECRET"])
    if (read(name) === "")
      throw new Fault("invalid", `TRACEBOOK_OIDC_ISSUER is set and TRACEBOOK_OIDC_${name} is not`, {
        hint: "The provider gives both when the workbench is registered with it."
      });
  const trusts = read("TRUST_EMAIL");
  if (!["", "true", "false"].includes(trusts))
    throw new Fault("invalid", `TRACEBOOK_OIDC_TRUST_EMAIL "${trusts.slice(0, 80)}" is neither true nor false`);
  return {
    issuer,
    clientId: read("CLIENT_ID"),
    clientSecret: read("CLIENT_SECRET"),
    name: read("NAME") || url.hostname,
    domains: read("DOMAINS")
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((domain) => domain !== ""),
    trustsEmail: trusts === "true"
  };
}
