import type { QueueItem } from "./queue.ts";

/** An item whose label is known before anybody judges it. */
export interface GoldItem extends Pick<QueueItem, "traceId" | "businessUnit"> {
  readonly label: string;
  readonly userId: string;
  readonly madeAtMs: number;
}
