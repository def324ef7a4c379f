/** The name of a cookie. `__Host-` binds it to this very host: no neighbour of the domain can set one. */
export function cookieName(name: "session" | "state", isSecure: boolean): string {
  return `${isSecure ? "__Host-" : ""}tracebook_${name}`;
}

/** Whether a `Cookie` line holds that of a session. */
export const sessionCookie = /(?:^|;\s*)(?:__Host-)?tracebook_session=/;
