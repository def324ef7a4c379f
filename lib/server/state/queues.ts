import type { Kysely } from "kysely";
import type { AuditAction, NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { requirePairLabels } from "#lib/model/pair.ts";
import {
  checkReviewing,
  checkRule,
  isKeptBlind,
  mostItems,
  plainReviewing,
  type Queue,
  type QueueState
} from "#lib/model/queue.ts";
import { checkRubric } from "#lib/model/rubric.ts";
import { type BusinessUnit, requireUnit, type Scope } from "#lib/model/scope.ts";
import { checkTitle } from "#lib/model/selection.ts";
import type { Json } from "#lib/model/span.ts";
import type { VerdictKind } from "#lib/model/verdict.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { NewQueue, Queues } from "#lib/ports/queues.ts";
import { recordIn } from "./audit-rows.ts";
import { findQueueItem, noQueue, numberItems, readItem, readQueues, readRules, requireOwnQueue } from "./queue-rows.ts";
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
      const reviewing = checkReviewing({ ...plainReviewing, ...queue.reviewing });
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
            is_blind: Number(reviewing.isBlind),
            reviewers: reviewing.reviewers && JSON.stringify(reviewing.reviewers),
            adjudicators: reviewing.adjudicators && JSON.stringify(reviewing.adjudicators),
            decide_by: reviewing.decideBy,
            mode: reviewing.mode
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
        const units = queue.items.map(({ businessUnit }) => businessUnit);
        await recordIn(
          transaction,
          scope,
          {
            ...entryOf("queue.create", queueId, units, title),
            after: { rule: { ...rule }, reviewing: { ...reviewing } } as unknown as Json,
            facts: { items: rows.length }
          },
          clock
        );
      });
      return find(scope, queueId);
    },

    async changeRubric(scope, queueId, baseVersion, rubric) {
      const kept = checkRubric(rubric);
      const { title, businessUnits, reviewing, rubric: base } = await find(scope, queueId);
      if (reviewing.mode === "pairs") requirePairLabels(kept);
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
        const entry = entryOf("queue.change", queueId, businessUnits, title);
        await recordIn(
          transaction,
          scope,
          { ...entry, before: base as unknown as Json, after: kept as unknown as Json, facts: { rubric: version } },
          clock
        );
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
      await readRules(db, scope, queueId);
      return findQueueItem(db, scope, queueId, item);
    },

    async countVerdicts(scope, queueId) {
      const { reviewing } = await readRules(db, scope, queueId);
      const rows = await db
        .selectFrom("queue_items")
        .select(({ fn }) => ["state", "verdict", fn.countAll<number>().as("items")])
        .where("queue_id", "=", queueId)
        .where("business_unit", "in", scope.businessUnits)
        .groupBy(["state", "verdict"])
        .execute();
      const counts = { open: 0, unanimous: 0, majority: 0, contested: 0, adjudicated: 0 };
      for (const row of rows) {
        const isKept = isKeptBlind({ state: row.state as QueueState }, reviewing);
        counts[isKept ? "open" : (row.verdict as VerdictKind)] += Number(row.items);
      }
      return counts;
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
      const queue = await find(scope, queueId);
      await requireOwnQueue(db, scope, queue, "delete");
      await db.transaction().execute(async (transaction) => {
        for (const table of [
          "queue_filling_days",
          "queue_fillings",
          "gold_items",
          "review_slots",
          "queue_items",
          "rubrics",
          "queues"
        ] as const) {
          await transaction.deleteFrom(table).where("queue_id", "=", queueId).execute();
        }
        await recordIn(transaction, scope, entryOf("queue.remove", queueId, queue.businessUnits, queue.title), clock);
      });
    }
  };
}

function entryOf(action: AuditAction, queueId: string, units: readonly BusinessUnit[], title: string): NewAuditEntry {
  return { action, object: { kind: "queue", id: queueId }, units, title };
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
