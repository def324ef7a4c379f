import type { Kysely, Selectable } from "kysely";
import { seededShare } from "#lib/math/stratified-sample.ts";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { checkFilling, type QueueFilling } from "#lib/model/queue-filling.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import { dayOf, type RuleCursor, type RulePause } from "#lib/model/scoring-rule.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { QueueFillings } from "#lib/ports/queue-fillings.ts";
import type { NewQueueItem } from "#lib/ports/queues.ts";
import { digestOf, programScope, recordIn } from "./audit-rows.ts";
import { noQueue, numberItems, readQueues, requireOwnQueue } from "./queue-rows.ts";
import type { StateTables } from "./schema.ts";

const mostDays = 60;
const chunkRows = 400;

type Db = Kysely<StateTables>;

/** Rules that keep filling queues, in the state database. */
export function openQueueFillings(db: Db, clock: Clock): QueueFillings {
  const findOwn = async (scope: Scope, queueId: string): Promise<QueueFilling | undefined> => {
    if ((await readQueues(db, scope, queueId)).length === 0) throw noQueue(queueId);
    const [filling] = await readFillings(db, queueId);
    return filling?.businessUnits.every((unit) => scope.businessUnits.includes(unit)) ? filling : undefined;
  };
  const requireFilling = async (scope: Scope, queueId: string) => {
    const filling = await findOwn(scope, queueId);
    if (filling) return filling;
    throw new Fault("missing", "no rule fills this queue");
  };
  const change = async (scope: Scope, queueId: string, act: string, work: (transaction: Db) => Promise<unknown>) => {
    const { businessUnits } = await requireFilling(scope, queueId);
    await db.transaction().execute(async (transaction) => {
      await work(transaction);
      await recordIn(transaction, scope, entryOf(queueId, businessUnits, { rule: act }), clock);
    });
  };
  const setPause = (scope: Scope, queueId: string, act: string, pause: RulePause | null) =>
    change(scope, queueId, act, (transaction) =>
      transaction
        .updateTable("queue_fillings")
        .set({ pause: pause && JSON.stringify(pause) })
        .where("queue_id", "=", queueId)
        .execute()
    );
  return {
    async find(scope, queueId) {
      const filling = await findOwn(scope, queueId);
      if (!filling) return null;
      const days = await db
        .selectFrom("queue_filling_days")
        .select(["day", "seen", "sampled", "added"])
        .where("queue_id", "=", queueId)
        .orderBy("day", "desc")
        .limit(mostDays)
        .execute();
      return { ...filling, days };
    },

    async put(scope, queueId, asked, snapshotId) {
      const terms = checkFilling(asked);
      const [queue] = await readQueues(db, scope, queueId);
      if (!queue) throw noQueue(queueId);
      if (queue.reviewing.mode === "pairs")
        throw new Fault("invalid", "a queue of pairs is not filled by a rule: a trace that arrives is no pair");
      await requireOwnQueue(db, scope, queue, "fill");
      const nowMs = clock.nowMs();
      const cursor: RuleCursor = { snapshotId, seenAtMs: nowMs, waiting: [], failures: 0 };
      const row = {
        ...{ business_units: JSON.stringify(queue.businessUnits), predicate: terms.predicate, rate: terms.rate },
        ...{ from_ms: terms.fromMs, daily_cap: terms.dailyCap, total_cap: terms.totalCap },
        ...{ user_id: scope.userId, created_at: nowMs, pause: null },
        ...{ snapshot_id: snapshotId, cursor: JSON.stringify(cursor) }
      };
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("queue_fillings")
          .values({ ...row, queue_id: queueId, added: 0 })
          .onConflict((conflict) => conflict.column("queue_id").doUpdateSet(row))
          .execute();
        const entry = entryOf(queueId, queue.businessUnits, { rule: "set" });
        await recordIn(transaction, scope, { ...entry, after: { ...terms } }, clock);
      });
      return (await readFillings(db, queueId))[0]!;
    },

    pause(scope, queueId) {
      const pause: RulePause = { atMs: clock.nowMs(), userId: scope.userId, because: null };
      return setPause(scope, queueId, "paused", pause);
    },
    resume: (scope, queueId) => setPause(scope, queueId, "resumed", null),

    remove: (scope, queueId) =>
      change(scope, queueId, "removed", async (transaction) => {
        for (const table of ["queue_filling_days", "queue_fillings"] as const)
          await transaction.deleteFrom(table).where("queue_id", "=", queueId).execute();
      }),

    listActive: async () => (await readFillings(db)).filter(({ pause }) => pause === null),

    async pauseBecause(queueId, because) {
      const pause: RulePause = { atMs: clock.nowMs(), userId: null, because };
      await db
        .updateTable("queue_fillings")
        .set({ pause: JSON.stringify(pause) })
        .where("queue_id", "=", queueId)
        .execute();
    },

    notePass: (queueId, from, { seen, sampled, cursor }) =>
      db.transaction().execute(async (transaction) => {
        const moved = await transaction
          .updateTable("queue_fillings")
          .set({ snapshot_id: cursor.snapshotId, cursor: JSON.stringify(cursor) })
          .where("queue_id", "=", queueId)
          .where("snapshot_id", "=", from)
          .where("pause", "is", null)
          .returning(["added", "daily_cap", "total_cap"])
          .executeTakeFirst();
        if (!moved) return 0;
        const day = dayOf(clock.nowMs());
        const today = await transaction
          .selectFrom("queue_filling_days")
          .select("added")
          .where("queue_id", "=", queueId)
          .where("day", "=", day)
          .executeTakeFirst();
        const inDay = (moved.daily_cap ?? Number.POSITIVE_INFINITY) - (today?.added ?? 0);
        const fresh = await leaveThere(transaction, queueId, sampled);
        const items = drawWithin(queueId, fresh, Math.max(0, Math.min(inDay, moved.total_cap - moved.added)));
        await appendItems(transaction, queueId, items);
        await countDay(transaction, { queue_id: queueId, day, seen, sampled: fresh.length, added: items.length });
        const added = moved.added + items.length;
        const isFull = added >= moved.total_cap;
        const because = `it has put ${added.toLocaleString("en-US")} traces into the queue, which is its most`;
        const pause: RulePause = { atMs: clock.nowMs(), userId: null, because };
        await transaction
          .updateTable("queue_fillings")
          .set({ added, ...(isFull ? { pause: JSON.stringify(pause) } : {}) })
          .where("queue_id", "=", queueId)
          .execute();
        if (items.length > 0) {
          const facts = { items: items.length, traces: digestOf(items.map(({ traceId }) => traceId)) };
          const units = items.map(({ businessUnit }) => businessUnit);
          await recordIn(transaction, programScope, { ...entryOf(queueId, units, facts), action: "queue.fill" }, clock);
        }
        return items.length;
      })
  };
}

