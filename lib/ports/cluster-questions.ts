import type { ClusterQuestion, ClusterVerdict } from "../model/cluster-question.ts";
import type { Scope } from "../model/scope.ts";

/** What a question begins with. */
export type NewClusterQuestion = Pick<
  ClusterQuestion,
  "mapId" | "clusterId" | "businessUnit" | "question" | "mapVersion" | "size" | "sample"
>;

/** Questions about clusters, and what experts say. A scope sees those of its units. */
export interface ClusterQuestions {
  /** @throws Fault `denied` for a unit outside the scope, `conflict` where the unit's experts are asked about the cluster already */
  ask(scope: Scope, question: NewClusterQuestion): Promise<ClusterQuestion>;
  /** The newest first, at most 500; of one map where it is named. */
  list(scope: Scope, mapId?: string): Promise<readonly ClusterQuestion[]>;
  /** @throws Fault `missing` */
  find(scope: Scope, questionId: string): Promise<ClusterQuestion>;
  /**
   * Keeps what the one who asks says, as their next version. Once most experts say that the cluster is an issue, an
   * alert is raised; it ends when they no longer do.
   *
   * @param baseVersion  their own version that it goes on from, 0 for none
   * @param isSent  whether a message is sent of an alert that is raised now
   * @throws Fault `missing`; `conflict` where they said something else meanwhile
   */
  judge(
    scope: Scope,
    questionId: string,
    said: {
      readonly verdict: ClusterVerdict;
      readonly note: string;
      readonly mapVersion: number;
      readonly baseVersion: number;
    },
    isSent: boolean
  ): Promise<ClusterQuestion>;
}
