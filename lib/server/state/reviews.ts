import type { Kysely } from "kysely";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { type QueueItem, requireReviewer } from "#lib/model/queue.ts";
import { checkJudgement, type Judgement, type Review, readJudgement } from "#lib/model/review.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { QueueItemKey } from "#lib/ports/queues.ts";
import type { Reviews } from "#lib/ports/reviews.ts";
import { formatInstant } from "#lib/work/report-numbers.ts";
import { recordIn } from "./audit-rows.ts";
import { isKeptBlindRow } from "./blind-rows.ts";
import { findQueueItem, readItem, readRules } from "./queue-rows.ts";
import { annotate, itemKey, newestReviews, openItems, settleItem, settleSlot, takeSlot } from "./review-rows.ts";
import type { StateTables } from "./schema.ts";

/** An item that nobody has touched for this long is free for others; an open page renews it well before. */
const holdMs = 5 * 60_000;

const longestMs = 24 * 3_600_000;

/** Items that are looked at in one go for one that waits. */
const partRows = 100;

type Db = Kysely<StateTables>;

/** Reviews in the state database; versions are only ever added. */
export function openReviews(db: Db, clock: Clock): Reviews {
  return {
    hold: (scope, queueId, item) =>
      db.transaction().execute(async (transaction) => {
        const { reviewing } = await readRules(transaction, scope, queueId);
        requireReviewer(scope.userId, reviewing);
        await findQueueItem(transaction, scope, queueId, item);
        const nowMs = clock.nowMs();
        const expiresAtMs = await take(transaction, scope, queueId, item, reviewing.reviewsPerItem, nowMs);
        const key = { traceId: item.traceId, businessUnit: item.businessUnit };
        if (expiresAtMs !== null) return { ...key, expiresAtMs };
        const slots = await transaction
          .selectFrom("review_slots as s")
          .leftJoin("people as p", "p.id", "s.user_id")
          .select(["s.user_id", "p.name", "s.expires_at"])
          .where(({ and }) => and(itemKey(queueId, item)))
          .orderBy("s.slot")
          .execute();
        // One who judged it may look at it again, without keeping others from it.
        if (slots.some(({ user_id }) => user_id === scope.userId)) return { ...key, expiresAtMs: nowMs };
        const open = slots.find(({ expires_at }) => expires_at !== null);
        const nameOf = ({ name, user_id }: (typeof slots)[number]) => name ?? user_id;
        throw new Fault(
          "conflict",
          open
            ? `${nameOf(open)} has this trace open until ${formatInstant(Number(open.expires_at))}`
            : `${slots.map(nameOf).join(", ")} judged this trace already`,
          { hint: "Take the next one." }
        );
      }),

    async holdNext(scope, queueId, after) {
      const { reviewing } = await readRules(db, scope, queueId);
      requireReviewer(scope.userId, reviewing);
      const start = after ? await findQueueItem(db, scope, queueId, after) : null;
      const next = async (side: ">" | "<=" | null) => {
        for (let offset = 0; ; offset += partRows) {
          const free = { slots: reviewing.reviewsPerItem, nowMs: clock.nowMs() };
          const items = await listOpen(db, scope, queueId, free, side && start ? { side, start } : null, offset);
          for (const item of items) {
            const expiresAtMs = await take(db, scope, queueId, item, reviewing.reviewsPerItem, clock.nowMs());
            if (expiresAtMs !== null) return { ...item, expiresAtMs };
          }
          if (items.length < partRows) return null;
        }
      };
      return start ? ((await next(">")) ?? (await next("<="))) : next(null);
    },

    async release(scope, queueId, item) {
      await db
        .deleteFrom("review_slots")
        .where(({ and }) => and(itemKey(queueId, item)))
        .where("user_id", "=", scope.userId)
        .where("expires_at", "is not", null)
        .execute();
    },

    submit: (scope, queueId, item, { judgement: given, rubricVersion, baseVersion, durationMs }) =>
      db.transaction().execute(async (transaction) => {
        const rules = await readRules(transaction, scope, queueId);
        requireReviewer(scope.userId, rules.reviewing);
        await findQueueItem(transaction, scope, queueId, item);
        if (rules.rubricVersion !== rubricVersion) {
          throw new Fault("conflict", "the rubric was changed while this trace was open", {
            hint: "Read it as it is now and submit again; nothing you wrote is gone."
          });
        }
        const judgement = checkJudgement(given, rules.rubric);
        const row = {
          ...itemKey(queueId, item),
          user_id: scope.userId,
          version: baseVersion + 1,
          rubric_version: rubricVersion,
          kind: judgement.kind,
          judgement: JSON.stringify(judgement),
          label: judgement.kind === "labelled" ? judgement.label : null,
          duration_ms: Math.round(Math.min(longestMs, Math.max(0, durationMs))),
          made_at: clock.nowMs()
        };
        const own = await newestReviews(transaction, queueId, item)
          .where("r.user_id", "=", scope.userId)
          .executeTakeFirst();
        const kept =
          (own?.version ?? 0) === baseVersion &&
          (await transaction
            .insertInto("reviews")
            .values(row)
            .onConflict((conflict) => conflict.doNothing())
            .returning("version")
            .executeTakeFirst());
        if (!kept) {
          throw new Fault("conflict", "you judged this trace in another window meanwhile", {
            hint: "Open it again to see what you said there."
          });
        }
        await annotate(transaction, row, judgement);
        await settleSlot(transaction, row, rules.reviewing.reviewsPerItem, row.made_at + holdMs);
        await settleItem(transaction, row, rules.reviewing);
        await recordIn(transaction, scope, entryOf(row, judgement), clock);
        return readReview(row);
      }),

    async list(scope, queueId, item) {
      await readRules(db, scope, queueId);
      const seen = newestReviews(db, queueId, item).where(({ eb, or, not }) =>
        or([eb("r.user_id", "=", scope.userId), not(isKeptBlindRow("r"))])
      );
      return readSeen(scope, await seen.execute());
    },

    async listAll(scope, queueId, item) {
      await readRules(db, scope, queueId);
      return readSeen(scope, await newestReviews(db, queueId, item).execute());
    }
  };
}

