import { type CommentObject, findMentions, type Mentionable } from "#lib/model/comment.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Right } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import { allows } from "#lib/model/share.ts";
import type { Comments } from "#lib/ports/comments.ts";
import type { People } from "#lib/ports/people.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type { CommentRequest, CommentsReply, MentionsReply } from "#lib/wire/comments.ts";
import type { TraceBrowser } from "./trace-browser.ts";

/** Most people that a page is told it can mention. */
const mostSuggested = 30;
/** Mentions that Home shows. */
const mostMentions = 20;

/** What commenting needs. */
export interface CommentDoors {
  readonly comments: Comments;
  readonly workbooks: Pick<Workbooks, "find" | "accessTo">;
  readonly people: Pick<People, "list" | "find" | "namesOf">;
  readonly traces: Pick<TraceBrowser, "unitsOf">;
  scopeOfUser(userId: string, right: Right): Promise<Scope>;
}

/** A trace of the scope as something to comment on. @throws Fault `missing` */
export async function findTraceObject(doors: CommentDoors, scope: Scope, traceId: string): Promise<CommentObject> {
  const [businessUnit] = await doors.traces.unitsOf(scope, traceId);
  if (businessUnit !== undefined) return { kind: "trace", id: traceId, businessUnit };
  throw new Fault("missing", `there is no trace "${traceId.slice(0, 80)}" in your business units`);
}

/** What has been said about a thing, by name, and who can be mentioned there. */
export async function readComments(doors: CommentDoors, scope: Scope, object: CommentObject): Promise<CommentsReply> {
  const threads = await doors.comments.list(scope, object);
  const writers = threads.flatMap(({ comments }) => comments.map(({ userId }) => userId));
  const [names, people, access] = await Promise.all([
    doors.people.namesOf([...new Set(writers)]),
    listMentionable(doors, scope, object, writers, (all) => all.slice(0, mostSuggested)),
    object.kind === "workbook" ? doors.workbooks.accessTo(scope, object.id) : ("comment" as const)
  ]);
  return {
    threads: threads.map((thread) => ({
      ...thread,
      comments: thread.comments.map((comment) => ({
        ...comment,
        by: names.get(comment.userId) ?? comment.userId,
        isMine: comment.userId === scope.userId
      }))
    })),
    mayComment: access !== undefined && allows(access, "comment"),
    people: people.map(({ name }) => name)
  };
}

/** Writes a comment. @throws Fault as `Comments.write`; `invalid` where somebody is mentioned who may not see the thing */
export async function writeComment(
  doors: CommentDoors,
  scope: Scope,
  object: CommentObject,
  { body, threadId, place }: CommentRequest
): Promise<CommentsReply> {
  const people = body.includes("@") ? await listNamed(doors, scope, object, body) : [];
  await doors.comments.write(scope, object, { threadId, place, body, mentions: findMentions(body, people) });
  return readComments(doors, scope, object);
}

/** Where the one who asks is mentioned. */
export async function readMentions(
  { comments, people }: Pick<CommentDoors, "comments" | "people">,
  scope: Scope
): Promise<MentionsReply> {
  const [mentions, unseen] = await Promise.all([
    comments.listMentions(scope, mostMentions),
    comments.countUnseen(scope)
  ]);
  const names = await people.namesOf([...new Set(mentions.map(({ userId }) => userId))]);
  return {
    mentions: mentions.map((mention) => ({ ...mention, by: names.get(mention.userId) ?? mention.userId })),
    unseen
  };
}

/** Those of the people who can be mentioned whose names stand in a text. */
async function listNamed(
  doors: CommentDoors,
  scope: Scope,
  object: CommentObject,
  body: string
): Promise<readonly Mentionable[]> {
  const threads = await doors.comments.list(scope, object);
  const writers = threads.flatMap(({ comments }) => comments.map(({ userId }) => userId));
  const words = body.toLowerCase();
  const isNamed = ({ name, email }: Mentionable) =>
    [name, email].some((one) => words.includes(`@${one.toLowerCase()}`));
  return listMentionable(doors, scope, object, writers, (all) => all.filter(isNamed));
}

/**
 * Who can be mentioned: of the people whom the one who asks sees in their own units, the owner of the workbook and who
 * has commented, those who may see the thing.
 *
 * @param choose  of these people, those that are looked at
 */
async function listMentionable(
  doors: CommentDoors,
  scope: Scope,
  object: CommentObject,
  writers: readonly string[],
  choose: (all: readonly Mentionable[]) => readonly Mentionable[]
): Promise<readonly Mentionable[]> {
  const owner = object.kind === "workbook" ? (await doors.workbooks.find(scope, object.id))?.ownerId : undefined;
  const seen = await doors.people.list(scope);
  const known = new Set(seen.map(({ userId }) => userId));
  const others = [...new Set([...(owner === undefined ? [] : [owner]), ...writers])].filter((id) => !known.has(id));
  const found = await Promise.all(others.map((userId) => doors.people.find(userId)));
  const candidates = choose([...seen, ...found.filter((person) => person !== undefined)]);
  const may = await Promise.all(
    candidates.map(async ({ userId }) => {
      const theirs = await doors.scopeOfUser(userId, "read");
      if (object.kind === "trace") return theirs.businessUnits.includes(object.businessUnit);
      return (await doors.workbooks.accessTo(theirs, object.id)) !== undefined;
    })
  );
  return candidates.filter((_, at) => may[at]);
}
