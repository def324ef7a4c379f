import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isFault } from "#lib/model/fault.ts";
import { isSignInFirst } from "#lib/model/person.ts";
import type { Workbench } from "#lib/server/workbench.ts";
import { isForwarded, isPage, refuse, setAddress, setSecurityHeaders, signInAddress } from "./guard.ts";

const noAccount =
  "This workbench has no account yet. Make the first administrator on the machine where it runs: npx tracebook people add-admin <e-mail address>\n";

/**
 * Stands before every page and route: answers what may not go on, and lets the rest through with its headers set.
 *
 * @returns whether the request goes on
 */
export function openDoorkeeper(
  { config, people, whoAsks }: Pick<Workbench, "config" | "people" | "whoAsks">,
  dev: boolean
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  /** Once there is an account there is always one. */
  let hasAccounts = false;

  const isSignedIn = async (request: IncomingMessage) => {
    const headers = new Headers();
    for (const name of ["cookie", "authorization"] as const) {
      const value = request.headers[name];
      if (value !== undefined) headers.set(name, value);
    }
    try {
      await whoAsks(headers);
      return true;
    } catch (error) {
      if (isFault(error) && isSignInFirst(error)) return false;
      throw error;
    }
  };

  return async (request, response) => {
    const refusal = refuse(request, config);
    if (refusal !== undefined) {
      response.writeHead(403, { "content-type": "application/json" });
      response.end(JSON.stringify({ fault: { code: "denied", message: refusal } }));
      return false;
    }
    setAddress(request, config);
    setSecurityHeaders(request, response, randomBytes(16).toString("base64"), dev);
    hasAccounts ||= await people.hasAny();
    if (!hasAccounts && (!config.isLoopback || isForwarded(request))) {
      response.writeHead(503, { "content-type": "text/plain; charset=utf-8" });
      response.end(noAccount);
      return false;
    }
    const url = request.url ?? "/";
    if (!hasAccounts || !isPage(url.split("?", 1)[0]!) || (await isSignedIn(request))) return true;
    response.writeHead(307, { location: signInAddress(url), "cache-control": "no-store" });
    response.end();
    return false;
  };
}
