import { expect, test } from "vitest";
import { parseChatMessage } from "#lib/formats/chat-message.ts";

test("an assistant's message keeps what it cost, what it used and why it stopped", () => {
  expect(
    parseChatMessage({
      role: "assistant",
      content: "bye",
      timestamp: "2026-11-20T09:00:00",
      usage: { prompt_tokens: 12, completion_tokens: 5 },
      cost: 0.25,
      raw_data: { id: "r1", model: "large", choices: [{ finish_reason: "stop" }] }
    })
  ).toEqual({
    role: "assistant",
    text: "bye",
    calls: [],
    answersCall: null,
    isError: false,
    atNs: BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n,
    inputTokens: 12,
    outputTokens: 5,
    costUsd: 0.25,
    model: "large",
    responseId: "r1",
    finishReason: "stop"
  });
});

test("what a user's message used is not the agent's", () => {
  expect(
    parseChatMessage({ role: "user", content: "hi", usage: { prompt_tokens: 3 }, cost: 1, raw_data: { id: "r" } })
  ).toMatchObject({ inputTokens: null, outputTokens: null, costUsd: null, responseId: null });
});

test("calls come in the nested form or the flat one, their arguments decoded where they are JSON", () => {
  const { calls } = parseChatMessage({
    role: "assistant",
    content: null,
    tool_calls: [
      { id: "1", type: "function", function: { name: "find", arguments: '{"id":7}' } },
      { id: "2", name: "pay", arguments: { amount: 3 }, requestor: "user" },
      { name: "odd", arguments: "not {json" },
      { name: "bare" },
      { id: "3" },
      "no call"
    ]
  })!;
  expect(calls).toEqual([
    { id: "1", name: "find", args: { id: 7 }, requestor: "assistant" },
    { id: "2", name: "pay", args: { amount: 3 }, requestor: "user" },
    { id: null, name: "odd", args: "not {json", requestor: "assistant" },
    { id: null, name: "bare", args: null, requestor: "assistant" }
  ]);
});

test("a tool's message answers a call, by either name of its id", () => {
  expect(parseChatMessage({ role: "tool", tool_call_id: "1", content: "x", error: true })).toMatchObject({
    role: "tool",
    answersCall: "1",
    isError: true
  });
  expect(parseChatMessage({ role: "tool", id: "2", content: "x" })).toMatchObject({ answersCall: "2", isError: false });
  expect(parseChatMessage({ role: "user", id: "2", content: "x" })).toMatchObject({ answersCall: null });
});

test("the older and newer words for a role mean what they did", () => {
  expect(parseChatMessage({ role: "function", content: "x" })?.role).toBe("tool");
  expect(parseChatMessage({ role: "developer", content: "x" })?.role).toBe("system");
});

test.each([["text"], [null], [{}], [{ role: "narrator", content: "x" }], [{ role: 3 }]])(
  "%j is no message",
  (value) => {
    expect(parseChatMessage(value)).toBeNull();
  }
);
