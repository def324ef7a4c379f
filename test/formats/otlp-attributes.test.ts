import { expect, test } from "vitest";
import { normaliseAttributes } from "#lib/formats/otlp-attributes.ts";

const read = (attributes: Parameters<typeof normaliseAttributes>[0], name = "step") =>
  normaliseAttributes(attributes, [], name);

test("the names of OpenTelemetry's GenAI conventions fill the fields and leave the rest alone", () => {
  const { fields, rest } = read({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "large",
    "gen_ai.response.model": "large-2026",
    "gen_ai.response.id": "r1",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.output_tokens": "5",
    "gen_ai.usage.cache_read.input_tokens": 4,
    "gen_ai.usage.reasoning.output_tokens": 2,
    "gen_ai.usage.cost": 0.25,
    "gen_ai.conversation.id": "c1",
    "gen_ai.request.temperature": 0.5
  });
  expect(fields).toEqual({
    kind: "llm",
    provider: "openai",
    model: "large-2026",
    modelRequested: "large",
    responseId: "r1",
    finishReasons: ["stop"],
    inputTokens: 12,
    outputTokens: 5,
    cacheReadTokens: 4,
    reasoningTokens: 2,
    costUsd: 0.25,
    costSource: "reported",
    sessionId: "c1"
  });
  expect(rest).toEqual({ "gen_ai.request.temperature": 0.5 });
});

test("the older names mean the same", () => {
  expect(
    read({
      "gen_ai.operation.name": "text_completion",
      "gen_ai.system": "openai",
      "gen_ai.request.model": "large",
      "gen_ai.usage.prompt_tokens": 12,
      "gen_ai.usage.completion_tokens": 5,
      "gen_ai.usage.cache_creation_input_tokens": 3
    }).fields
  ).toEqual({
    kind: "llm",
    provider: "openai",
    model: "large",
    modelRequested: "large",
    inputTokens: 12,
    outputTokens: 5,
    cacheWriteTokens: 3
  });
});

test("the names of OpenInference mean the same", () => {
  expect(
    read({
      "openinference.span.kind": "LLM",
      "llm.model_name": "large",
      "llm.provider": "openai",
      "llm.token_count.prompt": 12,
      "llm.token_count.completion": 5,
      "llm.token_count.completion_details.reasoning": 1,
      "llm.finish_reason": "length",
      "session.id": "c1",
      "user.id": 7
    }).fields
  ).toEqual({
    kind: "llm",
    model: "large",
    provider: "openai",
    inputTokens: 12,
    outputTokens: 5,
    reasoningTokens: 1,
    finishReasons: ["length"],
    sessionId: "c1",
    userId: "7"
  });
});

test("counts that are none stay unknown and are never zero", () => {
  const { fields } = read({
    "gen_ai.usage.input_tokens": "many",
    "gen_ai.usage.output_tokens": -1,
    "gen_ai.usage.cost": "free",
    "gen_ai.provider.name": "",
    "gen_ai.agent.name": { first: "a" }
  });
  expect(fields).toEqual({ kind: "other" });
});

test.each([
  [{ "gen_ai.operation.name": "invoke_agent" }, "", "agent"],
  [{ "gen_ai.operation.name": "execute_tool" }, "", "tool"],
  [{ "gen_ai.operation.name": "embeddings" }, "", "embedding"],
  [{ "gen_ai.operation.name": "search_memory" }, "", "memory"],
  [{ "gen_ai.operation.name": "dream" }, "", "other"],
  [{ "openinference.span.kind": "reranker" }, "", "reranker"],
  [{ "openinference.span.kind": "SOMETHING", "gen_ai.tool.name": "find" }, "", "tool"],
  [{}, "invoke_agent refunds", "agent"],
  [{}, "execute_tool find", "tool"],
  [{}, "GET /orders", "other"]
])("a span with %j called %j is of the kind %s", (attributes, name, kind) => {
  expect(read(attributes as Parameters<typeof read>[0], name).fields.kind).toBe(kind);
});

test("messages are read from JSON in a text, also where it was encoded twice", () => {
  const messages = [{ role: "user", parts: [{ type: "text", content: "hello" }] }];
  for (const sent of [messages, JSON.stringify(messages), JSON.stringify(JSON.stringify(messages))]) {
    const { fields, rest } = read({ "gen_ai.input.messages": sent });
    expect(fields).toMatchObject({ input: messages, inputText: "hello" });
    expect(rest).toEqual({});
  }
});

test("a text that only looks like JSON stays the text it is", () => {
  expect(read({ "input.value": "{not json", "output.value": "plain" }).fields).toMatchObject({
    input: "{not json",
    inputText: "{not json",
    output: "plain"
  });
});

