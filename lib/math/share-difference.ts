import type { Counted } from "./rate-ratio.ts";
import { wilsonInterval } from "./wilson.ts";

/** How far apart two shares are. */
export interface ShareDifference {
  /** First minus second, -1..1. */
  readonly difference: number;
  /** 95 % interval of it; [-1, 1] where one of them has no trials. */
  readonly low: number;
  readonly high: number;
}

/**
 * The difference of two shares of unpaired trials, its interval from the Wilson intervals of both.
 *
 * @see Newcombe 1998, method 10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
 */
export function differShares(one: Counted, other: Counted): ShareDifference {
  if (one.trials === 0 || other.trials === 0) return { difference: 0, low: -1, high: 1 };
  const [p, q] = [one.events / one.trials, other.events / other.trials];
  const [lowP, highP] = wilsonInterval(one.events, one.trials);
  const [lowQ, highQ] = wilsonInterval(other.events, other.trials);
  return {
    difference: p - q,
    low: p - q - Math.hypot(p - lowP, highQ - q),
    high: p - q + Math.hypot(highP - p, q - lowQ)
  };
}
