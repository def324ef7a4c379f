import type { Queue, QueueItem, Reviewing, SampleRule } from "../model/queue.ts";
import type { Rubric } from "../model/rubric.ts";
import type { Scope } from "../model/scope.ts";
import type { QueueOrigin } from "../model/selection.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { ListPart } from "./datasets.ts";

/** What tells an item from others of its queue. */
export type QueueItemKey = Pick<QueueItem, "traceId" | "businessUnit">;

/** A trace, or a pair of them, on its way into a queue. */
export interface NewQueueItem extends Pick<QueueItem, "traceId" | "businessUnit" | "stratum" | "inclusionProbability"> {
  /** Absent for one that is judged alone. */
  readonly otherTraceId?: string;
}

/** What a queue begins with. Items are in order. */
export interface NewQueue {
  readonly title: string;
  readonly origin: QueueOrigin;
  readonly rule: SampleRule;
  readonly rubric: Rubric;
  /** One review of each item, blind, where nothing is said. */
  readonly reviewing?: Partial<Reviewing>;
  readonly items: readonly NewQueueItem[];
}

/** Traces waiting for people. A scope sees queues that hold an item of its units, and in them only those items. */
export interface Queues {
  /** The newest first. */
  list(scope: Scope): Promise<readonly Queue[]>;
  /** @throws Fault `missing` */
  find(scope: Scope, queueId: string): Promise<Queue>;
  /** @throws Fault `invalid` for no items or an odd rubric, `denied` for units outside the scope, `limit` beyond 1,000 queues or 5,000 items */
  create(scope: Scope, queue: NewQueue): Promise<Queue>;
  /** Adds a version of the rubric; what was labelled stays. @throws Fault `missing`, `invalid`, `conflict` when `baseVersion` is not the newest */
  changeRubric(scope: Scope, queueId: string, baseVersion: number, rubric: Rubric): Promise<Queue>;
  /** Items in order. @throws Fault `missing` */
  listItems(scope: Scope, queueId: string, part: ListPart): Promise<readonly QueueItem[]>;
  /** @throws Fault `missing` for an item that the scope does not see */
  findItem(scope: Scope, queueId: string, item: QueueItemKey): Promise<QueueItem>;
  /** How many items stand how; of a blind queue, those that not all have judged are open. @throws Fault `missing` */
  countVerdicts(scope: Scope, queueId: string): Promise<Readonly<Record<VerdictKind, number>>>;
  /** Items of all queues, the newest queues first, at most a million. */
  listAll(scope: Scope): Promise<readonly (QueueItem & { readonly queueId: string; readonly title: string })[]>;
  /** Removes a queue that is all the scope's own; the labels stay. @throws Fault `missing`, `denied` where it holds other units' items */
  remove(scope: Scope, queueId: string): Promise<void>;
}
