/** Now as a box for local times takes it, to the minute. */
export function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What such a box holds, in ms since 1970; null where it is empty. */
export function parseLocal(text: string): number | null {
  const ms = text === "" ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(ms) ? null : ms;
}
