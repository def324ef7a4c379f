import type { Kysely, Selectable, Transaction } from "kysely";
import {
  type ClusterJudgement,
  type ClusterQuestion,
  type ClusterVerdict,
  checkQuestion,
  checkVerdictNote,
  commonVerdict
} from "#lib/model/cluster-question.ts";
import { Fault } from "#lib/model/fault.ts";
import { requireUnit, type Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { ClusterQuestions } from "#lib/ports/cluster-questions.ts";
import { type AlertTimes, endIn, raiseIn } from "./alert-rows.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

const mostListed = 500;

/** Questions about clusters in the state database. */
export function openClusterQuestions(db: Kysely<StateTables>, clock: Clock): ClusterQuestions {
  const read = async (
    within: Kysely<StateTables>,
    scope: Scope,
    only: { readonly questionId?: string; readonly mapId?: string | undefined }
  ): Promise<readonly ClusterQuestion[]> => {
    let query = within
      .selectFrom("cluster_questions")
      .selectAll()
      .where("business_unit", "in", ["", ...scope.businessUnits]);
    if (only.questionId !== undefined) query = query.where("question_id", "=", only.questionId);
    if (only.mapId !== undefined) query = query.where("map_id", "=", only.mapId);
    const rows = await query.orderBy("asked_at", "desc").orderBy("question_id").limit(mostListed).execute();
    if (rows.length === 0) return [];
    const said = await within
      .selectFrom("cluster_judgements")
      .selectAll()
      .where(
        "question_id",
        "in",
        rows.map(({ question_id }) => question_id)
      )
      .orderBy("version")
      .execute();
    return rows.map((row) =>
      toQuestion(
        row,
        said.filter(({ question_id }) => question_id === row.question_id)
      )
    );
  };
  const find = async (within: Kysely<StateTables>, scope: Scope, questionId: string): Promise<ClusterQuestion> => {
    const [found] = await read(within, scope, { questionId });
    if (found) return found;
    throw new Fault("missing", `there is no question "${questionId.slice(0, 80)}" about a cluster`);
  };
  return {
    async ask(scope, asked) {
      requireUnit(scope, asked.businessUnit);
      const questionId = clock.newId();
      const row = {
        ...{ question_id: questionId, map_id: asked.mapId, cluster_id: asked.clusterId },
        ...{ business_unit: asked.businessUnit, question: checkQuestion(asked.question) },
        ...{ map_version: asked.mapVersion, size: asked.size, sample: JSON.stringify(asked.sample) },
        ...{ user_id: scope.userId, asked_at: clock.nowMs() }
      };
      return db.transaction().execute(async (transaction) => {
        const made = await transaction
          .insertInto("cluster_questions")
          .values(row)
          .onConflict((conflict) => conflict.columns(["map_id", "cluster_id", "business_unit"]).doNothing())
          .returning("question_id")
          .executeTakeFirst();
        if (!made) {
          throw new Fault("conflict", `the experts of ${asked.businessUnit} are asked about this cluster already`, {
            hint: "Open that question; its verdict stays with the cluster."
          });
        }
        await recordIn(
          transaction,
          scope,
          {
            action: "cluster.review",
            ...{ object: { kind: "cluster", id: `${asked.mapId}/${asked.clusterId}`, version: asked.mapVersion } },
            ...{ units: [asked.businessUnit], facts: { question: questionId, sampled: asked.sample.length } }
          },
          clock
        );
        return toQuestion(row, []);
      });
    },

    list: (scope, mapId) => read(db, scope, { mapId }),
    find: (scope, questionId) => find(db, scope, questionId),

    async judge(scope, questionId, { verdict, note, mapVersion, baseVersion }, isSent) {
      const kept = checkVerdictNote(note);
      const nowMs = clock.nowMs();
      return db.transaction().execute(async (transaction) => {
        // Holds the question, so that of two who say something at once the second counts the first.
        await transaction
          .updateTable("cluster_questions")
          .set(({ ref }) => ({ question_id: ref("question_id") }))
          .where("question_id", "=", questionId)
          .where("business_unit", "in", ["", ...scope.businessUnits])
          .execute();
        const before = await find(transaction, scope, questionId);
        const own = before.judgements.find(({ userId }) => userId === scope.userId);
        const version = baseVersion + 1;
        const values = { question_id: questionId, user_id: scope.userId, version };
        const made =
          (own?.version ?? 0) === baseVersion &&
          (await transaction
            .insertInto("cluster_judgements")
            .values({ ...values, verdict, note: kept, map_version: mapVersion, made_at: nowMs })
            .onConflict((conflict) => conflict.columns(["question_id", "user_id", "version"]).doNothing())
            .returning("version")
            .executeTakeFirst());
        if (!made) {
          throw new Fault("conflict", "you said something else of this cluster meanwhile, on another page", {
            hint: "Read that first, then say what holds."
          });
        }
        const after = await find(transaction, scope, questionId);
        await alertOf(transaction, after, { nowMs, isSent });
        await recordIn(
          transaction,
          scope,
          {
            action: own ? "annotation.edit" : "annotation.create",
            ...{ object: { kind: "cluster", id: `${before.mapId}/${before.clusterId}`, version } },
            ...{ units: [before.businessUnit], facts: { question: questionId, verdict } },
            ...{ before: own ? own.note : undefined, after: kept }
          },
          clock
        );
        return after;
      });
    }
  };
}

/** Raises the alert of a cluster that most experts now call an issue, and ends that of one which they no longer do. */
async function alertOf(
  transaction: Transaction<StateTables>,
  { questionId, mapId, clusterId, businessUnit, judgements }: ClusterQuestion,
  times: AlertTimes
): Promise<void> {
  const known = await transaction
    .selectFrom("alerts")
    .select(["alert_id", "ended_at"])
    .where("map_id", "=", mapId)
    .where("business_unit", "=", businessUnit)
    .where("cluster_id", "=", clusterId)
    .where("kind", "=", "confirmed")
    .execute();
  const standing = known.filter(({ ended_at }) => ended_at === null).map(({ alert_id }) => alert_id);
  const isConfirmed = commonVerdict(judgements) === "confirmed issue";
  if (!isConfirmed) await endIn(transaction, standing, times.nowMs);
  if (!isConfirmed || standing.length > 0) return;
  const agree = judgements.filter(({ verdict }) => verdict === "confirmed issue").length;
  const cause = { kind: "confirmed", businessUnit, clusterId, questionId, agree, judged: judgements.length } as const;
  await raiseIn(transaction, mapId, cause, known.length, times);
}

/** @param said  of all versions, in order */
function toQuestion(
  row: Selectable<StateTables["cluster_questions"]>,
  said: readonly Selectable<StateTables["cluster_judgements"]>[]
): ClusterQuestion {
  const newest = new Map<string, ClusterJudgement>();
  for (const one of said) {
    newest.set(one.user_id, {
      ...{ userId: one.user_id, version: one.version, verdict: one.verdict as ClusterVerdict, note: one.note },
      ...{ mapVersion: one.map_version, madeAtMs: Number(one.made_at) }
    });
  }
  return {
    ...{ questionId: row.question_id, mapId: row.map_id, clusterId: row.cluster_id, businessUnit: row.business_unit },
    ...{ question: row.question, mapVersion: row.map_version, size: row.size },
    sample: JSON.parse(row.sample) as ClusterQuestion["sample"],
    ...{ userId: row.user_id, askedAtMs: Number(row.asked_at) },
    judgements: [...newest.values()].sort((a, b) => a.madeAtMs - b.madeAtMs)
  };
}
