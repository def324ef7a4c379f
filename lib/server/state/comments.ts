import {
  type ExpressionBuilder,
  type ExpressionWrapper,
  type Kysely,
  type SqlBool,
  sql,
  type Transaction
} from "kysely";
import type { Comment, CommentObject, Thread } from "#lib/model/comment.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import { noWorkbook, requireAccess } from "#lib/model/share.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Comments } from "#lib/ports/comments.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";
import { findAccess, isVisibleWorkbook } from "./visible.ts";

/** Most comments on one thing. */
const mostComments = 1000;
/** Mentions are counted up to this. */
const mostCounted = 100;

type CommentRow = StateTables["comments"];
type Mark = Pick<StateTables["comment_marks"], "kind" | "made_at">;

/** Comments in the state database. */
export function openComments(db: Kysely<StateTables>, clock: Clock): Comments {
  return {
    async list(scope, object) {
      const rows = await ofObject(db, object)
        .where(isVisibleComment(scope))
        .selectAll()
        .orderBy("comment_id")
        .execute();
      return buildThreads(rows, await readMarks(db, rows));
    },

    write: (scope, object, { threadId, place, body, mentions }) =>
      db.transaction().execute(async (transaction) => {
        await requireObject(transaction, scope, object);
        const first = threadId === null ? undefined : await findFirst(transaction, object, threadId);
        if (threadId !== null && !first) throw noComment();
        const { n, newest } = await ofObject(transaction, object)
          .select((eb) => [eb.fn.countAll<number>().as("n"), eb.fn.max("written_at").as("newest")])
          .executeTakeFirstOrThrow();
        if (Number(n) >= mostComments)
          throw new Fault("limit", `there are ${mostComments} comments here already`, {
            hint: "Resolve what is settled, and go on in a copy or in a queue."
          });
        const commentId = clock.newId();
        const row: CommentRow = {
          comment_id: commentId,
          thread_id: threadId ?? commentId,
          object_kind: object.kind,
          object_id: object.id,
          business_unit: object.kind === "trace" ? object.businessUnit : null,
          place: first ? first.place : place,
          body,
          user_id: scope.userId,
          // Two in one millisecond keep their order.
          written_at: Math.max(clock.nowMs(), Number(newest ?? 0) + 1)
        };
        await transaction.insertInto("comments").values(row).execute();
        const called = [...new Set(mentions)].filter((userId) => userId !== scope.userId);
        if (called.length > 0)
          await transaction
            .insertInto("comment_mentions")
            .values(called.map((userId) => ({ comment_id: commentId, user_id: userId, seen_at: null })))
            .execute();
        await recordIn(transaction, scope, {
          action: "comment.create",
          object: { kind: "comment", id: commentId },
          units: unitsOf(row),
          facts: { on: object.kind, id: object.id, mentions: called.length },
          after: body
        });
        return readComment(row, false);
      }),

    mark: (scope, commentId, mark) =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction
          .selectFrom("comments")
          .selectAll()
          .where("comment_id", "=", commentId)
          .where(isVisibleComment(scope))
          .executeTakeFirst();
        if (!row) throw noComment();
        if (row.object_kind === "workbook")
          requireAccess(await findAccess(transaction, scope, row.object_id), "comment", row.object_id);
        if (mark === "withdrawn" && row.user_id !== scope.userId)
          throw new Fault("denied", "only who wrote a comment takes it back");
        if (mark !== "withdrawn" && row.thread_id !== commentId)
          throw new Fault("invalid", "a thread is resolved as a whole, by its first comment");
        const earlier = (await readMarks(transaction, [row])).get(commentId) ?? [];
        const marks = earlier.map(({ kind }) => kind);
        const stands = mark === "withdrawn" ? marks.includes(mark) : isResolved(marks) === (mark === "resolved");
        if (stands) return;
        await transaction
          .insertInto("comment_marks")
          .values({
            mark_id: clock.newId(),
            comment_id: commentId,
            kind: mark,
            user_id: scope.userId,
            made_at: Math.max(clock.nowMs(), Number(earlier.at(-1)?.made_at ?? 0) + 1)
          })
          .execute();
        await recordIn(transaction, scope, {
          action: mark === "withdrawn" ? "comment.remove" : "comment.edit",
          object: { kind: "comment", id: commentId },
          units: unitsOf(row),
          facts: { mark }
        });
      }),

    async listMentions(scope, limit) {
      const rows = await mentionsOf(db, scope)
        .leftJoin("workbooks", (join) =>
          join.onRef("workbooks.slug", "=", "comments.object_id").on("comments.object_kind", "=", "workbook")
        )
        .select([
          "comments.comment_id",
          "comments.object_kind",
          "comments.object_id",
          "comments.place",
          "comments.body",
          "comments.user_id",
          "comments.written_at",
          "comment_mentions.seen_at",
          "workbooks.title"
        ])
        .orderBy("comments.written_at", "desc")
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        commentId: row.comment_id,
        object: { kind: row.object_kind as CommentObject["kind"], id: row.object_id },
        title: row.title ?? row.object_id,
        place: row.place,
        body: row.body,
        userId: row.user_id,
        writtenAtMs: Number(row.written_at),
        isSeen: row.seen_at !== null
      }));
    },

    async countUnseen(scope) {
      const rows = await mentionsOf(db, scope)
        .where("comment_mentions.seen_at", "is", null)
        .select("comments.comment_id")
        .limit(mostCounted)
        .execute();
      return rows.length;
    },

    async markSeen(scope) {
      await db
        .updateTable("comment_mentions")
        .set({ seen_at: clock.nowMs() })
        .where("user_id", "=", scope.userId)
        .where("seen_at", "is", null)
        .execute();
    }
  };
}

