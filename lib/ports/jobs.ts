import type { Json } from "../model/span.ts";

/** A job as its worker sees it. */
export interface Job {
  readonly id: string;
  readonly queue: string;
  readonly data: Json;
  /** From 1. */
  readonly attempt: number;
  /** Aborted when the job is cancelled, its lease is lost, or the process stops. */
  readonly signal: AbortSignal;
}

/** Where a job stands. */
export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

/** What to do with a job. */
export interface EnqueueOptions {
  /** The same id is enqueued once, ever: an occurrence's id is a hash of workbook and due instant. */
  readonly id: string;
  /** Whether an id whose job has ended is enqueued anew, for work that comes up again and again. */
  readonly again?: boolean;
  /** Not before, ms since 1970 UTC. */
  readonly startAfterMs?: number;
  /** Tries in all; 3 when absent. */
  readonly attempts?: number;
  /** Jobs of one queue and group run one after another, in every process together. */
  readonly group?: string;
}

/**
 * Work that outlives a request. At any instant a job has at most one owner; a worker that dies is
 * noticed and another takes over.
 */
export interface Jobs {
  /** @returns false when a job of that id was enqueued before */
  enqueue(queue: string, data: Json, options: EnqueueOptions): Promise<boolean>;
  /** Works a queue until stopped: `handler` resolves to end the job, throws to have it tried again. */
  work(
    queue: string,
    handler: (job: Job) => Promise<void>,
    options?: { readonly concurrency?: number }
  ): Promise<{ stop(): Promise<void> }>;
  cancel(id: string): Promise<void>;
  find(
    id: string
  ): Promise<{ readonly state: JobState; readonly attempt: number; readonly message: string | null } | undefined>;
  close(): Promise<void>;
}
