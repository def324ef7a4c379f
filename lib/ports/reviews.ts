import type { QueueItem } from "../model/queue.ts";
import type { Hold, Judgement, Review } from "../model/review.ts";
import type { Scope } from "../model/scope.ts";
import type { QueueItemKey } from "./queues.ts";

/** A judgement on its way in. */
export interface NewReview {
  readonly judgement: Judgement;
  /** The rubric that the reviewer saw. */
  readonly rubricVersion: number;
  /** The reviewer's own version that it goes on from, 0 for none. */
  readonly baseVersion: number;
  readonly durationMs: number;
}

/** What reviewers say of the items of queues, and who has which item open. A scope sees items of its units alone. */
export interface Reviews {
  /**
   * Opens an item for the reviewer, or keeps it open: as many may have it open as it still needs.
   *
   * @throws Fault `missing`; `conflict` where others have it open, with who and until when
   */
  hold(scope: Scope, queueId: string, item: QueueItemKey): Promise<Hold>;
  /**
   * Opens the next item, in order and from the start again after the last, that waits for this reviewer: not done, not
   * open elsewhere, neither judged nor skipped by them.
   *
   * @param after  the item that the reviewer is at; null begins with the first
   * @returns null where none waits
   */
  holdNext(scope: Scope, queueId: string, after: QueueItemKey | null): Promise<(QueueItem & Hold) | null>;
  /** Lets others have the item. An item that is not open, or judged already, stays as it is. */
  release(scope: Scope, queueId: string, item: QueueItemKey): Promise<void>;
  /**
   * Keeps a judgement as a new version, and a label as the reviewer's annotation of the trace. It is kept even where
   * the item is done or open elsewhere by now: what somebody wrote is never lost.
   *
   * @throws Fault `missing`; `invalid` as `checkJudgement`; `conflict` where the rubric or the reviewer's own judgement changed meanwhile
   */
  submit(scope: Scope, queueId: string, item: QueueItemKey, review: NewReview): Promise<Review>;
  /**
   * The newest version by item and reviewer, of all items or of one, oldest first; of what is kept blind the asker's own
   * alone.
   *
   * @throws Fault `missing`
   */
  list(scope: Scope, queueId: string, item?: QueueItemKey): Promise<readonly Review[]>;
  /** As `list`, with what is kept blind: for who decides in the units of the scope. @throws Fault `missing` */
  listAll(scope: Scope, queueId: string, item?: QueueItemKey): Promise<readonly Review[]>;
}
