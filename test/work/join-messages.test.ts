import { afterEach, beforeEach, expect, test } from "vitest";
import { joinMessages } from "#lib/work/join-messages.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { makeSpan } from "../spans.ts";

let fixture: LakeFixture;
beforeEach(async () => {
  fixture = await openLakeFixture();
});
afterEach(() => fixture.close());

const bare = makeSpan({ traceId: "t", spanId: "s" });
const message = (content: string, timeNs: bigint, span = bare) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  timeNs,
  event: { name: "gen_ai.user.message", attributes: { content } }
});

/** Joins, appends what comes of it and notes what was joined, as the receiver does. */
async function take(spans: Parameters<typeof joinMessages>[2], messages: Parameters<typeof joinMessages>[3]) {
  const doors = { lake: fixture.lake, logMessages: fixture.state.logMessages };
  const found = await joinMessages(doors, "support", spans, messages);
  await fixture.lake.append(scopeOf(["support"]), { spans: found.spans, scores: [] });
  await fixture.state.logMessages.markJoined(found.joined);
  return found;
}

const textOf = async (span = bare) =>
  (await fixture.lake.findSpans(scopeOf(["support"]), "support", [span])).map(({ inputText }) => inputText);

test("messages of a span that the lake has are joined to it, and what comes later is said anew", async () => {
  await take([bare], []);
  expect(await take([], [message("second", 2n)])).toMatchObject({ spans: [{ inputText: "second" }] });
  await take([], [message("first", 1n)]);
  expect(await textOf()).toEqual(["first\n\nsecond"]);
  // Sent again, the messages change nothing; sent again, the span has them.
  expect(await take([], [message("first", 1n)])).toEqual({ spans: [], joined: [] });
  expect((await take([bare], [])).spans).toMatchObject([{ inputText: "first\n\nsecond" }]);
});

test("messages wait for their span, and for no other", async () => {
  expect(await take([], [message("early", 1n)])).toEqual({ spans: [], joined: [] });
  const other = makeSpan({ traceId: "t", spanId: "other" });
  expect((await take([other], [])).spans).toEqual([other]);
  expect((await take([bare], [])).joined).toHaveLength(1);
  expect([...(await textOf()), ...(await textOf(other))]).toEqual(["early", null]);
});

test("what a span says itself is never replaced", async () => {
  const own = { ...bare, input: [{ role: "user", parts: [{ type: "text", content: "own" }] }], inputText: "own" };
  await take([], [message("from a log", 1n)]);
  await take([own], []);
  await take([], [message("from a later log", 2n)]);
  expect(await textOf()).toEqual(["own"]);
});

test("spans of a unit that is not one's own are not found", async () => {
  const scope = scopeOf(["travel"], "viewer");
  await expect(fixture.lake.findSpans(scope, "support", [bare])).rejects.toMatchObject({ code: "denied" });
  expect(await fixture.lake.findSpans(scopeOf(["travel"]), "travel", [bare])).toEqual([]);
});
