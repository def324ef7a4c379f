import { expect, test } from "vitest";
import { DocumentReader } from "#lib/formats/document-reader.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const traceId = "a".repeat(32);
const spanId = "b".repeat(16);
const pair = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const log = (eventName: string, content: string, given: object = {}) => ({
  eventName,
  traceId: traceId.toUpperCase(),
  spanId,
  body: { kvlistValue: { values: [pair("content", content)] } },
  attributes: [pair("gen_ai.system", "openai")],
  ...given
});

function read(logRecords: readonly unknown[], attributes: readonly unknown[] = []) {
  const reader = new DocumentReader(context, "agent", null);
  const document = {
    resourceLogs: [{ scopeLogs: [{ logRecords }, "no scope"] }],
    resourceSpans: [
      { scopeSpans: [{ spans: [{ traceId, spanId, name: "chat", startTimeUnixNano: "1", attributes }] }] }
    ]
  };
  const all = [...reader.push(JSON.stringify(document)), ...reader.end()];
  return {
    spans: all.flatMap(({ spans }) => spans),
    scores: all.flatMap(({ scores }) => scores),
    rejected: all.flatMap(({ rejected }) => rejected),
    losses: all.flatMap(({ losses = [] }) => losses)
  };
}

const said = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });

test("messages that came in logs are the input and output of their span", () => {
  const { spans, rejected } = read([
    log("gen_ai.system.message", "Be kind."),
    log("gen_ai.user.message", "hello"),
    log("gen_ai.choice", "bye"),
    "no record"
  ]);
  expect(rejected).toEqual([]);
  expect(spans).toEqual([
    expect.objectContaining({
      input: [said("system", "Be kind."), said("user", "hello")],
      inputText: "Be kind.\n\nhello",
      output: [said("assistant", "bye")],
      outputText: "bye"
    })
  ]);
});

test("a details event in a log carries the messages under the names of attributes", () => {
  const details = log("", "", {
    body: undefined,
    attributes: [
      pair("event.name", "gen_ai.client.inference.operation.details"),
      pair("gen_ai.input.messages", '[{"role":"user","content":"hello"}]')
    ]
  });
  expect(read([details]).spans[0]!.input).toEqual([said("user", "hello")]);
});

test("what the span says itself goes before what logs say of it", () => {
  const own = [pair("gen_ai.input.messages", '[{"role":"user","content":"from the span"}]')];
  expect(read([log("gen_ai.user.message", "from the log")], own).spans[0]!.inputText).toBe("from the span");
});

test("logs that say nothing here are counted, and messages without a span are told", () => {
  const { spans, rejected, losses } = read([
    log("gen_ai.user.message", "<elided>"),
    log("http.request", "x"),
    log("", "x"),
    log("gen_ai.user.message", "lost", { spanId: "c".repeat(16) })
  ]);
  expect(spans[0]!.input).toBeNull();
  expect(rejected).toEqual(["1 messages in logs are of spans that are not in this file"]);
  expect(losses.map(({ field }) => field)).toEqual([
    "log gen_ai.user.message, content left out by its sender",
    "log http.request",
    "log without a name"
  ]);
});

test("an evaluation in a log is a score", () => {
  const { scores } = read([
    log("gen_ai.evaluation.result", "", {
      attributes: [
        pair("gen_ai.evaluation.name", "tone"),
        { key: "gen_ai.evaluation.score.value", value: { doubleValue: 0.5 } }
      ]
    })
  ]);
  expect(scores).toEqual([expect.objectContaining({ scorer: "tone", traceId, spanId })]);
});
