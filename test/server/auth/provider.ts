import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** What the provider of the test does wrong, where it should. */
export type Defect = "nonce" | "signature" | "audience" | "verifier";

/** An OpenID Connect provider on this machine: discovery, code flow with PKCE, keys. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in next, and what goes wrong. */
  next: { email: string; verified?: boolean; name?: string; defect?: Defect };
  /** Plays the browser at the provider. @returns where it sends the browser back to */
  authorize(address: string): URL;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startProvider(): Promise<TestProvider> {
  const [keys, foreign] = await Promise.all([
    generateKeyPair("RS256", { extractable: true }),
    generateKeyPair("RS256", { extractable: true })
  ]);
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one", alg: "RS256", use: "sig" };
  const codes = new Map<string, { challenge: string; nonce: string; as: TestProvider["next"] }>();
  const server = createServer(async (request, response) => {
    const send = (value: unknown, status = 200) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    const url = new URL(request.url ?? "/", provider.issuer);
    if (url.pathname === "/.well-known/openid-configuration")
      return send({
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/keys`,
        id_token_signing_alg_values_supported: ["RS256"]
      });
    if (url.pathname === "/keys") return send({ keys: [jwk] });
    if (url.pathname !== "/token") return send({ error: "not_found" }, 404);
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const form = new URLSearchParams(text);
    const basic = Buffer.from((request.headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString();
    const [id, secret] = basic.includes(":")
      ? basic.split(":").map(decodeURIComponent)
      : [form.get("client_id"), form.get("client_secret")];
    const code = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const answer = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (id !== provider.clientId || secret !== provider.clientSecret || !code || code.challenge !== answer)
      return send({ error: "invalid_grant" }, 400);
    const { email, verified = true, name = "Somebody", defect } = code.as;
    const token = await new SignJWT({
      ...{ email, email_verified: verified, name },
      nonce: defect === "nonce" ? "another" : code.nonce
    })
      .setProtectedHeader({ alg: "RS256", kid: "one" })
      .setIssuer(provider.issuer)
      .setAudience(defect === "audience" ? "another" : provider.clientId)
      .setSubject(`subject of ${email}`)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(defect === "signature" ? foreign.privateKey : keys.privateKey);
    send({ access_token: "an access token", token_type: "Bearer", expires_in: 300, id_token: token });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const provider: TestProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: "tracebook",
    clientSecret: "a secret of the provider",
    next: { email: "nobody@example.com" },
    authorize(address) {
      const asked = new URL(address).searchParams;
      if (asked.get("code_challenge_method") !== "S256" || !asked.get("nonce") || !asked.get("state"))
        throw new Error("the flow lacks PKCE, nonce or state");
      const code = `code ${codes.size} ${asked.get("state")}`;
      const challenge = provider.next.defect === "verifier" ? "another" : (asked.get("code_challenge") ?? "");
      codes.set(code, { challenge, nonce: asked.get("nonce") ?? "", as: provider.next });
      const back = new URL(asked.get("redirect_uri") ?? "");
      back.searchParams.set("code", code);
      back.searchParams.set("state", asked.get("state") ?? "");
      return back;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      })
  };
  return provider;
}
