const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 17 });
const short = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** Thousands separated; three significant figures unless whole. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? whole.format(value) : short.format(value);
}

/** Every digit, for hover. */
export function formatExact(value: number): string {
  return Number.isFinite(value) ? exact.format(value) : String(value);
}

/** `1 row`, `1,204 rows`: a count with its noun, which takes an s beyond one. */
export function formatCount(count: number, noun: string): string {
  return `${whole.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `82 % [76, 87] n = 214`; a rate of nothing is said in words. Rate and interval in 0..1. */
export function formatRate(rate: number | null, interval: readonly [number, number] | null, n: number): string {
  if (rate === null || n === 0) return "no scored traces";
  const percent = (share: number) => Math.round(share * 100);
  const range = interval ? ` [${percent(interval[0])}, ${percent(interval[1])}]` : "";
  return `${percent(rate)} %${range} n = ${whole.format(n)}`;
}

/** A time span in the unit that reads best: `0.08 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return "< 1 ms";
  if (ms < 60_000) return `${ms < 10 ? (ms / 1000).toFixed(3) : short.format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** `23 Nov 2026, 09:14:02 GMT+1` in the viewer's zone unless `zone` (IANA) is given. */
export function formatTime(atMs: number, zone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    ...(zone === undefined ? {} : { timeZone: zone })
  }).format(atMs);
}

/**
 * `23 Nov 09:14:02`, without zone, in the viewer's unless `zone` (IANA) is given; of another year than that of
 * `nowMs`, `23 Nov 2024 09:14`.
 */
export function formatShortTime(atMs: number, zone?: string, nowMs = Date.now()): string {
  const inZone = zone === undefined ? {} : { timeZone: zone };
  const yearOf = (ms: number) => new Intl.DateTimeFormat("en-GB", { year: "numeric", ...inZone }).format(ms);
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    ...(yearOf(atMs) === yearOf(nowMs) ? { second: "2-digit" } : { year: "numeric" }),
    ...inZone
  })
    .format(atMs)
    .replace(",", "");
}

/** `23 Nov 2026`: a day in UTC. */
export function formatDay(atMs: number): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC"
  }).format(atMs);
}

/** `GMT+1`: the zone that holds at an instant. */
export function formatZone(atMs: number, zone?: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZoneName: "short",
    ...(zone === undefined ? {} : { timeZone: zone })
  }).formatToParts(atMs);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** US dollars: cents and above with two places, less with three significant figures. */
export function formatCost(usd: number): string {
  return usd >= 1 || usd === 0 ? `$${usd.toFixed(2)}` : `$${short.format(usd)}`;
}
