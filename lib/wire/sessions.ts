import { Fault } from "../model/fault.ts";

/** Which sessions a list shows. */
export interface SessionsAsked {
  readonly unit: string | null;
  /** Contained in the session's id, in any case; "" asks for nothing. */
  readonly words: string;
  /** `next` of the page before. */
  readonly before: string | null;
  /** 1 to 200. */
  readonly limit: number;
}

/** Which part of a session's thread is shown. */
export interface ThreadAsked {
  /** Null where only one unit is thought to know the session. */
  readonly unit: string | null;
  /** Number of the first turn, from 0. */
  readonly from: number;
  /** A trace that the part is to hold, in place of `from`. */
  readonly traceId: string | null;
}

/** Turns of a thread that are shown at once. */
export const turnsPerPage = 50;

/** What a query string asks of the list of sessions. @throws Fault `invalid` naming the field */
export function parseSessionsAsked(query: URLSearchParams): SessionsAsked {
  return {
    unit: query.get("unit") || null,
    words: (query.get("words") ?? "").trim(),
    before: query.get("before") || null,
    limit: whole(query, "limit", 50, 1, 200)
  };
}

/** What a query string asks of a thread. @throws Fault `invalid` naming the field */
export function parseThreadAsked(query: URLSearchParams): ThreadAsked {
  return {
    unit: query.get("unit") || null,
    from: whole(query, "from", 0, 0, 10_000_000),
    traceId: query.get("trace")?.toLowerCase() || null
  };
}

function whole(query: URLSearchParams, name: string, otherwise: number, low: number, high: number): number {
  const text = query.get(name);
  if (text === null || text === "") return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new Fault(
    "invalid",
    `"${name}" is "${text}", not a whole number from ${low} to ${high.toLocaleString("en-US")}`
  );
}
