import type { Entered } from "#lib/ports/sign-in.ts";

/** Lets the browser keep, or lose, the cookies of a session. */
export function answerCookies(cookies: readonly string[], body: unknown = null): Response {
  const headers = new Headers({ "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return Response.json(body, { headers });
}

/** Somebody is in. */
export function answerEntered({ cookies, userId }: Entered): Response {
  return answerCookies(cookies, { userId });
}
