import type { IncomingMessage, ServerResponse } from "node:http";

const loopbackName = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)(:\d+)?$/;

/**
 * Whether a request may be answered at all. There is no sign-in yet, so nothing but this machine's own
 * pages may speak: a foreign Host is a rebound name, a foreign Origin is another site's page.
 *
 * @returns a sentence when it may not
 */
export function refuse(request: IncomingMessage): string | undefined {
  const host = request.headers.host ?? "";
  if (!loopbackName.test(host)) return `this workbench answers on this machine only, not as "${host.slice(0, 100)}"`;
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    // A sandboxed frame has the origin "null"; it has no business with the server either.
    return `a page of "${origin.slice(0, 100)}" may not use this workbench`;
  }
  if (request.headers["sec-fetch-site"] === "cross-site" && request.url?.startsWith("/api/")) {
    return "another site's page may not use this workbench";
  }
  return undefined;
}

/** Documents with a policy of their own: two policies on one answer would both hold. */
const ownPolicy = /^\/(charts\/frame|api\/runs\/[^/]+\/report)$/;

/**
 * Headers of every answer.
 *
 * @param path  of the address, without its query
 */
export function setSecurityHeaders(response: ServerResponse, path: string, dev: boolean): void {
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "same-origin");
  response.setHeader("cross-origin-opener-policy", "same-origin");
  if (ownPolicy.test(path)) return;
  response.setHeader(
    "content-security-policy",
    [
      "default-src 'self'",
      // Next hydrates from inline scripts; user code never runs in this origin (charts have a frame of their own).
      `script-src 'self' 'unsafe-inline'${dev ? " 'unsafe-eval'" : ""}`,
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
    ].join("; ")
  );
}
