import { expect, test } from "vitest";
import { SpanGatherer } from "#lib/formats/span-gatherer.ts";
import { hexId, makeSpan } from "../spans.ts";

const message = (span: string, content: string) => ({
  traceId: hexId("t", 32),
  spanId: hexId(`t/${span}`, 16),
  timeNs: 0n,
  event: { name: "gen_ai.user.message", attributes: { content } }
});
const spans = ["a", "b", "c"].map((spanId) => makeSpan({ traceId: "t", spanId }));

for (const [by, bounds, content] of [
  ["number", { messages: 3, characters: 10_000 }, ""],
  ["size", { messages: 100, characters: 1000 }, "x".repeat(300)]
] as const) {
  test(`of more messages than may wait by ${by} those of the earliest span are dropped and counted`, () => {
    const gatherer = new SpanGatherer(bounds);
    gatherer.addMessages(["a", "b", "c"].map((span) => message(span, `of ${span} ${content}`)));
    gatherer.addMessages([message("c", "more")]);
    gatherer.add(spans);
    expect(gatherer.release().map(({ inputText }) => inputText?.slice(0, 4) ?? null)).toEqual([null, "of b", "of c"]);
    expect(gatherer.unclaimed).toBe(1);
  });
}

test("messages that were claimed make room for others", () => {
  const gatherer = new SpanGatherer({ messages: 2, characters: 10_000 });
  for (const span of ["a", "b", "c"]) {
    gatherer.addMessages([message(span, "one"), message(span, "two")]);
    gatherer.add(spans.filter(({ spanId }) => spanId === hexId(`t/${span}`, 16)));
    expect(gatherer.release().map(({ inputText }) => inputText)).toEqual(["one\n\ntwo"]);
  }
  expect(gatherer.unclaimed).toBe(0);
});