function entryOf(
  queueId: string,
  units: readonly BusinessUnit[],
  facts: Readonly<Record<string, string | number>>
): NewAuditEntry {
  return { action: "queue.change", object: { kind: "queue", id: queueId }, units, facts };
}

/** Those that are not in the queue yet. */
async function leaveThere(db: Db, queueId: string, items: readonly NewQueueItem[]): Promise<readonly NewQueueItem[]> {
  const there = new Set<string>();
  for (let start = 0; start < items.length; start += chunkRows) {
    const ids = items.slice(start, start + chunkRows).map(({ traceId }) => traceId);
    const rows = await db
      .selectFrom("queue_items")
      .select(["trace_id", "business_unit"])
      .where("queue_id", "=", queueId)
      .where("trace_id", "in", ids)
      .execute();
    for (const row of rows) there.add(`${row.business_unit}/${row.trace_id}`);
  }
  return items.filter(({ businessUnit, traceId }) => !there.has(`${businessUnit}/${traceId}`));
}

/** A sample of a sample: each has the chance that it had, times that of being among those there is room for. */
function drawWithin(queueId: string, items: readonly NewQueueItem[], room: number): readonly NewQueueItem[] {
  if (items.length <= room) return items;
  const share = room / items.length;
  return items
    .map((item) => ({ item, rank: seededShare(1, `${queueId} ${item.traceId}`) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, room)
    .map(({ item }) => ({ ...item, inclusionProbability: item.inclusionProbability * share }));
}

async function appendItems(db: Db, queueId: string, items: readonly NewQueueItem[]): Promise<void> {
  const last = await db
    .selectFrom("queue_items")
    .select(({ fn }) => ["business_unit", fn.max("position").as("position")])
    .where("queue_id", "=", queueId)
    .groupBy("business_unit")
    .execute();
  const places = new Map(last.map(({ business_unit, position }) => [business_unit, Number(position)]));
  const rows = numberItems(queueId, items).map((row) => ({
    ...row,
    position: row.position + (places.get(row.business_unit) ?? 0)
  }));
  for (let start = 0; start < rows.length; start += chunkRows)
    await db
      .insertInto("queue_items")
      .values(rows.slice(start, start + chunkRows))
      .execute();
}

async function countDay(db: Db, counts: StateTables["queue_filling_days"]): Promise<void> {
  if (counts.seen === 0) return;
  await db
    .insertInto("queue_filling_days")
    .values(counts)
    .onConflict((conflict) =>
      conflict.columns(["queue_id", "day"]).doUpdateSet(({ eb, ref }) => ({
        seen: eb(ref("queue_filling_days.seen"), "+", counts.seen),
        sampled: eb(ref("queue_filling_days.sampled"), "+", counts.sampled),
        added: eb(ref("queue_filling_days.added"), "+", counts.added)
      }))
    )
    .execute();
}

async function readFillings(db: Db, queueId?: string): Promise<readonly QueueFilling[]> {
  let query = db.selectFrom("queue_fillings").selectAll().orderBy("created_at");
  if (queueId !== undefined) query = query.where("queue_id", "=", queueId);
  return (await query.execute()).map(readFilling);
}

function readFilling(row: Selectable<StateTables["queue_fillings"]>): QueueFilling {
  return {
    ...{ queueId: row.queue_id, predicate: row.predicate, rate: row.rate, userId: row.user_id },
    ...{ dailyCap: row.daily_cap, totalCap: row.total_cap, added: row.added },
    businessUnits: JSON.parse(row.business_units) as readonly string[],
    fromMs: row.from_ms === null ? null : Number(row.from_ms),
    createdAtMs: Number(row.created_at),
    pause: row.pause === null ? null : (JSON.parse(row.pause) as RulePause),
    cursor: JSON.parse(row.cursor) as RuleCursor
  };
}
