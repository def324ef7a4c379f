import { describe, expect, test } from "vitest";
import type { CommentObject } from "#lib/model/comment.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { State } from "#lib/server/state/state.ts";

const person = (userId: string, ...businessUnits: readonly string[]): Scope => ({ userId, roles: [], businessUnits });
const ann = person("c-ann", "claims");
const bob = person("c-bob", "claims");
const eve = person("c-eve", "sales");
const book: CommentObject = { kind: "workbook", id: "talked-of" };
const trace = { kind: "trace", id: "c".repeat(32), businessUnit: "claims" } as const;
const said = (body: string, threadId: string | null = null, mentions: readonly string[] = []) => ({
  ...{ body, threadId, mentions },
  place: "recent"
});

/** What every database keeps of comments. */
export function commentsContract(open: () => State): void {
  describe("comments", () => {
    test("a workbook is commented on by who may, and nobody else learns that it is", async () => {
      const { workbooks, shares, comments } = open();
      await workbooks.create(ann, "talked-of", "Talked of", "");
      const first = await comments.write(ann, book, said("why 0.9?"));
      expect(await comments.list(bob, book)).toEqual([]);
      await expect(comments.write(bob, book, said("x"))).rejects.toMatchObject({ code: "missing" });
      await expect(comments.mark(bob, first.commentId, "resolved")).rejects.toMatchObject({
        code: "missing",
        message: "there is no such comment"
      });
      await expect(comments.mark(bob, "no-such", "resolved")).rejects.toMatchObject({
        message: "there is no such comment"
      });
      await shares.put(ann, "talked-of", "person:c-bob", "view");
      expect(await comments.list(bob, book)).toHaveLength(1);
      await expect(comments.write(bob, book, said("x"))).rejects.toMatchObject({ code: "denied" });
      await expect(comments.mark(bob, first.commentId, "resolved")).rejects.toMatchObject({ code: "denied" });
      await shares.put(ann, "talked-of", "person:c-bob", "comment");
      const second = await comments.write(bob, book, said("by contract", first.commentId));
      await expect(comments.write(bob, book, said("x", second.commentId))).rejects.toMatchObject({ code: "missing" });
      await expect(comments.write(bob, trace, said("x", first.commentId))).rejects.toMatchObject({ code: "missing" });
      const [thread, ...more] = await comments.list(ann, book);
      expect(more).toEqual([]);
      expect(thread).toMatchObject({ threadId: first.commentId, place: "recent", isResolved: false });
      expect(thread!.comments.map(({ body, userId }) => [body, userId])).toEqual([
        ["why 0.9?", "c-ann"],
        ["by contract", "c-bob"]
      ]);
    });

    test("a thread is resolved and reopened, and what was written is taken back by its writer alone", async () => {
      const { comments, db } = open();
      const thread = async () => (await comments.list(ann, book))[0]!;
      const [first, second] = (await thread()).comments;
      await comments.mark(bob, first!.commentId, "resolved");
      await comments.mark(ann, first!.commentId, "resolved");
      expect((await thread()).isResolved).toBe(true);
      await comments.mark(ann, first!.commentId, "reopened");
      expect((await thread()).isResolved).toBe(false);
      await expect(comments.mark(ann, second!.commentId, "resolved")).rejects.toMatchObject({ code: "invalid" });
      await expect(comments.mark(ann, second!.commentId, "withdrawn")).rejects.toMatchObject({ code: "denied" });
      await comments.mark(bob, second!.commentId, "withdrawn");
      await comments.mark(bob, second!.commentId, "withdrawn");
      expect((await thread()).comments[1]).toMatchObject({ body: "", isWithdrawn: true });
      const marks = await db.selectFrom("comment_marks").select("kind").orderBy("made_at").execute();
      expect(marks.map(({ kind }) => kind).slice(-3)).toEqual(["resolved", "reopened", "withdrawn"]);
    });

    test("a trace's comments are its unit's, and mentions reach their person for as long as they see the thing", async () => {
      const { comments, shares } = open();
      await expect(comments.write(eve, trace, said("x"))).rejects.toMatchObject({ code: "missing" });
      const one = await comments.write(ann, trace, said("look @bob", null, ["c-bob", "c-bob", "c-ann"]));
      await comments.write(ann, book, said("and here", null, ["c-bob"]));
      expect(await comments.list(eve, trace)).toEqual([]);
      expect(await comments.list(eve, { ...trace, businessUnit: "sales" })).toEqual([]);
      expect(await comments.list(bob, trace)).toHaveLength(1);
      expect(await comments.countUnseen(bob)).toBe(2);
      expect(await comments.countUnseen(ann)).toBe(0);
      expect((await comments.listMentions(bob, 9)).map(({ title, place, isSeen }) => [title, place, isSeen])).toEqual([
        ["Talked of", "recent", false],
        [trace.id, "recent", false]
      ]);
      expect(await comments.listMentions(bob, 1)).toHaveLength(1);
      await comments.markSeen(bob);
      expect(await comments.countUnseen(bob)).toBe(0);
      expect((await comments.listMentions(bob, 9)).every(({ isSeen }) => isSeen)).toBe(true);
      await shares.remove(ann, "talked-of", "person:c-bob");
      expect((await comments.listMentions(bob, 9)).map(({ object }) => object.kind)).toEqual(["trace"]);
      expect(await comments.listMentions(person("c-bob"), 9)).toEqual([]);
      await comments.mark(ann, one.commentId, "withdrawn");
      expect(await comments.listMentions(bob, 9)).toEqual([]);
    });
  });
}
