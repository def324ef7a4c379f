import { STOP_WORDS } from "#lib/map/stop-words.ts";
import { Budget } from "#lib/model/budget.ts";
import { Fault, reportOf } from "#lib/model/fault.ts";
import { requireLabels } from "#lib/model/label-sides.ts";
import { costUsd } from "#lib/model/model-price.ts";
import type { Scope } from "#lib/model/scope.ts";
import { estimateTokens } from "#lib/model/text-tokens.ts";
import type { TraceDocument } from "#lib/model/trace-document.ts";
import type { MapBuilder } from "#lib/ports/map-builder.ts";
import type { Model } from "#lib/ports/model.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import { type LearntTrace, learnChecklist, readChecklistTrace } from "#lib/scoring/checklist.ts";
import { groupReasons, type Justified, loneReasons, type ReasonGroup } from "#lib/scoring/reason-groups.ts";
import { TraceView } from "#lib/scoring/trace-view.ts";
import type {
  DraftLabelsReply,
  DraftLabelsRequest,
  DraftPlanReply,
  DraftReply,
  DraftRequest
} from "#lib/wire/drafts.ts";
import { runSeed } from "./desk-doors.ts";
import { type DraftedScorer, draftTitle, formatDraftWorkbook, leastGroup } from "./draft-workbook.ts";
import { createWorkbook } from "./edit-workbooks.ts";
import {
  checkSetSides,
  chooseParts,
  countLabels,
  type LabelDoors,
  type LabelSet,
  labelledSql,
  tallyLabels,
  withLabels
} from "./label-set.ts";
import { sayUsd } from "./paid-model.ts";
import { parseRubricAnswer, rubricQuestion, usualRubricTokens } from "./rubric-question.ts";
import { takeSteps } from "./take-steps.ts";

/** Doors that a draft is made through. */
export interface DraftDoors extends LabelDoors {
  readonly maps: Pick<MapBuilder, "build">;
  /** Null where none is configured: the draft is a checklist then. */
  readonly model: Model | null;
  readonly workbooks: Workbooks;
}

/** Labelled traces of one draft, and characters of the traces of each side that are read to learn from. */
const [mostLabelled, mostLearnt, mostCharacters] = [20_000, 200, 30_000_000];

/** A trace of more is not read: parsing it would hold up everybody else. */
const mostDocument = 1_000_000;

/** Reasons that are grouped. */
const mostReasons = 5000;

/** Reasons that a model is shown at most, and tokens of one, about. */
const [mostShown, usualReasonTokens] = [72, 60];

/** The neighbours of a map where its cell says none. */
const mapNeighbours = 15;

/** The labels of a queue or dataset, to say which of them mean that it went wrong. @throws Fault `missing` */
export async function listDraftLabels(
  doors: DraftDoors,
  scope: Scope,
  { source, businessUnit }: DraftLabelsRequest
): Promise<DraftLabelsReply> {
  const { title, businessUnits } = await (source.kind === "queue"
    ? doors.queues.find(scope, source.id)
    : doors.datasets.find(scope, source.id));
  const modelId = doors.model?.modelId ?? null;
  if (businessUnit === null && businessUnits.length > 1)
    return { title, businessUnits, businessUnit: null, labels: [], onSteps: 0, modelId };
  return withLabels(doors, scope, source, businessUnit, async (set) => ({
    ...{ title, businessUnits, businessUnit: set.businessUnit, modelId },
    ...(await countLabels(set))
  }));
}

/** What a draft would be made of, and what is missing for it. @throws Fault as `withLabels`, `invalid` for odd sides */
export function planDraft(doors: DraftDoors, scope: Scope, request: DraftRequest): Promise<DraftPlanReply> {
  return withLabels(doors, scope, request.source, request.businessUnit, async (set) => {
    const sides = checkSetSides(set, request.sides);
    const tally = await tallyLabels(set, sides);
    try {
      requireLabels(tally);
      const { parts } = await chooseParts(set, sides, tally.wrong + tally.fine);
      const rubricUsd =
        doors.model && tally.justified > 0 ? await forecastRubric(doors.model, set, tally.justified) : null;
      return { ...tally, parts, missing: null, rubricUsd };
    } catch (error) {
      const missing = reportOf(error);
      if (missing.code !== "invalid") throw error;
      return { ...tally, parts: null, missing, rubricUsd: null };
    }
  });
}

