import type { Origin } from "../model/person.ts";

/** Header in which the server tells the routes where a request came from; what a client sends in it is thrown away. */
export const addressHeader = "x-tracebook-address";

/** Where a request comes from, as the server that took it says. */
export function originOf(headers: Headers): Origin {
  return {
    ip: headers.get(addressHeader) || null,
    userAgent: headers.get("user-agent")?.slice(0, 300) || null
  };
}
