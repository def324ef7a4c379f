import type { QueueItem, QueueState } from "../model/queue.ts";
import type { Judgement } from "../model/review.ts";
import type { Scope } from "../model/scope.ts";

/** What one person said of one item, as far as it is counted. */
export interface Vote extends Pick<QueueItem, "traceId" | "businessUnit"> {
  readonly userId: string;
  readonly kind: Judgement["kind"];
  /** Null for what is no label. */
  readonly label: string | null;
  readonly durationMs: number;
  readonly scales: Readonly<Record<string, number>>;
  /** Of a pair: the trace that was shown left. */
  readonly left: string | null;
  /** How the item stands. */
  readonly state: QueueState;
}

/** What is counted of the judgements in a queue. A scope sees those of its units alone. */
export interface Votes {
  /** The newest by item and person, without those taken back. @param isWhole  whether numbers and sides are read, too */
  list(scope: Scope, queueId: string, isWhole: boolean): Promise<readonly Vote[]>;
  /** Changes whenever something is judged, decided, known before or added in a queue. */
  readStamp(scope: Scope, queueId: string): Promise<string>;
}
