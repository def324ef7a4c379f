import type { FillingDay, FillingTerms, QueueFilling } from "../model/queue-filling.ts";
import type { Scope } from "../model/scope.ts";
import type { RuleCursor } from "../model/scoring-rule.ts";
import type { NewQueueItem } from "./queues.ts";

/** What a pass over new traffic found, and how far the rule is then. */
export interface FillingPass {
  readonly seen: number;
  readonly sampled: readonly NewQueueItem[];
  readonly cursor: RuleCursor;
}

/** Rules that keep filling queues, at most one each. A scope sees those of which it holds every unit. */
export interface QueueFillings {
  /** With what it did in its last 60 days, the newest first; null where the queue has none. @throws Fault `missing` for the queue */
  find(scope: Scope, queueId: string): Promise<(QueueFilling & { readonly days: readonly FillingDay[] }) | null>;
  /**
   * Begins with what arrives after a snapshot; in place of the rule that there was.
   *
   * @throws Fault `missing`, `invalid`, `denied` where the queue holds items of units outside the scope
   */
  put(scope: Scope, queueId: string, terms: FillingTerms, snapshotId: number): Promise<QueueFilling>;
  /** @throws Fault `missing` */
  pause(scope: Scope, queueId: string): Promise<void>;
  /** It goes on where it stopped. @throws Fault `missing` */
  resume(scope: Scope, queueId: string): Promise<void>;
  /** The items that it added stay. @throws Fault `missing` */
  remove(scope: Scope, queueId: string): Promise<void>;
  /** For the work itself: rules of every unit that are not paused. */
  listActive(): Promise<readonly QueueFilling[]>;
  /** For the work itself: a rule that cannot be asked pauses, and says why. */
  pauseBecause(queueId: string, because: string): Promise<void>;
  /**
   * For the work itself: puts a sample of what arrived into the queue and moves the rule on, both or neither. Where
   * the caps leave less room, a sample of the sample is drawn, and each item's chance is less by as much. Nothing
   * happens where the rule has moved on meanwhile.
   *
   * @param from  the snapshot of the cursor that the pass began at
   * @returns items added
   */
  notePass(queueId: string, from: number, pass: FillingPass): Promise<number>;
}
