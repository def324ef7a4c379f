import { createHash } from "node:crypto";
import type { ExpressionBuilder, ExpressionWrapper, Kysely, SqlBool } from "kysely";
import type { Reviewing } from "#lib/model/queue.ts";
import { type Judgement, readJudgement } from "#lib/model/review.ts";
import type { Scope } from "#lib/model/scope.ts";
import { type Voice, verdictOf } from "#lib/model/verdict.ts";
import type { QueueItemKey } from "#lib/ports/queues.ts";
import type { StateTables } from "./schema.ts";

type Db = Kysely<StateTables>;
type Row = StateTables["reviews"];

/** The columns that name an item, alike in every table of items. */
export const itemKey = (queueId: string, { traceId, businessUnit }: QueueItemKey) => ({
  queue_id: queueId,
  business_unit: businessUnit,
  trace_id: traceId
});

const keyOfRow = ({ queue_id, business_unit, trace_id }: Row) => ({ queue_id, business_unit, trace_id });

/** Of a review `r`: whether its reviewer has said nothing since. */
export function isNewest({
  not,
  exists,
  selectFrom
}: ExpressionBuilder<StateTables & { readonly r: Row }, "r">): ExpressionWrapper<
  StateTables & { readonly r: Row },
  "r",
  SqlBool
> {
  return not(
    exists(
      selectFrom("reviews as n")
        .select("n.version")
        .whereRef("n.queue_id", "=", "r.queue_id")
        .whereRef("n.business_unit", "=", "r.business_unit")
        .whereRef("n.trace_id", "=", "r.trace_id")
        .whereRef("n.user_id", "=", "r.user_id")
        .whereRef("n.version", ">", "r.version")
    )
  );
}

/** The newest version by item and reviewer, oldest first; of all items or of one. */
export function newestReviews(db: Db, queueId: string, item?: QueueItemKey) {
  let query = db.selectFrom("reviews as r").selectAll("r").where("r.queue_id", "=", queueId).where(isNewest);
  if (item) query = query.where("r.business_unit", "=", item.businessUnit).where("r.trace_id", "=", item.traceId);
  return query.orderBy("r.made_at").orderBy("r.trace_id").orderBy("r.user_id");
}

/** A label is the reviewer's annotation of the trace; what takes it back takes the annotation back. */
export function annotate(db: Db, row: Row, judgement: Judgement): Promise<void> {
  const said = judgement.kind === "labelled" ? { label: judgement.label, note: judgement.note } : null;
  const identity = ["review", row.queue_id, row.business_unit, row.trace_id, row.user_id];
  return addAnnotation(db, row, { identity, said, source: null });
}

/**
 * Adds a version of the annotation that an identity stands for.
 *
 * @param said  null takes it back
 */
export async function addAnnotation(
  db: Db,
  row: Pick<Row, "queue_id" | "business_unit" | "trace_id" | "user_id" | "made_at">,
  given: {
    readonly identity: readonly string[];
    readonly said: { readonly label: string; readonly note: string } | null;
    readonly source: string | null;
  }
): Promise<void> {
  const annotationId = createHash("sha256").update(JSON.stringify(given.identity)).digest("hex").slice(0, 32);
  const last = await db
    .selectFrom("annotations")
    .select(["version", "label", "note"])
    .where("annotation_id", "=", annotationId)
    .orderBy("version", "desc")
    .executeTakeFirst();
  const said = given.said ?? last;
  if (!said) return;
  await db
    .insertInto("annotations")
    .values({
      annotation_id: annotationId,
      version: (last?.version ?? 0) + 1,
      trace_id: row.trace_id,
      span_id: null,
      business_unit: row.business_unit,
      label: said.label,
      note: said.note,
      user_id: row.user_id,
      created_at: row.made_at,
      ...{ source: given.source, queue_id: row.queue_id },
      is_withdrawn: given.said ? 0 : 1
    })
    .execute();
}

/**
 * Takes one of the slots of an item: one that nobody has, or whose time is over.
 *
 * @param expiresAtMs  null keeps it for good
 * @returns whether one was to be had
 */
