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

/** What most experts of a unit say of a cluster is that it is an issue. */
export interface ConfirmedIssue {
  readonly businessUnit: BusinessUnit;
  readonly clusterId: number;
  readonly questionId: string;
  /** Experts who say so, of those who said anything. */
  readonly agree: number;
  readonly judged: number;
}

/** What is alerted of. */
export type AlertCause =
  | ({ readonly kind: "emerging" } & Emergence)
  | ({ readonly kind: "confirmed" } & ConfirmedIssue);

/**
 * That a cluster began to grow, or that experts confirmed an issue in it. It stands until the growth is over, or until
 * they say something else; what happens anew is an alert of its own.
 */
export type Alert = AlertCause & {
  readonly alertId: string;
  readonly mapId: string;
  readonly mapTitle: string;
  readonly raisedAtMs: number;
  /** Null while the cluster grows. */
  readonly endedAtMs: number | null;
  readonly delivery: AlertDelivery;
  /** Why the message has not been taken, where it has been tried. */
  readonly problem: string | null;
};
