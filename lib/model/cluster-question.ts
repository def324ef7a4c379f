import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";

/** What an expert can say that a cluster is. */
export const clusterVerdicts = ["candidate", "confirmed issue", "not an issue", "needs splitting"] as const;

export type ClusterVerdict = (typeof clusterVerdicts)[number];

/** What one expert said of a cluster; a change is a new version, never an update. */
export interface ClusterJudgement {
  readonly userId: string;
  /** From 1. */
  readonly version: number;
  readonly verdict: ClusterVerdict;
  /** Why. */
  readonly note: string;
  /** Version of the map that they saw. */
  readonly mapVersion: number;
  readonly madeAtMs: number;
}

/** A trace that stands for others of the cluster. */
export interface SampledTrace {
  readonly traceId: string;
  /** Chance it had of being drawn, above 0 and at most 1. */
  readonly inclusionProbability: number;
}

/**
 * A cluster that the experts of one unit are asked about. It belongs to the cluster's identity, which lasts over
 * versions of its map.
 */
export interface ClusterQuestion {
  readonly questionId: string;
  readonly mapId: string;
  readonly clusterId: number;
  readonly businessUnit: BusinessUnit;
  /** What is asked of them. */
  readonly question: string;
  /** Version of the map, and traces of the unit in the cluster, when it was asked. */
  readonly mapVersion: number;
  readonly size: number;
  readonly sample: readonly SampledTrace[];
  readonly userId: string;
  readonly askedAtMs: number;
  /** The newest of each expert, oldest first. */
  readonly judgements: readonly ClusterJudgement[];
}

/** Most traces that a question shows. */
export const mostSampled = 50;

const longestText = 2000;

/** A question as it is kept. @throws Fault `invalid` */
export function checkQuestion(question: string): string {
  const kept = question.trim();
  if (kept !== "" && kept.length <= longestText) return kept;
  throw new Fault("invalid", `a question has 1 to ${longestText} characters, not ${kept.length}`);
}

/** Why something is said of a cluster, as it is kept. @throws Fault `invalid` for none, `limit` for too much */
export function checkVerdictNote(note: string): string {
  const kept = note.trim();
  if (kept === "") throw new Fault("invalid", "a verdict on a cluster needs a reason", { hint: "Write why." });
  if (kept.length <= longestText) return kept;
  throw new Fault("limit", `the reason has ${kept.length} characters`, { hint: `Keep it to ${longestText}.` });
}

/** What most experts say; null where nobody said anything yet, or where no verdict has more voices than any other. */
export function commonVerdict(judgements: readonly ClusterJudgement[]): ClusterVerdict | null {
  const counts = clusterVerdicts.map((verdict) => judgements.filter((one) => one.verdict === verdict).length);
  const most = Math.max(...counts);
  return most > 0 && counts.filter((count) => count === most).length === 1
    ? clusterVerdicts[counts.indexOf(most)]!
    : null;
}