function readSeen({ businessUnits }: Scope, rows: readonly StateTables["reviews"][]): readonly Review[] {
  return rows.filter(({ business_unit }) => businessUnits.includes(business_unit)).map(readReview);
}

function entryOf(row: StateTables["reviews"], judgement: Judgement): NewAuditEntry {
  const given = row.version === 1 ? "annotation.create" : "annotation.edit";
  const actions = { labelled: given, skipped: "review.skip", withdrawn: "annotation.withdraw" } as const;
  return {
    action: actions[judgement.kind],
    object: { kind: "trace", id: row.trace_id, version: row.version },
    units: [row.business_unit],
    facts: { queue: row.queue_id, rubric: row.rubric_version },
    after: judgement as unknown as Json
  };
}

function readReview(row: StateTables["reviews"]): Review {
  return {
    queueId: row.queue_id,
    traceId: row.trace_id,
    businessUnit: row.business_unit,
    userId: row.user_id,
    version: row.version,
    rubricVersion: row.rubric_version,
    judgement: readJudgement(row.judgement),
    durationMs: Number(row.duration_ms),
    madeAtMs: Number(row.made_at)
  };
}

/** Takes a free slot of an item, or keeps the reviewer's own. @returns when it ends, null where none is free */
async function take(
  db: Db,
  scope: Scope,
  queueId: string,
  item: QueueItemKey,
  slots: number,
  nowMs: number
): Promise<number | null> {
  const expiresAtMs = nowMs + holdMs;
  const own = await db
    .updateTable("review_slots")
    .set({ expires_at: expiresAtMs })
    .where(({ and }) => and(itemKey(queueId, item)))
    .where("user_id", "=", scope.userId)
    .where("expires_at", "is not", null)
    .returning("slot")
    .executeTakeFirst();
  if (own) return expiresAtMs;
  return (await takeSlot(db, itemKey(queueId, item), scope.userId, slots, expiresAtMs, nowMs)) ? expiresAtMs : null;
}

/** Items that wait for the reviewer and that others have not all slots of, in order. */
async function listOpen(
  db: Db,
  scope: Scope,
  queueId: string,
  { slots, nowMs }: { readonly slots: number; readonly nowMs: number },
  part: { readonly side: ">" | "<="; readonly start: QueueItem } | null,
  offset: number
): Promise<readonly QueueItem[]> {
  // Those that are open elsewhere are left out here, so that fifty reviewers do not try each other's items one by one.
  let query = openItems(db, scope, queueId).where(
    ({ selectFrom }) =>
      selectFrom("review_slots as s")
        .select(({ fn }) => fn.countAll().as("count"))
        .whereRef("s.queue_id", "=", "i.queue_id")
        .whereRef("s.business_unit", "=", "i.business_unit")
        .whereRef("s.trace_id", "=", "i.trace_id")
        .where("s.user_id", "!=", scope.userId)
        .where(({ or, eb }) => or([eb("s.expires_at", "is", null), eb("s.expires_at", ">", nowMs)])),
    "<",
    slots
  );
  if (part) {
    const { side, start } = part;
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("i.position", "i.business_unit"), side, tuple(start.position, start.businessUnit))
    );
  }
  const rows = await query.orderBy("i.position").orderBy("i.business_unit").limit(partRows).offset(offset).execute();
  return rows.map(readItem);
}
