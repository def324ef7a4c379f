import { type ClusterQuestion, commonVerdict, mostSampled } from "../model/cluster-question.ts";
import { Fault, isFault } from "../model/fault.ts";
import type { KeptMap } from "../model/kept-map.ts";
import { requireUnit, type Scope } from "../model/scope.ts";
import { seenClusters } from "../model/seen-clusters.ts";
import type { ClusterQuestions } from "../ports/cluster-questions.ts";
import type { People } from "../ports/people.ts";
import type {
  ClusterJudgementRequest,
  ClusterQuestionReply,
  ClusterQuestionRequest,
  ClusterQuestionRow
} from "../wire/cluster-questions.ts";
import { drawSample } from "./fill-queue.ts";
import { namePeople } from "./name-people.ts";
import type { ScopeKernels } from "./scope-kernels.ts";
import { type SelectionDoors, withSelection } from "./selection.ts";

/** What questions about clusters are asked and read with. */
export interface ClusterReviewDoors extends SelectionDoors {
  readonly clusterQuestions: ClusterQuestions;
  readonly people: Pick<People, "namesOf">;
  readonly kernels: Pick<ScopeKernels, "use">;
  /** Whether somebody outside the workbench is told of issues that experts confirm. */
  readonly isSent: boolean;
}

/** Characters of an input or output that a question shows of a trace. */
const shown = 600;

/**
 * Sends a cluster to the experts of one unit as a question, with a sample of the unit's traces in it.
 *
 * @throws Fault `invalid` for a sample of an odd size, `denied` for a unit outside the scope, `missing` for a cluster
 *   without a trace of the unit, `conflict` where its experts are asked already
 */
export async function askExperts(
  doors: ClusterReviewDoors,
  scope: Scope,
  { mapId, clusterId, businessUnit, question, count, seed }: ClusterQuestionRequest
): Promise<ClusterQuestion> {
  if (!(count >= 1 && count <= mostSampled)) {
    throw new Fault("invalid", `experts are shown 1 to ${mostSampled} traces of a cluster, not ${count}`);
  }
  requireUnit(scope, businessUnit);
  const ofUnit = { ...scope, businessUnits: [businessUnit] };
  const map = await doors.keptMaps.find(ofUnit, mapId);
  return withSelection(doors, ofUnit, { kind: "cluster", mapId, clusterId }, async (open) => {
    const rule = { count, by: { kind: "unit" }, spread: "proportional", seed } as const;
    const { traces: size, items } = await drawSample(open, rule);
    const sample = items.map(({ traceId, inclusionProbability }) => ({ traceId, inclusionProbability }));
    const asked = { mapId, clusterId, businessUnit, question, mapVersion: map.version.version, size, sample };
    return doors.clusterQuestions.ask(ofUnit, asked);
  });
}

/** Questions with what their clusters are called now; those of a map that is gone are left out. */
export async function listQuestions(
  doors: Pick<ClusterReviewDoors, "clusterQuestions" | "keptMaps">,
  scope: Scope,
  mapId?: string
): Promise<readonly ClusterQuestionRow[]> {
  const questions = await doors.clusterQuestions.list(scope, mapId);
  const maps = new Map<string, KeptMap | null>();
  for (const id of new Set(questions.map((each) => each.mapId))) maps.set(id, await findMap(doors, scope, id));
  return questions.flatMap((question) => {
    const map = maps.get(question.mapId);
    return map ? [describe(question, map)] : [];
  });
}

/** A question as an expert reads it. @throws Fault `missing` */
export async function readQuestion(
  doors: Pick<ClusterReviewDoors, "clusterQuestions" | "keptMaps" | "kernels" | "people">,
  scope: Scope,
  questionId: string
): Promise<ClusterQuestionReply> {
  const question = await doors.clusterQuestions.find(scope, questionId);
  const { businessUnit, clusterId, sample } = question;
  const ofUnit = { ...scope, businessUnits: [businessUnit] };
  const map = await doors.keptMaps.find(ofUnit, question.mapId);
  const sizeNow = seenClusters(map, ofUnit).find((cluster) => cluster.clusterId === clusterId)?.size ?? null;
  const rows = await doors.kernels.use(ofUnit, (kernel) =>
    kernel.rows(
      `select trace_id, left(input, ${shown}) as input, left(output, ${shown}) as output from traces
       where trace_id in (select unnest(string_split($ids, ',')))`,
      { ids: sample.map(({ traceId }) => traceId).join(",") },
      mostSampled
    )
  );
  const texts = new Map(rows.map((row) => [String(row["trace_id"]), row]));
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
  return {
    ...describe(question, map),
    me: scope.userId,
    names: await namePeople(
      doors.people,
      question.judgements.map(({ userId }) => userId)
    ),
    newestVersion: map.version.version,
    sizeNow,
    into: map.version.ended.find((cluster) => cluster.clusterId === clusterId)?.into ?? [],
    traces: sample.map((trace) => {
      const row = texts.get(trace.traceId);
      return { ...trace, input: text(row?.["input"]), output: text(row?.["output"]) };
    })
  };
}

/** Keeps what an expert says; most of them saying that it is an issue raises an alert. @throws Fault as `ClusterQuestions.judge` */
export async function judgeCluster(
  doors: Pick<ClusterReviewDoors, "clusterQuestions" | "keptMaps" | "kernels" | "people" | "isSent">,
  scope: Scope,
  questionId: string,
  said: ClusterJudgementRequest
): Promise<ClusterQuestionReply> {
  await doors.clusterQuestions.judge(scope, questionId, said, doors.isSent);
  return readQuestion(doors, scope, questionId);
}

async function findMap(
  { keptMaps }: Pick<ClusterReviewDoors, "keptMaps">,
  scope: Scope,
  mapId: string
): Promise<KeptMap | null> {
  try {
    return await keptMaps.find(scope, mapId);
  } catch (error) {
    if (isFault(error) && error.code === "missing") return null;
    throw error;
  }
}

function describe({ sample: _, ...question }: ClusterQuestion, map: KeptMap): ClusterQuestionRow {
  const ofUnit: Scope = { userId: "", roles: [], businessUnits: [question.businessUnit] };
  const cluster = seenClusters(map, ofUnit).find(({ clusterId }) => clusterId === question.clusterId);
  return {
    ...question,
    mapTitle: map.title,
    label: cluster?.label ?? null,
    verdict: commonVerdict(question.judgements)
  };
}