/**
 * Makes a workbook with a scorer drafted from labels and the reasons for them: a judge where a model writes its rubric,
 * else a checklist of words and tools. All that is learnt, grouped and quoted is of the train split.
 *
 * @throws Fault as `planDraft`, and `invalid` with what is missing for a draft
 */
export function draftFromLabels(
  doors: DraftDoors,
  scope: Scope,
  request: DraftRequest,
  signal: AbortSignal
): Promise<DraftReply> {
  return withLabels(doors, scope, request.source, request.businessUnit, async (set) => {
    const sides = checkSetSides(set, request.sides);
    const tally = await tallyLabels(set, sides);
    requireLabels(tally);
    if (tally.wrong + tally.fine > mostLabelled) {
      throw new Fault(
        "limit",
        `${tally.wrong + tally.fine} traces are labelled, more than the ${mostLabelled} of one draft`,
        {
          hint: "Draft from a queue or dataset with fewer of them."
        }
      );
    }
    const parts = await chooseParts(set, sides, tally.wrong + tally.fine);
    const labelled = labelledSql(set, sides, parts.seed);
    const reasons = await readReasons(set, labelled);
    const grouped = await groupByMap(doors.maps, reasons, signal);
    const { scorer, notes } = await draftBest(doors, scope, set, request.budgetUsd, labelled, grouped.groups, signal);
    const title = draftTitle(set);
    const material = { set, sides, tally, parts, ...grouped, scorer, notes };
    const { slug } = await createWorkbook(doors.workbooks, scope, title, formatDraftWorkbook(title, material));
    return { slug, scorer: scorer.kind, notes: [...(scorer.kind === "checklist" ? [scorer.why] : []), ...notes] };
  });
}

/** Reasons of the train split, in the order in which a map cell reads them. */
async function readReasons({ kernel }: LabelSet, labelled: string): Promise<readonly Justified[]> {
  const rows = await kernel.rows(
    `select trace_id, label, reason from (${labelled}) where split = 'train' and reason <> '' order by trace_id`,
    {},
    mostReasons
  );
  return rows.map((row) => ({
    traceId: String(row["trace_id"]),
    isWrong: row["label"] === "fail",
    reason: String(row["reason"])
  }));
}

async function groupByMap(
  maps: DraftDoors["maps"],
  reasons: readonly Justified[],
  signal: AbortSignal
): Promise<{ readonly groups: readonly ReasonGroup[]; readonly hasMap: boolean }> {
  if (reasons.length < 2)
    return { groups: groupReasons(reasons, { cluster: reasons.map(() => -1), clusters: [] }), hasMap: false };
  const map = await maps.build(
    {
      texts: reasons.map(({ reason }) => reason),
      traceIds: reasons.map(({ traceId }) => traceId),
      ...{ seed: runSeed, neighbours: mapNeighbours, minClusterSize: leastGroup(reasons.length) }
    },
    () => undefined,
    signal
  );
  return { groups: groupReasons(reasons, map), hasMap: true };
}

/** A judge where a model writes its rubric, else a checklist. */
async function draftBest(
  doors: DraftDoors,
  scope: Scope,
  set: LabelSet,
  budgetUsd: number | null,
  labelled: string,
  groups: readonly ReasonGroup[],
  signal: AbortSignal
): Promise<{ readonly scorer: DraftedScorer; readonly notes: readonly string[] }> {
  const asked = await askRubric(doors.model, scope, set, budgetUsd, groups, signal);
  if (asked.kind === "judge") return { scorer: asked, notes: [] };
  const { traces, unread } = await readLearnt(set, labelled, groups, signal);
  const checklist = await takeSteps(learnChecklist(traces, STOP_WORDS), signal);
  const notes =
    unread > 0 ? [`Not learnt from: ${unread} traces of the train split that are too many, or too large.`] : [];
  return { scorer: { kind: "checklist", checklist, why: asked.why }, notes };
}

