import { describe, expect, test } from "vitest";
import { buildTurns, type SpokenSpan } from "#lib/work/trace-conversation.ts";

const said = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });

function span(given: Partial<SpokenSpan>): SpokenSpan {
  return {
    spanId: "s",
    parentSpanId: "root",
    kind: "llm",
    status: "ok",
    durationMs: 5,
    input: null,
    output: null,
    inputText: null,
    outputText: null,
    systemInstructions: null,
    toolName: null,
    toolCallId: null,
    toolArgs: null,
    toolResult: null,
    retrievalQuery: null,
    documents: null,
    ...given
  };
}

describe("the conversation of a trace", () => {
  test("says once what each model call was sent again", () => {
    const first = [said("user", "hello")];
    const second = [...first, said("assistant", "hi"), said("user", "refund me")];
    const turns = buildTurns([
      span({ input: first, output: [said("assistant", "hi")] }),
      span({ input: second, output: [said("assistant", "done")] })
    ]);
    expect(turns.map((turn) => turn.kind === "message" && turn.text)).toEqual(["hello", "hi", "refund me", "done"]);
  });

  test("adds all of an input that holds only what is new", () => {
    const turns = buildTurns([
      span({ input: [said("user", "one")], output: [said("assistant", "two")] }),
      span({ input: [said("user", "three")], output: [said("assistant", "four")] })
    ]);
    expect(turns).toHaveLength(4);
  });

  test("a call, the span that ran it and the answer sent back are one turn", () => {
    const call = { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "find", arguments: { order: 7 } }] };
    const reply = { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "found" }] };
    const turns = buildTurns([
      span({ input: [said("user", "where is it?")], output: [call] }),
      span({
        spanId: "t",
        kind: "tool",
        toolName: "find",
        toolCallId: "c1",
        toolArgs: { order: 7 },
        toolResult: "found"
      }),
      span({ input: [said("user", "where is it?"), call, reply], output: [said("assistant", "on its way")] })
    ]);
    expect(turns.map(({ kind }) => kind)).toEqual(["message", "tool", "message"]);
    expect(turns[1]).toMatchObject({ name: "find", args: { order: 7 }, result: "found", spanId: "t", durationMs: 5 });
  });

  test("an answer without a span fills the call", () => {
    const turns = buildTurns([
      span({
        input: [said("user", "?")],
        output: [{ role: "assistant", parts: [{ type: "tool_call", id: "c", name: "find", arguments: {} }] }]
      }),
      span({ input: [{ role: "tool", parts: [{ type: "tool_call_response", id: "c", response: 3 }] }] })
    ]);
    expect(turns.filter(({ kind }) => kind === "tool")).toMatchObject([{ result: 3 }]);
  });

  test("a trace without model spans speaks through its root", () => {
    const turns = buildTurns([
      span({ kind: "agent", parentSpanId: null, inputText: "question", outputText: "answer" }),
      span({
        kind: "retriever",
        retrievalQuery: "q",
        documents: [{ id: "1", content: "text", score: 0.5, metadata: null }]
      })
    ]);
    expect(turns.map(({ kind }) => kind)).toEqual(["message", "documents", "message"]);
  });
});