/** Condition on `comments`: the asker sees what it is about. */
function isVisibleComment(scope: Scope) {
  return (eb: ExpressionBuilder<StateTables, "comments">): ExpressionWrapper<StateTables, never, SqlBool> => {
    const workbook = eb
      .selectFrom("workbooks")
      .select("workbooks.slug")
      .whereRef("workbooks.slug", "=", "comments.object_id")
      .where("workbooks.removed_at", "is", null)
      .where(isVisibleWorkbook(scope));
    const units = scope.businessUnits.length > 0 ? scope.businessUnits : [""];
    return eb.or([
      eb.and([eb("comments.object_kind", "=", "workbook"), eb.exists(workbook)]),
      eb.and([eb("comments.object_kind", "=", "trace"), eb("comments.business_unit", "in", units)])
    ]) as unknown as ExpressionWrapper<StateTables, never, SqlBool>;
  };
}

function ofObject(db: Kysely<StateTables>, object: CommentObject) {
  const rows = db.selectFrom("comments").where("object_kind", "=", object.kind).where("object_id", "=", object.id);
  return object.kind === "trace" ? rows.where("business_unit", "=", object.businessUnit) : rows;
}

/** Mentions of the asker in comments that stand, on things that they see. */
function mentionsOf(db: Kysely<StateTables>, scope: Scope) {
  return db
    .selectFrom("comments")
    .innerJoin("comment_mentions", "comment_mentions.comment_id", "comments.comment_id")
    .where("comment_mentions.user_id", "=", scope.userId)
    .where(isVisibleComment(scope))
    .where(
      sql<SqlBool>`not exists (select 1 from comment_marks m where m.comment_id = comments.comment_id and m.kind = 'withdrawn')`
    );
}

async function requireObject(db: Transaction<StateTables>, scope: Scope, object: CommentObject): Promise<void> {
  if (object.kind === "trace") {
    if (scope.businessUnits.includes(object.businessUnit)) return;
    throw new Fault("missing", `there is no trace "${object.id}" in your business units`);
  }
  const access = await findAccess(db, scope, object.id);
  if (!access) throw noWorkbook(object.id);
  requireAccess(access, "comment", object.id);
}

function findFirst(db: Kysely<StateTables>, object: CommentObject, threadId: string): Promise<CommentRow | undefined> {
  return ofObject(db, object)
    .selectAll()
    .where("comment_id", "=", threadId)
    .where("thread_id", "=", threadId)
    .executeTakeFirst();
}

/** What became of comments, by comment, in order. */
async function readMarks(
  db: Kysely<StateTables>,
  rows: readonly CommentRow[]
): Promise<ReadonlyMap<string, readonly Mark[]>> {
  if (rows.length === 0) return new Map();
  const marks = await db
    .selectFrom("comment_marks")
    .select(["comment_id", "kind", "made_at"])
    .where(
      "comment_id",
      "in",
      rows.map(({ comment_id }) => comment_id)
    )
    .orderBy("made_at")
    .execute();
  return Map.groupBy(marks, ({ comment_id }) => comment_id);
}

function isResolved(marks: readonly string[]): boolean {
  return marks.findLast((mark) => mark !== "withdrawn") === "resolved";
}

function buildThreads(rows: readonly CommentRow[], marks: ReadonlyMap<string, readonly Mark[]>): readonly Thread[] {
  return [...Map.groupBy(rows, (row) => row.thread_id)].map(([threadId, own]) => ({
    threadId,
    place: own[0]!.place,
    isResolved: isResolved((marks.get(threadId) ?? []).map(({ kind }) => kind)),
    comments: own.map((row) =>
      readComment(
        row,
        (marks.get(row.comment_id) ?? []).some(({ kind }) => kind === "withdrawn")
      )
    )
  }));
}

function readComment(row: CommentRow, isWithdrawn: boolean): Comment {
  return {
    commentId: row.comment_id,
    body: isWithdrawn ? "" : row.body,
    userId: row.user_id,
    writtenAtMs: Number(row.written_at),
    isWithdrawn
  };
}

function unitsOf(row: Pick<CommentRow, "business_unit">): readonly string[] {
  return row.business_unit === null ? [] : [row.business_unit];
}

function noComment(): Fault {
  return new Fault("missing", "there is no such comment");
}
