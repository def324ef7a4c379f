import type { IncomingMessage, ServerResponse } from "node:http";
import { sessionCookie } from "#lib/server/auth/names.ts";
import { addressHeader } from "#lib/wire/origin.ts";
import { isEntrance } from "#lib/wire/people-paths.ts";

const loopbackName = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)(:\d+)?$/;
const addressLiteral = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])(:\d+)?$/i;

/** How the workbench can be reached. */
export interface Reach {
  readonly isLoopback: boolean;
  readonly publicUrl: string;
  readonly proxyHops: number;
}

/** Where a provider sends the browser back to: the one address of the API that another site's page leads to. */
const fromElsewhere = /^\/api\/sign-in\/provider\/callback\/[^/]+(\?|$)/;

/**
 * Whether a request may be answered at all: a Host that is not ours is a rebound name, a foreign Origin is another
 * site's page, and what changes something with a session's cookie must say that our own page sent it.
 *
 * @returns a sentence when it may not
 */
export function refuse(request: IncomingMessage, { isLoopback, publicUrl }: Reach): string | undefined {
  const host = request.headers.host ?? "";
  // A name can be rebound to any address, an address cannot.
  const isOurs =
    loopbackName.test(host) || host === new URL(publicUrl).host || (!isLoopback && addressLiteral.test(host));
  if (!isOurs)
    return `this workbench does not answer as "${host.slice(0, 100)}"; TRACEBOOK_PUBLIC_URL names where it is reached`;
  const { origin, cookie } = request.headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    // A sandboxed frame has the origin "null"; it has no business with the server either.
    return `a page of "${origin.slice(0, 100)}" may not use this workbench`;
  }
  const site = request.headers["sec-fetch-site"];
  const isRead = request.method === undefined || ["GET", "HEAD", "OPTIONS"].includes(request.method);
  if (site === "cross-site" && request.url?.startsWith("/api/") && !(isRead && fromElsewhere.test(request.url))) {
    return "another site's page may not use this workbench";
  }
  // Browsers send one of both with everything that changes something; whoever sends a cookie is a browser, or means to be.
  if (!isRead && sessionCookie.test(cookie ?? "") && origin === undefined && site !== "same-origin") {
    return "a change with a cookie needs the Origin header of this workbench; programs send a key instead";
  }
  return undefined;
}

/** Tells the routes where a request comes from; what the client says of itself is believed of known proxies alone. */
export function setAddress(request: IncomingMessage, { proxyHops }: Reach): void {
  const told = String(request.headers["x-forwarded-for"] ?? "").split(",");
  const address = proxyHops > 0 ? told.at(-proxyHops)?.trim() : undefined;
  request.headers[addressHeader] = (address || request.socket.remoteAddress || "").slice(0, 60);
}

/** Whether a request came over the network, through a proxy on this machine, although the port is not open to it. */
export function isForwarded({ headers }: IncomingMessage): boolean {
  return ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"].some((name) => name in headers);
}

/** Documents with a policy of their own: two policies on one answer would both hold. */
const ownPolicy = /^\/(charts\/frame|api\/runs\/[^/]+\/report)$/;

/** Whether a path is a page that is shown to people who are signed in alone. */
export function isPage(path: string): boolean {
  return !/^\/(api|v1|_next)(\/|$)|\.[a-z0-9]+$|^\/charts\/frame$/.test(path) && !isEntrance(path);
}

/** Where somebody signs in who wanted to see an address, and how they come back to it. */
export function signInAddress(url: string): string {
  const [path = "/", query = ""] = url.split("?", 2);
  const wanted = new URLSearchParams(query);
  // Next asks with it for the parts of a page that differ.
  wanted.delete("_rsc");
  const from = wanted.size > 0 ? `${path}?${wanted}` : path;
  return from === "/" ? "/sign-in" : `/sign-in?from=${encodeURIComponent(from)}`;
}

/**
 * Headers of every answer. The policy of scripts stands in the request too: Next reads from there the nonce that it
 * gives to the scripts of the page.
 *
 * @param nonce  of this one document
 */
export function setSecurityHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  nonce: string,
  dev: boolean
): void {
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "same-origin");
  response.setHeader("cross-origin-opener-policy", "same-origin");
  delete request.headers["content-security-policy"];
  delete request.headers["content-security-policy-report-only"];
  if (ownPolicy.test((request.url ?? "/").split("?", 1)[0]!)) return;
  const policy = [
    "default-src 'self'",
    // User code never runs in this origin: charts have a frame of their own.
    `script-src 'self' 'nonce-${nonce}'${dev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${dev ? " ws:" : ""}`,
    "worker-src 'self' blob:",
    "frame-src 'self' blob:",
    "frame-ancestors 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'"
  ].join("; ");
  request.headers["content-security-policy"] = policy;
  response.setHeader("content-security-policy", policy);
}
