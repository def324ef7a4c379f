import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";

/** Most characters of one comment. */
const longestComment = 4000;

/** What people comment on: a workbook by its slug, or a trace. */
export type CommentObject =
  | { readonly kind: "workbook"; readonly id: string }
  | { readonly kind: "trace"; readonly id: string; readonly businessUnit: BusinessUnit };

/** What one person said. */
export interface Comment {
  readonly commentId: string;
  /** Empty where it was taken back. */
  readonly body: string;
  readonly userId: string;
  readonly writtenAtMs: number;
  readonly isWithdrawn: boolean;
}

/** A comment and what was answered to it, the oldest first. */
export interface Thread {
  /** Id of its first comment. */
  readonly threadId: string;
  /** Key of a cell or id of a span; null where it is about the whole. */
  readonly place: string | null;
  readonly comments: readonly Comment[];
  readonly isResolved: boolean;
}

/** What became of a comment: a thread is resolved or reopened by its first, any is taken back by who wrote it. */
export const commentMarks = ["resolved", "reopened", "withdrawn"] as const;

export type CommentMark = (typeof commentMarks)[number];

/** Somebody who was called by name in a comment. */
export interface Mention {
  readonly commentId: string;
  readonly object: { readonly kind: CommentObject["kind"]; readonly id: string };
  /** Of the workbook; the id of a trace. */
  readonly title: string;
  readonly place: string | null;
  readonly body: string;
  /** Who wrote it. */
  readonly userId: string;
  readonly writtenAtMs: number;
  readonly isSeen: boolean;
}

/** Somebody who can be mentioned. */
export interface Mentionable {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

/** Without spaces around it. @throws Fault `invalid` */
export function parseCommentBody(text: string): string {
  const body = text.trim();
  if (body === "") throw new Fault("invalid", "a comment needs words");
  if (body.length > longestComment)
    throw new Fault("invalid", `a comment may have ${longestComment} characters at most; this has ${body.length}`);
  return body;
}

/**
 * Who is mentioned in a comment: `@` and a name, or `@` and an e-mail address, outside of `backticks`.
 *
 * @param people  those who can be mentioned
 * @returns ids, each once
 * @throws Fault `invalid` for a name that is none of theirs, or that two of them have
 */
export function findMentions(body: string, people: readonly Mentionable[]): readonly string[] {
  const text = body.replaceAll(/`[^`]*`/g, (code) => " ".repeat(code.length));
  const found = new Set<string>();
  for (const { index } of text.matchAll(/(?<![\p{L}\p{N}._%+-])@(?=\S)/gu)) {
    const rest = text.slice(index + 1).toLowerCase();
    const called = people
      .flatMap(({ userId, name, email }) => [name, email].map((handle) => ({ userId, handle: handle.toLowerCase() })))
      .filter(({ handle }) => rest.startsWith(handle) && !/^[\p{L}\p{N}]/u.test(rest.slice(handle.length)))
      .sort((a, b) => b.handle.length - a.handle.length);
    const [first] = called;
    if (!first) throw unknownName(text.slice(index + 1));
    const same = new Set(called.filter(({ handle }) => handle === first.handle).map(({ userId }) => userId));
    if (same.size > 1)
      throw new Fault("invalid", `${same.size} people who may see this are called "${first.handle}"`, {
        hint: "Write @ and the e-mail address of the one you mean."
      });
    found.add(first.userId);
  }
  return [...found];
}

/** The same for who is not there and for who may not see the thing. */
function unknownName(rest: string): Fault {
  const word = /^[^\s,;:!?()]{1,60}/.exec(rest)?.[0] ?? "";
  return new Fault("invalid", `nobody called "@${word}" may see this`, {
    hint: "Write the whole name, or the e-mail address. Put the word into `backticks` where it is no mention."
  });
}
