import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import type { Queue, QueueItem, QueueState, Reviewing } from "#lib/model/queue.ts";
import { readRubric } from "#lib/model/rubric.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { VerdictKind } from "#lib/model/verdict.ts";
import type { NewQueue, QueueItemKey } from "#lib/ports/queues.ts";
import type { StateTables } from "./schema.ts";

/** Rows with places that count within each unit, so that they tell nobody of other units. */
export function numberItems(queueId: string, items: NewQueue["items"]): Selectable<StateTables["queue_items"]>[] {
  const last = new Map<string, number>();
  return items.map(({ traceId, businessUnit, stratum, inclusionProbability, otherTraceId }) => {
    const position = (last.get(businessUnit) ?? 0) + 1;
    last.set(businessUnit, position);
    return {
      queue_id: queueId,
      business_unit: businessUnit,
      position,
      trace_id: traceId,
      stratum,
      inclusion_probability: inclusionProbability,
      state: "waiting",
      done_by: null,
      done_at: null,
      verdict: "open",
      final_label: null,
      other_trace_id: otherTraceId ?? null
    };
  });
}

/** @throws Fault `denied` for a queue that holds an item of a unit outside the scope; `what` is what is done to it */
export async function requireOwnQueue(
  db: Kysely<StateTables>,
  scope: Scope,
  { queueId, title }: Pick<Queue, "queueId" | "title">,
  what: string
): Promise<void> {
  const foreign = await db
    .selectFrom("queue_items")
    .select("position")
    .where("queue_id", "=", queueId)
    .where("business_unit", "not in", scope.businessUnits)
    .executeTakeFirst();
  if (foreign) throw new Fault("denied", `the queue "${title}" is not yours alone to ${what}`);
}

/** Queues as a scope sees them, the newest first; all or one. */
export async function readQueues(db: Kysely<StateTables>, scope: Scope, queueId?: string): Promise<readonly Queue[]> {
  if (scope.businessUnits.length === 0) return [];
  let seen = db
    .selectFrom("queue_items")
    .select(["queue_id", "business_unit", "state", "verdict"])
    .select(({ fn }) => fn.countAll<number>().as("items"))
    .where("business_unit", "in", scope.businessUnits)
    .groupBy(["queue_id", "business_unit", "state", "verdict"]);
  if (queueId !== undefined) seen = seen.where("queue_id", "=", queueId);
  const counts = await seen.execute();
  const ids = [...new Set(counts.map(({ queue_id }) => queue_id))];
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("queues as q")
    .innerJoin("rubrics as r", (join) =>
      join.onRef("r.queue_id", "=", "q.queue_id").onRef("r.version", "=", "q.rubric_version")
    )
    .selectAll("q")
    .select(["r.version", "r.user_id as rubric_user", "r.made_at", "r.body"])
    .where("q.queue_id", "in", ids)
    .orderBy("q.created_at", "desc")
    .orderBy("q.queue_id", "desc")
    .execute();
  return rows.map((row) => {
    const own = counts.filter(({ queue_id }) => queue_id === row.queue_id);
    const sum = (parts: typeof own) => parts.reduce((total, { items }) => total + Number(items), 0);
    return {
      queueId: row.queue_id,
      title: row.title,
      businessUnits: [...new Set(own.map(({ business_unit }) => business_unit))].sort(),
      userId: row.user_id,
      createdAtMs: Number(row.created_at),
      origin: JSON.parse(row.origin) as Queue["origin"],
      rule: JSON.parse(row.rule) as Queue["rule"],
      reviewing: readReviewing(row),
      rubric: {
        ...readRubric(row.body),
        version: row.version,
        userId: row.rubric_user,
        madeAtMs: Number(row.made_at)
      },
      items: sum(own),
      done: sum(own.filter(({ state }) => state === "done")),
      contested: sum(own.filter(({ verdict }) => verdict === "contested"))
    };
  });
}

/** The fault of a queue that a scope does not see, whether there is one or not. */
export function noQueue(queueId: string): Fault {
  return new Fault("missing", `there is no queue "${queueId.slice(0, 80)}"`, {
    hint: "It may have been deleted; the page Queues lists those there are."
  });
}

/** One item of a queue that the scope sees. @throws Fault `missing` */
export async function findQueueItem(
  db: Kysely<StateTables>,
  scope: Scope,
  queueId: string,
  { traceId, businessUnit }: QueueItemKey
): Promise<QueueItem> {
  const row = scope.businessUnits.includes(businessUnit)
    ? await db
        .selectFrom("queue_items")
        .selectAll()
        .where(({ and }) => and({ queue_id: queueId, business_unit: businessUnit, trace_id: traceId }))
        .executeTakeFirst()
    : undefined;
  if (row) return readItem(row);
  throw new Fault("missing", `the queue has no trace ${traceId.slice(0, 80)}`);
}

/** An item from its row. */
export function readItem(row: Selectable<StateTables["queue_items"]>): QueueItem {
  return {
    position: row.position,
    traceId: row.trace_id,
    businessUnit: row.business_unit,
    stratum: row.stratum,
    inclusionProbability: row.inclusion_probability,
    state: row.state as QueueState,
    doneBy: row.done_by,
    doneAtMs: row.done_at === null ? null : Number(row.done_at),
    verdict: { kind: row.verdict as VerdictKind, label: row.final_label },
    otherTraceId: row.other_trace_id
  };
}

/** How the items of a queue are judged, from its row. */
function readReviewing(
  row: Pick<
    StateTables["queues"],
    "reviews_per_item" | "is_blind" | "reviewers" | "adjudicators" | "decide_by" | "mode"
  >
): Reviewing {
  const people = (list: string | null) => (list === null ? null : (JSON.parse(list) as readonly string[]));
  return {
    reviewsPerItem: row.reviews_per_item,
    isBlind: row.is_blind === 1,
    reviewers: people(row.reviewers),
    adjudicators: people(row.adjudicators),
    decideBy: row.decide_by === "majority" ? "majority" : "unanimous",
    mode: row.mode === "pairs" ? "pairs" : "labels"
  };
}

/** What a queue asks of its reviewers now. @throws Fault `missing` where the scope sees no item of it */
export async function readRules(db: Kysely<StateTables>, scope: Scope, queueId: string) {
  const row = await db
    .selectFrom("queues as q")
    .innerJoin("rubrics as r", (join) =>
      join.onRef("r.queue_id", "=", "q.queue_id").onRef("r.version", "=", "q.rubric_version")
    )
    .selectAll("q")
    .select("r.body")
    .where("q.queue_id", "=", queueId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("queue_items")
          .select("position")
          .where("queue_id", "=", queueId)
          .where("business_unit", "in", ["", ...scope.businessUnits])
      )
    )
    .executeTakeFirst();
  if (row) return { reviewing: readReviewing(row), rubricVersion: row.rubric_version, rubric: readRubric(row.body) };
  throw noQueue(queueId);
}
