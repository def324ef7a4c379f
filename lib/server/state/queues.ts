import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import {
  checkReviewing,
  checkRule,
  mostItems,
  plainReviewing,
  type Queue,
  type QueueItem,
  type QueueState
} from "#lib/model/queue.ts";
import { checkRubric, readRubric } from "#lib/model/rubric.ts";
import { requireUnit, type Scope } from "#lib/model/scope.ts";
import { checkTitle } from "#lib/model/selection.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { NewQueue, QueueItemKey, Queues } from "#lib/ports/queues.ts";
import type { StateTables } from "./schema.ts";

const mostQueues = 1000;
const chunkRows = 400;

/** Items of all queues that one list gives. */
const mostListed = 1_000_000;

/** Queues in the state database; every version of a rubric stays, the newest is read. */
export function openQueues(db: Kysely<StateTables>, clock: Clock): Queues {
  const find = async (scope: Scope, queueId: string): Promise<Queue> => {
    const [queue] = await readQueues(db, scope, queueId);
    if (queue) return queue;
    throw noQueue(queueId);
  };
  return {
    list: (scope) => readQueues(db, scope),
    find,

    async create(scope, queue) {
      const title = checkTitle(queue.title);
      const [rule, rubric] = [checkRule(queue.rule), checkRubric(queue.rubric)];
      const reviewing = checkReviewing(queue.reviewing ?? plainReviewing);
      checkItems(scope, queue);
      const queueId = clock.newId();
      const atMs = clock.nowMs();
      await db.transaction().execute(async (transaction) => {
        const { count } = await transaction
          .selectFrom("queues")
          .select(({ fn }) => fn.countAll<number>().as("count"))
          .executeTakeFirstOrThrow();
        if (Number(count) >= mostQueues) {
          throw new Fault("limit", `there are ${mostQueues} queues already`, { hint: "Delete some of them." });
        }
        await transaction
          .insertInto("queues")
          .values({
            queue_id: queueId,
            title,
            user_id: scope.userId,
            created_at: atMs,
            origin: JSON.stringify(queue.origin),
            rule: JSON.stringify(rule),
            rubric_version: 1,
            reviews_per_item: reviewing.reviewsPerItem,
            is_blind: Number(reviewing.isBlind)
          })
          .execute();
        const first = { queue_id: queueId, version: 1, user_id: scope.userId, made_at: atMs };
        await transaction
          .insertInto("rubrics")
          .values({ ...first, body: JSON.stringify(rubric) })
          .execute();
        const rows = numberItems(queueId, queue.items);
        for (let start = 0; start < rows.length; start += chunkRows) {
          await transaction
            .insertInto("queue_items")
            .values(rows.slice(start, start + chunkRows))
            .execute();
        }
      });
      return find(scope, queueId);
    },

    async changeRubric(scope, queueId, baseVersion, rubric) {
      const kept = checkRubric(rubric);
      await find(scope, queueId);
      const version = baseVersion + 1;
      await db.transaction().execute(async (transaction) => {
        const moved = await transaction
          .updateTable("queues")
          .set({ rubric_version: version })
          .where("queue_id", "=", queueId)
          .where("rubric_version", "=", baseVersion)
          .returning("queue_id")
          .executeTakeFirst();
        if (!moved) {
          throw new Fault("conflict", "the rubric was changed by someone else meanwhile", {
            hint: "Look at it as it is now, and change that."
          });
        }
        const row = { queue_id: queueId, version, user_id: scope.userId, made_at: clock.nowMs() };
        await transaction
          .insertInto("rubrics")
          .values({ ...row, body: JSON.stringify(kept) })
          .execute();
      });
      return find(scope, queueId);
    },

    async listItems(scope, queueId, { offset, limit }) {
      await find(scope, queueId);
      const rows = await db
        .selectFrom("queue_items")
        .selectAll()
        .where("queue_id", "=", queueId)
        .where("business_unit", "in", scope.businessUnits)
        .orderBy("position")
        .orderBy("business_unit")
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map(readItem);
    },

    async findItem(scope, queueId, item) {
      await find(scope, queueId);
      return findQueueItem(db, scope, queueId, item);
    },

    async listAll(scope) {
      if (scope.businessUnits.length === 0) return [];
      const rows = await db
        .selectFrom("queue_items as i")
        .innerJoin("queues as q", "q.queue_id", "i.queue_id")
        .selectAll("i")
        .select("q.title")
        .where("i.business_unit", "in", scope.businessUnits)
        .orderBy("q.created_at", "desc")
        .orderBy("i.queue_id")
        .orderBy("i.position")
        .orderBy("i.business_unit")
        .limit(mostListed)
        .execute();
      return rows.map((row) => ({ ...readItem(row), queueId: row.queue_id, title: row.title }));
    },

    async remove(scope, queueId) {
      const { title } = await find(scope, queueId);
      const foreign = await db
        .selectFrom("queue_items")
        .select("position")
        .where("queue_id", "=", queueId)
        .where("business_unit", "not in", scope.businessUnits)
        .executeTakeFirst();
      if (foreign) throw new Fault("denied", `the queue "${title}" is not yours alone to delete`);
      await db.transaction().execute(async (transaction) => {
        for (const table of ["review_slots", "queue_items", "rubrics", "queues"] as const) {
          await transaction.deleteFrom(table).where("queue_id", "=", queueId).execute();
        }
      });
    }
  };
}

function checkItems(scope: Scope, { items }: NewQueue): void {
  if (items.length === 0) {
    throw new Fault("invalid", "a queue needs at least one trace", { hint: "Pick some traces first." });
  }
  if (items.length > mostItems) {
    throw new Fault("limit", `a queue has ${mostItems} traces at most, not ${items.length}`, { hint: "Draw fewer." });
  }
  for (const unit of new Set(items.map(({ businessUnit }) => businessUnit))) requireUnit(scope, unit);
  const odd = items.find(({ inclusionProbability: p }) => !(p > 0 && p <= 1));
  if (odd) throw new Fault("invalid", `a trace cannot be drawn with probability ${odd.inclusionProbability}`);
}

/** Rows with places that count within each unit, so that they tell nobody of other units. */
function numberItems(queueId: string, items: NewQueue["items"]): Selectable<StateTables["queue_items"]>[] {
  const last = new Map<string, number>();
  return items.map(({ traceId, businessUnit, stratum, inclusionProbability }) => {
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
      done_at: null
    };
  });
}

async function readQueues(db: Kysely<StateTables>, scope: Scope, queueId?: string): Promise<readonly Queue[]> {
  if (scope.businessUnits.length === 0) return [];
  let seen = db
    .selectFrom("queue_items")
    .select(["queue_id", "business_unit", "state"])
    .select(({ fn }) => fn.countAll<number>().as("items"))
    .where("business_unit", "in", scope.businessUnits)
    .groupBy(["queue_id", "business_unit", "state"]);
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
      reviewing: { reviewsPerItem: row.reviews_per_item, isBlind: row.is_blind === 1 },
      rubric: {
        ...readRubric(row.body),
        version: row.version,
        userId: row.rubric_user,
        madeAtMs: Number(row.made_at)
      },
      items: sum(own),
      done: sum(own.filter(({ state }) => state === "done"))
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
    doneAtMs: row.done_at === null ? null : Number(row.done_at)
  };
}
