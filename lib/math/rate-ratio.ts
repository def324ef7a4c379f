import { binomialAtLeast, exactInterval } from "./binomial.ts";

/** Events in so many trials, such as traces of a cluster among all traces of a unit. */
export interface Counted {
  readonly events: number;
  /** `events` or more. */
  readonly trials: number;
}

/** How many times as common events are in one stretch as in another. */
export interface RateRatio {
  /** 0 up to Infinity; 1 where neither has an event. */
  readonly ratio: number;
  /** 95 % interval; [0, Infinity] where neither has an event. */
  readonly low: number;
  readonly high: number;
  /** The chance of a ratio this high or higher where nothing has changed, 0..1. */
  readonly pHigher: number;
  /** The chance of one this far from 1 either way: twice the smaller tail, at most 1. */
  readonly pEither: number;
}

/**
 * Compares two rates exactly: given all events together, how many fall into the first stretch is binomial, its rate
 * the stretch's share of the trials. Exact for rare events (Poisson counts), cautious for common ones.
 *
 * @see Przyborowski and Wilenski 1940, doi:10.1093/biomet/31.3-4.313
 */
export function compareRates(now: Counted, before: Counted): RateRatio {
  const events = now.events + before.events;
  if (events === 0 || now.trials === 0 || before.trials === 0) {
    return { ratio: 1, low: 0, high: Infinity, pHigher: 1, pEither: 1 };
  }
  const share = now.trials / (now.trials + before.trials);
  const odds = before.trials / now.trials;
  const [low, high] = exactInterval(now.events, events);
  const pHigher = binomialAtLeast(now.events, events, share);
  const pLower = 1 - binomialAtLeast(now.events + 1, events, share);
  return {
    ratio: before.events === 0 ? Infinity : (now.events / before.events) * odds,
    low: (low / (1 - low)) * odds,
    high: high >= 1 ? Infinity : (high / (1 - high)) * odds,
    pHigher,
    pEither: Math.min(1, 2 * Math.min(pHigher, pLower))
  };
}
