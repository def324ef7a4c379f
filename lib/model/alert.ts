import type { BusinessUnit } from "./scope.ts";

/** A cluster of a kept map that has begun to grow in one unit, in numbers alone: no words of any trace. */
export interface Emergence {
  readonly businessUnit: BusinessUnit;
  /** Null for the unit's traces in no cluster. */
  readonly clusterId: number | null;
  /** Traces in the last days, and in those before. */
  readonly recent: number;
  readonly past: number;
  /** How many times as large a share of the unit's traces it is now, with 95 % interval; null for beyond any number. */
  readonly ratio: number | null;
  readonly low: number;
  readonly high: number | null;
}

/** Where the message of an alert is: `off` when there was nowhere to send it. */
export type AlertDelivery = "off" | "waiting" | "sent" | "failed";

/** That a cluster began to grow. It stands until the growth is over; a later growth is an alert of its own. */
export interface Alert extends Emergence {
  readonly alertId: string;
  readonly mapId: string;
  readonly mapTitle: string;
  readonly raisedAtMs: number;
  /** Null while the cluster grows. */
  readonly endedAtMs: number | null;
  readonly delivery: AlertDelivery;
  /** Why the message has not been taken, where it has been tried. */
  readonly problem: string | null;
}
