import type { Alert, Emergence } from "../model/alert.ts";
import type { Scope } from "../model/scope.ts";

/** An alert whose message is to be sent. */
export interface AlertToSend {
  readonly alert: Alert;
  /** From 1. */
  readonly attempt: number;
}

/** Alerts that were raised, and which of their messages are still to be sent. */
export interface Alerts {
  /**
   * Notes what grows on a map: what was not growing before is raised, what no longer grows is ended. Whoever notes the
   * same at the same time raises it once.
   *
   * @param isSent  whether a message is sent of those that are raised now
   * @returns how many were raised
   */
  note(scope: Scope, mapId: string, grows: readonly Emergence[], isSent: boolean): Promise<number>;
  /** Of the scope's units and of maps that there are, those that still stand first, then the newest; at most 100. */
  list(scope: Scope): Promise<readonly Alert[]>;
  /** Takes the message that waits longest, for a minute: nobody else is given it meanwhile. */
  takeWaiting(): Promise<AlertToSend | undefined>;
  noteSent(alertId: string): Promise<void>;
  /** @param retryAtMs  null when it is not to be tried again */
  noteUnsent(alertId: string, problem: string, retryAtMs: number | null): Promise<void>;
}
