import { Fault } from "../model/fault.ts";
import type { Clock } from "../ports/clock.ts";

/** Tries that nobody waits for: for one account, and for one address, from which a whole office may sign in. */
const freeTries = { account: 5, address: 40 } as const;

const firstWaitMs = 30_000;
const longestWaitMs = 900_000;
/** After so long without a try the count begins anew. */
const forgottenMs = 3_600_000;
/** Of accounts and addresses together; the ones that were quiet longest are forgotten first. */
const mostKept = 20_000;

/** How often a password was tried, by account and by address; every further wrong one waits twice as long. */
export class SignInAttempts {
  readonly #clock: Clock;
  readonly #tried = new Map<string, { count: number; atMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Counts a try before it is made, so that many at once do not slip through together.
   *
   * @throws Fault `limit` that says how long to wait; such a try is not counted
   */
  begin(email: string, ip: string | null): void {
    const keys = keysOf(email, ip);
    const waitMs = Math.max(...keys.map(([kind, key]) => this.#waitMs(kind, key)));
    if (waitMs > 0)
      throw new Fault("limit", `too many wrong passwords: the next can be tried in ${formatWait(waitMs)}`, {
        hint: "An administrator can make a link that sets a new password."
      });
    for (const [, key] of keys) {
      const count = (this.#standing(key)?.count ?? 0) + 1;
      // Deleted first, so that the map's order is that of the last try.
      this.#tried.delete(key);
      this.#tried.set(key, { count, atMs: this.#clock.nowMs() });
    }
    for (const key of this.#tried.keys()) {
      if (this.#tried.size <= mostKept) break;
      this.#tried.delete(key);
    }
  }

  /** The password was right: the account starts anew, and the address has one try back. */
  succeed(email: string, ip: string | null): void {
    for (const [kind, key] of keysOf(email, ip)) {
      const tried = this.#tried.get(key);
      if (kind === "account" || (tried && tried.count <= 1)) this.#tried.delete(key);
      else if (tried) this.#tried.set(key, { ...tried, count: tried.count - 1 });
    }
  }

  #standing(key: string): { readonly count: number; readonly atMs: number } | undefined {
    const tried = this.#tried.get(key);
    return tried && this.#clock.nowMs() - tried.atMs < forgottenMs ? tried : undefined;
  }

  #waitMs(kind: keyof typeof freeTries, key: string): number {
    const tried = this.#standing(key);
    if (!tried || tried.count < freeTries[kind]) return 0;
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(20, tried.count - freeTries[kind]));
    return Math.max(0, tried.atMs + wait - this.#clock.nowMs());
  }
}

function keysOf(email: string, ip: string | null): readonly (readonly ["account" | "address", string])[] {
  const account = ["account", `account ${email.trim().toLowerCase().slice(0, 254)}`] as const;
  return ip === null ? [account] : [account, ["address", `address ${networkOf(ip)}`]];
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
