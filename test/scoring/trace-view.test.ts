import { expect, test } from "vitest";
import type { Json } from "#lib/model/span.ts";
import { listMessages, TraceView } from "#lib/scoring/trace-view.ts";
import { completeTrace } from "../scorers/trace.ts";

const say = (role: string, content: string): Json => ({ role, parts: [{ type: "text", content }] });
const usage = (inputTokens: number | null, outputTokens: number | null) => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null
});
const words = (view: TraceView) => view.messages.map(({ role, text }) => `${role}: ${text}`);

test("a trace says of itself what its document says", () => {
  const document = completeTrace({ agent: "refunds", agentVersion: "3", sessionId: "c1", spans: [{}] });
  const view = new TraceView(document);
  const { id, businessUnit, name, agent, agentVersion, sessionId, startedAt, durationMs, status } = view;
  expect({ id, businessUnit, name, agent, agentVersion, sessionId, startedAt, durationMs, status }).toEqual({
    ...document,
    spans: undefined
  });
});

test("spans are read in the order they began, and those that began together stay as they came", () => {
  const at = (second: number) => `2025-01-01T00:00:0${second}.000Z`;
  const view = new TraceView(
    completeTrace({
      spans: [
        { id: "c", startedAt: at(3) },
        { id: "a", startedAt: at(1) },
        { id: "b", startedAt: at(1) }
      ]
    })
  );
  expect(view.spans.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("a conversation that every model step repeats is told once", () => {
  const view = new TraceView(
    completeTrace({
      spans: [
        { kind: "llm", input: [say("system", "Be kind."), say("user", "hi")], output: [say("assistant", "hello")] },
        {
          kind: "llm",
          input: [say("system", "Be kind."), say("user", "hi"), say("assistant", "hello"), say("user", "bye")],
          output: [say("assistant", "see you")]
        }
      ]
    })
  );
  expect(words(view)).toEqual(["user: hi", "assistant: hello", "user: bye", "assistant: see you"]);
});

test("a conversation whose steps carry only what is new is told whole", () => {
  const view = new TraceView(
    completeTrace({
      spans: [
        { kind: "llm", input: [say("user", "hi")], output: [say("assistant", "hello")] },
        { kind: "llm", input: [say("user", "bye")], output: [say("assistant", "see you")] }
      ]
    })
  );
  expect(words(view)).toEqual(["user: hi", "assistant: hello", "user: bye", "assistant: see you"]);
  expect(view.messages.map(({ spanId }) => spanId)).toEqual([
    view.spans[0]!.id,
    view.spans[0]!.id,
    view.spans[1]!.id,
    view.spans[1]!.id
  ]);
});

test("without model steps the agent's own messages are the conversation", () => {
  const spans = completeTrace({
    spans: [{ kind: "agent", input: [say("user", "hi")], output: [say("assistant", "hello")] }]
  }).spans;
  expect(listMessages(spans).map(({ text }) => text)).toEqual(["hi", "hello"]);
});

test("what is no message is passed over, and a message without text has none", () => {
  const call: Json = { role: "assistant", parts: [{ type: "tool_call", id: "1", name: "find", arguments: {} }, "x"] };
  const view = new TraceView(
    completeTrace({ spans: [{ kind: "llm", input: ["text", { parts: [] }, { role: "user" }], output: [call] }] })
  );
  expect(view.messages).toEqual([
    { role: "user", text: "", parts: [], spanId: view.spans[0]!.id },
    {
      role: "assistant",
      text: "",
      parts: [{ type: "tool_call", id: "1", name: "find", arguments: {} }],
      spanId: view.spans[0]!.id
    }
  ]);
});

test("the question is the first thing a user said, the answer what the root gave or what was said last", () => {
  const llm = {
    kind: "llm" as const,
    input: [say("assistant", "Welcome."), say("user", "refund?")],
    output: [say("assistant", "granted")]
  };
  const unrooted = new TraceView(completeTrace({ spans: [llm] }));
  expect([unrooted.input, unrooted.output]).toEqual(["refund?", "granted"]);
  const rooted = new TraceView(
    completeTrace({
      spans: [
        { id: "r", kind: "agent", inputText: "no", outputText: "Yes." },
        { ...llm, parentId: "r" }
      ]
    })
  );
  expect([rooted.input, rooted.output]).toEqual(["refund?", "Yes."]);
  const silent = new TraceView(completeTrace({ spans: [{ kind: "chain", inputText: "in" }] }));
  expect([silent.input, silent.output]).toEqual(["in", ""]);
  const empty = new TraceView(completeTrace({ spans: [] }));
  expect([empty.input, empty.output, empty.messages]).toEqual(["", "", []]);
});

test("instructions are read as a text, or as parts", () => {
  const of = (systemInstructions: Json) =>
    new TraceView(completeTrace({ spans: [{}, { systemInstructions }] })).systemInstructions;
  expect(of("Be kind.")).toBe("Be kind.");
  expect(
    of([
      { type: "text", content: "Be kind." },
      { type: "text", content: "Be brief." }
    ])
  ).toBe("Be kind.\n\nBe brief.");
  expect(of(null)).toBe("");
  expect(of({ text: "?" })).toBe("");
});

test("calls are shown with their results and the schema their arguments should fit", () => {
  const schema = { type: "object", required: ["id"] };
  const view = new TraceView(
    completeTrace({
      spans: [
        {
          kind: "llm",
          toolDefinitions: [
            { type: "function", function: { name: "find", parameters: schema } },
            { name: "pay", input_schema: { type: "object" } },
            { name: "find", parameters: { type: "null" } },
            { name: "plain" },
            "no tool"
          ]
        },
        { id: "t1", kind: "tool", toolName: "find", toolCallId: "c1", toolArgs: { id: 7 }, toolResult: [1] },
        { id: "t2", kind: "tool", name: "unnamed", status: "error", statusMessage: "no such tool" }
      ]
    })
  );
  expect(view.toolDefinitions).toEqual([
    { name: "find", schema },
    { name: "pay", schema: { type: "object" } },
    { name: "plain", schema: null }
  ]);
  expect(view.tools).toEqual([
    {
      name: "find",
      id: "c1",
      args: { id: 7 },
      result: [1],
      isError: false,
      errorMessage: null,
      durationMs: 10,
      spanId: "t1",
      schema
    },
    expect.objectContaining({ name: "unnamed", isError: true, errorMessage: "no such tool", schema: null })
  ]);
});

test("passages of all retrievers are one list", () => {
  const passage = (id: string) => ({ id, content: id, score: null, metadata: null });
  const view = new TraceView(
    completeTrace({ spans: [{ documents: [passage("a")] }, {}, { documents: [passage("b"), passage("c")] }] })
  );
  expect(view.documents.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("tokens and cost that a wrapper repeats are counted once, where they were spent", () => {
  const view = new TraceView(
    completeTrace({
      spans: [
        { id: "root", kind: "agent", usage: usage(30, 3), costUsd: 3 },
        { id: "chain", parentId: "root", usage: usage(30, 3) },
        { id: "one", parentId: "chain", kind: "llm", usage: usage(10, 1), costUsd: 1 },
        { id: "two", parentId: "chain", kind: "llm", usage: usage(20, null), costUsd: 2 },
        { id: "tool", parentId: "root", kind: "tool" }
      ]
    })
  );
  expect(view.usage).toEqual({ inputTokens: 30, outputTokens: 1 });
  expect(view.costUsd).toBe(3);
});

test("tokens and cost that nobody reported are unknown, not zero", () => {
  const view = new TraceView(completeTrace({ spans: [{}, {}] }));
  expect(view.usage).toEqual({ inputTokens: null, outputTokens: null });
  expect(view.costUsd).toBeNull();
});
