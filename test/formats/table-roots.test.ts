import { expect, test } from "vitest";
import { parseColumnUse } from "#lib/formats/column-mapping.ts";
import { MappedRows } from "#lib/formats/column-mapping-rows.ts";
import { DocumentReader } from "#lib/formats/document-reader.ts";
import { SpanGatherer } from "#lib/formats/span-gatherer.ts";
import { hexId, makeSpan } from "../spans.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };

function read(rows: readonly object[], ...words: readonly string[]) {
  const own = new MappedRows(words.map(parseColumnUse), context, "chats");
  const reader = new DocumentReader(context, "chats", null, own);
  const all = [...reader.push(JSON.stringify(rows)), ...reader.end()];
  return all.flatMap(({ spans }) => spans);
}

test("rows that share a trace stand below one span, which is given what the first was and answers what the last did", () => {
  const rows = [
    { chat: "c1", ask: "first?", answer: "one", at: "2026-11-20T09:00:02Z" },
    { chat: "c2", ask: "alone?", answer: "yes", at: "2026-11-20T09:00:00Z" },
    { chat: "c1", ask: "second?", answer: "two", at: "2026-11-20T09:00:05Z" }
  ];
  const words = ["trace_id=chat", "input=ask", "output=answer", "started_at=at"];
  const spans = read(rows, ...words);
  expect(spans).toHaveLength(4);
  const root = spans.find(({ attributes }) => attributes["tracebook.made_of_rows"] === true)!;
  expect(root).toMatchObject({
    kind: "agent",
    agent: "chats",
    parentSpanId: null,
    timeSource: "reported",
    inputText: "first?",
    outputText: "two",
    inputTokens: null
  });
  expect(Number(root.endNs - root.startNs)).toBe(3e9);
  const own = spans.filter(({ traceId, spanId }) => traceId === root.traceId && spanId !== root.spanId);
  expect(own.map(({ parentSpanId }) => parentSpanId)).toEqual([root.spanId, root.spanId]);
  expect(spans.find(({ inputText }) => inputText === "alone?")!.parentSpanId).toBeNull();
  expect(read(rows, ...words)).toEqual(spans);
});

test("rows that name their parents need no span above them", () => {
  const spans = read(
    [
      { trace: "t", id: "a", up: null, ask: "x" },
      { trace: "t", id: "b", up: "a", ask: "y" }
    ],
    ...["trace_id=trace", "span_id=id", "parent_span_id=up", "input=ask"]
  );
  expect(spans).toHaveLength(2);
});

test("rows that come later, when the first were given on already, widen the span above them", () => {
  const gatherer = new SpanGatherer();
  const row = (word: string, startNs: bigint) =>
    makeSpan({
      traceId: hexId("t", 32),
      spanId: hexId(word, 16),
      source: "columns",
      parentSpanId: null,
      startNs,
      endNs: startNs
    });
  gatherer.add([row("a", 5n), row("b", 7n)]);
  const [before] = gatherer.release();
  gatherer.add([row("c", 9n)]);
  const [after, last] = gatherer.release();
  expect([before!.startNs, before!.endNs]).toEqual([5n, 7n]);
  expect(after).toMatchObject({ spanId: before!.spanId, startNs: 5n, endNs: 9n });
  expect(last!.parentSpanId).toBe(before!.spanId);
});
