import { Fault } from "./fault.ts";

/** Tries that nobody waits for: for one account, and for one address, from which a whole office may sign in. */
const freeTries = { account: 5, address: 40 } as const;

const firstWaitMs = 30_000;
const longestWaitMs = 900_000;

/** After so long without a try the count begins anew. */
export const forgottenMs = 3_600_000;

/** How often something was tried, and when last. */
export interface Tries {
  readonly count: number;
  readonly atMs: number;
}

/** What a try of a password is counted under. */
export interface TriedUnder {
  readonly kind: keyof typeof freeTries;
  readonly key: string;
}

/** The account first, then the address where it is known; whether there is such an account makes no difference. */
export function triedUnder(email: string, ip: string | null): readonly TriedUnder[] {
  const account = { kind: "account", key: `account ${email.trim().toLowerCase().slice(0, 254)}` } as const;
  return ip === null ? [account] : [account, { kind: "address", key: `address ${networkOf(ip)}` }];
}

/** How long the next try has to wait, in ms; every further wrong one waits twice as long. */
export function waitMs(kind: TriedUnder["kind"], tries: Tries, nowMs: number): number {
  const count = standing(tries, nowMs);
  if (count < freeTries[kind]) return 0;
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(20, count - freeTries[kind]));
  return Math.max(0, tries.atMs + wait - nowMs);
}

/** One try more. */
export function tryAgain(tries: Tries, nowMs: number): Tries {
  return { count: standing(tries, nowMs) + 1, atMs: nowMs };
}

/** The answer to a try that came too early. */
export function triedTooOften(waitsMs: number): Fault {
  return new Fault("limit", `too many wrong passwords: the next can be tried in ${formatWait(waitsMs)}`, {
    hint: "An administrator can make a link that sets a new password.",
    retryAfterSeconds: Math.ceil(waitsMs / 1000)
  });
}

/** A try that lies far ahead was noted while the clock was wrong: nobody waits until it has come. */
function standing({ count, atMs }: Tries, nowMs: number): number {
  return nowMs - atMs < forgottenMs && atMs - nowMs <= longestWaitMs ? count : 0;
}

/** Of IPv6 the half that a provider hands out as one: its holder has the other half to choose from. */
function networkOf(ip: string): string {
  if (!ip.includes(":") || /^::ffff:/i.test(ip)) return ip;
  const [head = "", tail] = ip.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) while (groups.length < 4) groups.push("0");
  return groups.slice(0, 4).join(":");
}

function formatWait(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
