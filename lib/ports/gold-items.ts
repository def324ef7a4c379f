import type { GoldItem } from "../model/gold-item.ts";
import type { Scope } from "../model/scope.ts";
import type { QueueItemKey } from "./queues.ts";

/**
 * Items of queues whose label is known before. Nothing of a queue that reviewers read tells of them: who may know is for
 * the one to say who gives the scope.
 */
export interface GoldItems {
  /** @throws Fault `missing` */
  list(scope: Scope, queueId: string): Promise<readonly GoldItem[]>;
  /** @param label  null makes it an item like any other. @throws Fault `missing`; `invalid` for a label that the rubric does not have */
  put(scope: Scope, queueId: string, item: QueueItemKey, label: string | null): Promise<void>;
}