test("OpenInference's numbered messages become a conversation in order, with calls and answers", () => {
  const at = "llm.input_messages";
  const { fields, rest } = read({
    "openinference.span.kind": "LLM",
    [`${at}.10.message.role`]: "tool",
    [`${at}.10.message.content`]: '{"found":true}',
    [`${at}.10.message.tool_call_id`]: "call-1",
    [`${at}.2.message.role`]: "assistant",
    [`${at}.2.message.tool_calls.0.tool_call.id`]: "call-1",
    [`${at}.2.message.tool_calls.0.tool_call.function.name`]: "find",
    [`${at}.2.message.tool_calls.0.tool_call.function.arguments`]: '{"id":7}',
    [`${at}.0.message.contents.0.message_content.text`]: "first",
    [`${at}.0.message.contents.1.message_content.text`]: "second",
    "llm.output_messages.0.message.content": "done"
  });
  expect(fields.input).toEqual([
    {
      role: "user",
      parts: [
        { type: "text", content: "first" },
        { type: "text", content: "second" }
      ]
    },
    { role: "assistant", parts: [{ type: "tool_call", id: "call-1", name: "find", arguments: { id: 7 } }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "call-1", response: { found: true } }] }
  ]);
  expect(fields).toMatchObject({
    inputText: "first\n\nsecond",
    output: [{ role: "assistant", parts: [{ type: "text", content: "done" }] }],
    outputText: "done"
  });
  expect(rest).toEqual({});
});

test("the numbered prompts of older instruments are messages too", () => {
  const { fields } = read({
    "gen_ai.prompt.0.role": "system",
    "gen_ai.prompt.0.content": "Be brief.",
    "gen_ai.completion.0.content": "",
    "gen_ai.completion.0.tool_calls.0.name": "find",
    "gen_ai.completion.0.tool_calls.0.arguments": "{}"
  });
  expect(fields.input).toEqual([{ role: "system", parts: [{ type: "text", content: "Be brief." }] }]);
  expect(fields.output).toEqual([
    { role: "assistant", parts: [{ type: "tool_call", id: null, name: "find", arguments: {} }] }
  ]);
});

test("messages sent as events are read where no attribute holds them", () => {
  const events = [
    { name: "gen_ai.user.message", attributes: { content: "hello" } },
    { name: "gen_ai.assistant.message", attributes: { "gen_ai.event.content": '{"content":"one moment"}' } },
    { name: "gen_ai.choice", attributes: { message: { content: ["a", "b"] } } },
    { name: "retry", attributes: {} }
  ];
  const { fields } = normaliseAttributes({ "gen_ai.operation.name": "chat" }, events, "chat");
  expect(fields.input).toEqual([
    { role: "user", parts: [{ type: "text", content: "hello" }] },
    { role: "assistant", parts: [{ type: "text", content: "one moment" }] }
  ]);
  expect(fields.output).toEqual([
    { role: "assistant", parts: ["a", "b"].map((content) => ({ type: "text", content })) }
  ]);
});

test("a message event without content says nothing, not the word null", () => {
  const events = [{ name: "gen_ai.assistant.message", attributes: { role: "assistant" } }];
  expect(normaliseAttributes({}, events, "chat").fields.input).toEqual([{ role: "assistant", parts: [] }]);
});

test("what a tool was given and what it answered are its arguments and result", () => {
  expect(
    read({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "find",
      "gen_ai.tool.call.id": "call-1",
      "gen_ai.tool.call.arguments": '{"id":7}',
      "gen_ai.tool.call.result": "none"
    }).fields
  ).toMatchObject({ toolName: "find", toolCallId: "call-1", toolArgs: { id: 7 }, toolResult: "none" });
  expect(
    read({ "openinference.span.kind": "TOOL", "tool.name": "find", "input.value": '{"id":7}', "output.value": "none" })
      .fields
  ).toMatchObject({ toolName: "find", toolArgs: { id: 7 }, toolResult: "none", input: { id: 7 } });
});

test("passages come from a list or from numbered attributes, in order", () => {
  expect(
    read({
      "gen_ai.operation.name": "retrieval",
      "gen_ai.retrieval.query.text": "refunds",
      "gen_ai.retrieval.documents": '[{"id":1,"content":"A","score":0.5,"page":3},{"text":"B"},"C",7]'
    }).fields
  ).toMatchObject({
    retrievalQuery: "refunds",
    retrievedDocs: [
      { id: "1", content: "A", score: 0.5, metadata: { page: 3 } },
      { id: null, content: "B", score: null, metadata: null },
      { id: null, content: "C", score: null, metadata: null }
    ]
  });
  const { fields, rest } = read({
    "openinference.span.kind": "RETRIEVER",
    "input.value": "refunds",
    "retrieval.documents.1.document.content": "B",
    "retrieval.documents.0.document.id": "a",
    "retrieval.documents.0.document.content": "A",
    "retrieval.documents.0.document.score": 0.9,
    "retrieval.documents.0.document.metadata": '{"page":3}'
  });
  expect(fields).toMatchObject({
    retrievalQuery: "refunds",
    retrievedDocs: [
      { id: "a", content: "A", score: 0.9, metadata: { page: 3 } },
      { id: null, content: "B", score: null, metadata: null }
    ]
  });
  expect(rest).toEqual({});
});
