import type { Adjudication, Decision } from "../model/adjudication.ts";
import type { QueueItem } from "../model/queue.ts";
import type { Scope } from "../model/scope.ts";
import type { QueueItemKey } from "./queues.ts";

/** A decision on its way in. */
export interface NewAdjudication extends Decision {
  /** The rubric that the adjudicator saw. */
  readonly rubricVersion: number;
  /** The version of the item's decision that it goes on from, 0 for none. */
  readonly baseVersion: number;
}

/** What adjudicators decide of contested items. A scope sees items of its units alone. */
export interface Adjudications {
  /** The next contested item, in order and from the start again after the last; null where there is none. @throws Fault `missing` */
  findNext(scope: Scope, queueId: string, after: QueueItemKey | null): Promise<QueueItem | null>;
  /**
   * Keeps a decision as a new version, and as an annotation of the trace whose source is `adjudication`. Any item may
   * be decided, contested or not.
   *
   * @throws Fault `missing`; `invalid` as `checkDecision`; `conflict` where the rubric or the decision changed meanwhile
   */
  decide(scope: Scope, queueId: string, item: QueueItemKey, decision: NewAdjudication): Promise<Adjudication>;
  /** The newest version by item, of all items or of one, oldest first; those taken back, too. @throws Fault `missing` */
  list(scope: Scope, queueId: string, item?: QueueItemKey): Promise<readonly Adjudication[]>;
}
