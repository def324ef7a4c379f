// Timers of scorer code. Those that a call leaves behind are taken away when it ends: they would run in the time of
// another trace.

const later = setTimeout;
const forget = clearTimeout;

let owned: number[] = [];

/** Lets scorer code set timers that can be taken away. */
export function watchTimers(): void {
  const watched = (work: (...given: unknown[]) => void, ms?: number, ...given: unknown[]): number => {
    const id = later(work, ms, ...given) as unknown as number;
    owned[owned.length] = id;
    return id;
  };
  Object.defineProperty(globalThis, "setTimeout", { value: watched, writable: true, configurable: true });
}

/** Has timers that are set from now on belong to a call. */
export function ownTimers(timers: number[]): void {
  owned = timers;
}

/** Takes the timers of a call away. */
export function dropTimers(timers: number[]): void {
  for (let at = 0; at < timers.length; at += 1) forget(timers[at]);
  if (timers.length > 0) timers.length = 0;
}
