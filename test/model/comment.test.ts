import { expect, test } from "vitest";
import { findMentions, parseCommentBody } from "#lib/model/comment.ts";

const people = [
  { userId: "1", name: "Ann Lee", email: "ann@x.org" },
  { userId: "2", name: "Ann", email: "ann.b@x.org" },
  { userId: "3", name: "Sam", email: "sam1@x.org" },
  { userId: "4", name: "Sam", email: "sam2@x.org" }
];

test("who is mentioned is found by the longest name, or by address", () => {
  expect(findMentions("@Ann Lee, see this; @ann too, and @sam2@x.org.", people)).toEqual(["1", "2", "4"]);
  expect(findMentions("@Ann Leeds? no: @Ann", people)).toEqual(["2"]);
  expect(findMentions("write to me@ann or `@param`, 5 @ 3 each", people)).toEqual([]);
});

test("a name that nobody has who may see it, and one that two have, are refused", () => {
  expect(() => findMentions("@Bob: why?", people)).toThrow(
    expect.objectContaining({ code: "invalid", message: 'nobody called "@Bob" may see this' })
  );
  expect(() => findMentions("@Anna", people)).toThrow(/"@Anna"/);
  expect(() => findMentions("@sam look", people)).toThrow(/2 people who may see this are called "sam"/);
});

test("a comment has words, and not too many", () => {
  expect(parseCommentBody("  yes\n")).toBe("yes");
  expect(() => parseCommentBody(" \n")).toThrow(/needs words/);
  expect(() => parseCommentBody("x".repeat(4001))).toThrow(/4000 characters at most/);
});