export async function takeSlot(
  db: Db,
  item: ReturnType<typeof itemKey>,
  userId: string,
  slots: number,
  expiresAtMs: number | null,
  nowMs: number
): Promise<boolean> {
  const taken = { user_id: userId, expires_at: expiresAtMs };
  for (let slot = 1; slot <= slots; slot++) {
    // One statement, so that of two who ask at once one gets it.
    const row = await db
      .insertInto("review_slots")
      .values({ ...item, ...taken, slot })
      .onConflict((conflict) =>
        conflict
          .columns(["queue_id", "business_unit", "trace_id", "slot"])
          .doUpdateSet(taken)
          .where("review_slots.expires_at", "<=", nowMs)
      )
      .returning("slot")
      .executeTakeFirst();
    if (row) return true;
  }
  return false;
}

/** A label keeps the reviewer's slot for good, a skipped item frees it, one taken back is open again. */
export async function settleSlot(db: Db, row: Row, slots: number, untilMs: number): Promise<void> {
  const own = { ...keyOfRow(row), user_id: row.user_id };
  if (row.kind === "skipped") {
    await db
      .deleteFrom("review_slots")
      .where(({ and }) => and(own))
      .execute();
    return;
  }
  const expiresAtMs = row.kind === "labelled" ? null : untilMs;
  const kept = await db
    .updateTable("review_slots")
    .set({ expires_at: expiresAtMs })
    .where(({ and }) => and(own))
    .returning("slot")
    .executeTakeFirst();
  // Where others have all slots by now, the judgement is one more than was asked for, and counts.
  if (!kept) await takeSlot(db, keyOfRow(row), row.user_id, slots, expiresAtMs, row.made_at);
}

/** An item is done when as many have labelled it as it needs, and its label stands as they and an adjudicator said. */
export async function settleItem(
  db: Db,
  key: Pick<Row, "queue_id" | "business_unit" | "trace_id">,
  reviewing: Pick<Reviewing, "reviewsPerItem" | "decideBy">
): Promise<void> {
  const item = { traceId: key.trace_id, businessUnit: key.business_unit };
  const labelled = (await newestReviews(db, key.queue_id, item).execute()).filter(({ kind }) => kind === "labelled");
  const last = labelled.length >= reviewing.reviewsPerItem ? labelled.at(-1) : undefined;
  const decided = await db
    .selectFrom("adjudications")
    .select("label")
    .where(({ and }) => and(itemKey(key.queue_id, item)))
    .orderBy("version", "desc")
    .executeTakeFirst();
  const verdict = verdictOf(labelled.map(readVoice), reviewing, decided?.label ?? null);
  await db
    .updateTable("queue_items")
    .set({
      ...{ state: last ? "done" : "waiting", done_by: last?.user_id ?? null, done_at: last?.made_at ?? null },
      ...{ verdict: verdict.kind, final_label: verdict.label }
    })
    .where(({ and }) => and(itemKey(key.queue_id, item)))
    .execute();
}

function readVoice({ judgement, label }: Row): Voice {
  const said = readJudgement(judgement);
  return { label: label ?? "", asks: said.kind === "labelled" && said.flags.includes("to be adjudicated") };
}

/** Items that are not done and of which the reviewer has said nothing. */
export function openItems(db: Db, scope: Scope, queueId: string) {
  return db
    .selectFrom("queue_items as i")
    .selectAll("i")
    .where("i.queue_id", "=", queueId)
    .where("i.business_unit", "in", ["", ...scope.businessUnits])
    .where("i.state", "=", "waiting")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("reviews as r")
            .select("r.version")
            .whereRef("r.queue_id", "=", "i.queue_id")
            .whereRef("r.business_unit", "=", "i.business_unit")
            .whereRef("r.trace_id", "=", "i.trace_id")
            .where("r.user_id", "=", scope.userId)
            .where("r.kind", "!=", "withdrawn")
            .where(isNewest)
        )
      )
    );
}
