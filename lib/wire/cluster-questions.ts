import { type ClusterQuestion, type ClusterVerdict, clusterVerdicts } from "../model/cluster-question.ts";
import { Fault } from "../model/fault.ts";
import { integer, object, text } from "./parse.ts";
import type { Names } from "./people.ts";

export const clusterQuestionPaths = {
  all: () => "/api/cluster-questions",
  ofMap: (mapId: string) => `/api/cluster-questions?map=${encodeURIComponent(mapId)}`,
  one: (questionId: string) => `/api/cluster-questions/${encodeURIComponent(questionId)}`,
  page: (questionId: string) => `/queues/clusters/${encodeURIComponent(questionId)}`
} as const;

/** POST a question about a cluster to the experts of a unit. */
export interface ClusterQuestionRequest {
  readonly mapId: string;
  readonly clusterId: number;
  readonly businessUnit: string;
  readonly question: string;
  /** Traces that stand for the cluster, 1 to 50. */
  readonly count: number;
  readonly seed: number;
}

/** A question in a list, with what its cluster is called now. */
export interface ClusterQuestionRow extends Omit<ClusterQuestion, "sample"> {
  readonly mapTitle: string;
  /** Null where the cluster is no more. */
  readonly label: string | null;
  /** What most of the experts say. */
  readonly verdict: ClusterVerdict | null;
}

/** GET the questions, the newest first: `?map`. */
export interface ClusterQuestionsReply {
  readonly questions: readonly ClusterQuestionRow[];
}

/** GET one question, or POST a judgement. */
export interface ClusterQuestionReply extends ClusterQuestionRow {
  /** Who asks this page. */
  readonly me: string;
  /** Of those who said something. */
  readonly names: Names;
  /** Version of the map now; what is said is said of it. */
  readonly newestVersion: number;
  /** Traces of the unit in the cluster now; null where the cluster is no more. */
  readonly sizeNow: number | null;
  /** Clusters that it went into, where it is no more. */
  readonly into: readonly number[];
  readonly traces: readonly {
    readonly traceId: string;
    readonly inclusionProbability: number;
    /** Their beginnings; null where the trace is gone or says nothing. */
    readonly input: string | null;
    readonly output: string | null;
  }[];
}

/** POST what an expert says. */
export interface ClusterJudgementRequest {
  readonly verdict: ClusterVerdict;
  readonly note: string;
  readonly mapVersion: number;
  readonly baseVersion: number;
}

/** @throws Fault `invalid` naming the field */
export function parseClusterQuestionRequest(body: unknown): ClusterQuestionRequest {
  const fields = object(body, "the question");
  return {
    ...{ mapId: text(fields, "mapId"), clusterId: integer(fields, "clusterId") },
    ...{ businessUnit: text(fields, "businessUnit"), question: text(fields, "question") },
    ...{ count: integer(fields, "count"), seed: integer(fields, "seed") }
  };
}

/** @throws Fault `invalid` naming the field */
export function parseClusterJudgementRequest(body: unknown): ClusterJudgementRequest {
  const fields = object(body, "the verdict");
  const said = text(fields, "verdict");
  const verdict = clusterVerdicts.find((each) => each === said);
  if (!verdict) {
    throw new Fault("invalid", `a cluster is no "${said.slice(0, 40)}"`, {
      hint: `Say ${clusterVerdicts.join(", ")}.`
    });
  }
  return {
    ...{ verdict, note: text(fields, "note") },
    ...{ mapVersion: integer(fields, "mapVersion"), baseVersion: integer(fields, "baseVersion") }
  };
}
