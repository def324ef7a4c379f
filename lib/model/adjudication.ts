import { Fault } from "./fault.ts";
import type { QueueItem } from "./queue.ts";
import { type Rubric, requireLabel } from "./rubric.ts";

/** What somebody decides of an item that people judged differently. */
export interface Decision {
  /** Null takes an earlier decision back. */
  readonly label: string | null;
  readonly reason: string;
}

/** A decision as it is kept; a change is a new version, never an update. */
export interface Adjudication extends Decision, Pick<QueueItem, "traceId" | "businessUnit"> {
  readonly queueId: string;
  /** From 1. */
  readonly version: number;
  readonly rubricVersion: number;
  readonly userId: string;
  readonly madeAtMs: number;
}

const mostReason = 20_000;

/** A decision as it is kept. @throws Fault `invalid` for a label that the rubric does not have, or without a reason */
export function checkDecision({ label, reason }: Decision, rubric: Rubric): Decision {
  const why = reason.trim();
  if (label !== null) requireLabel(rubric, label);
  if (why === "") throw new Fault("invalid", "a decision needs a reason", { hint: "Write why, then decide." });
  if (why.length <= mostReason) return { label, reason: why };
  throw new Fault("limit", `the reason has ${why.length.toLocaleString("en-US")} characters`, {
    hint: `Keep it to ${mostReason.toLocaleString("en-US")}.`
  });
}