/** A judge by a rubric that a model wrote; or why there is none. */
async function askRubric(
  model: Model | null,
  scope: Scope,
  { businessUnit, rubric }: LabelSet,
  budgetUsd: number | null,
  groups: readonly ReasonGroup[],
  signal: AbortSignal
): Promise<Extract<DraftedScorer, { kind: "judge" }> | { readonly kind: "none"; readonly why: string }> {
  const none = (why: string) => ({ kind: "none", why }) as const;
  if (groups.length === 0)
    return none("Nobody wrote why in the train split, so this knows the words of the traces alone.");
  if (model === null) return none("No model is configured, so this is a checklist and no judge.");
  if (budgetUsd === null) return none("No model was asked, so this is a checklist and no judge.");
  if (model.price === null)
    return none(
      `Nobody said what the model “${model.modelId}” costs, so it was not asked, and this is a checklist and no judge.`
    );
  const question = rubricQuestion(businessUnit, rubric, groups);
  const answer = await model.ask(scope, question, new Budget({ usd: budgetUsd, tokens: null }), signal);
  const failed = (why: string) =>
    none(`${model.modelId} was asked for a rubric and gave none (${why}), so this is a checklist and no judge.`);
  if (answer.kind === "failed") return failed(`${answer.why}: ${answer.reason}`);
  const written = parseRubricAnswer(answer.value);
  if (!written) return failed("malformed: it says no criterion, or not when a run passes and fails");
  const spent = answer.isCached ? "from before" : `for ${sayUsd(answer.spent.costUsd ?? 0)}`;
  return { kind: "judge", rubric: written, modelId: model.modelId, spent, budgetUsd };
}

/** Traces of the train split as a checklist reads them, each with the group of its reason. */
async function readLearnt(
  { kernel }: LabelSet,
  labelled: string,
  groups: readonly ReasonGroup[],
  signal: AbortSignal
): Promise<{ readonly traces: readonly LearntTrace[]; readonly unread: number }> {
  const alike = groups.flatMap(({ name, reasons }, at) => (name === loneReasons ? [] : [{ at, reasons }]));
  const groupOf = new Map(alike.flatMap(({ at, reasons }) => reasons.map(({ traceId }) => [traceId, at] as const)));
  const train = `select trace_id, label from (${labelled}) where split = 'train'`;
  const [counted] = await kernel.rows(`select count(*) as n from (${train})`, {}, 1, signal);
  const traces: LearntTrace[] = [];
  const sql = `select trace_id, label, document from (${train}) join trace_documents using (trace_id)
    where length(document) <= ${mostDocument}
    qualify row_number() over (partition by label order by md5(trace_id)) <= ${mostLearnt}
      and sum(length(document)) over (partition by label order by md5(trace_id)) <= ${mostCharacters}
    order by trace_id`;
  for await (const rows of kernel.stream(sql, {}, signal)) {
    for (const row of rows) {
      const view = new TraceView(JSON.parse(String(row["document"])) as TraceDocument);
      const group = groupOf.get(String(row["trace_id"])) ?? null;
      traces.push({ trace: readChecklistTrace(view), isWrong: row["label"] === "fail", group });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { traces, unread: Number(counted?.["n"] ?? 0) - traces.length };
}

/** About what writing the rubric costs: the groups are not made for it, so the reasons are taken for as long as they are on average. */
async function forecastRubric({ price }: Model, set: LabelSet, justified: number): Promise<number | null> {
  const empty = rubricQuestion(set.businessUnit, set.rubric, []);
  const fixed = estimateTokens(`${empty.system}${empty.user}${JSON.stringify(empty.schema)}`);
  return costUsd(price, fixed + Math.min(justified, mostShown) * usualReasonTokens, usualRubricTokens);
}
