import { expect, test } from "vitest";
import { decodeJson } from "#lib/formats/decode-json.ts";
import { namesSpeakers, readableText, readMessages, type Side } from "#lib/formats/messages.ts";
import type { Json } from "#lib/model/span.ts";

const text = (content: string) => ({ type: "text", content });
const call = { type: "tool_call", id: "c1", name: "find", arguments: { id: 7 } };
const response = { type: "tool_call_response", id: "c1", response: { found: true } };
const asked = { role: "user", parts: [text("hello")] };
const said = { role: "assistant", parts: [text("bye")] };
const called = { role: "assistant", parts: [call] };
const answered = { role: "tool", parts: [response] };
const args = '{"id":7}';

const forms: readonly (readonly [name: string, side: Side, sent: Json, expected: unknown])[] = [
  ["OpenTelemetry", "input", [asked, { role: "assistant", parts: [call] }], [asked, called]],
  [
    "an older OpenTelemetry answer of a tool",
    "input",
    [{ role: "tool", parts: [{ type: "tool_call_response", id: "c1", result: '{"found":true}' }] }],
    [answered]
  ],
  [
    "OpenAI chat",
    "input",
    [
      { role: "developer", content: "Be kind." },
      { role: "user", content: "hello" }
    ],
    [{ role: "system", parts: [text("Be kind.")] }, asked]
  ],
  [
    "OpenAI chat with calls",
    "input",
    [
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", type: "function", function: { name: "find", arguments: args } }]
      },
      { role: "tool", tool_call_id: "c1", content: '{"found":true}' }
    ],
    [called, answered]
  ],
  [
    "an OpenAI function message",
    "input",
    [{ role: "assistant", function_call: { name: "find", arguments: args } }],
    [{ role: "assistant", parts: [{ ...call, id: null }] }]
  ],
  [
    "an OpenAI chat response",
    "output",
    { id: "r1", choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "bye" } }] },
    [{ finish_reason: "stop", ...said }]
  ],
  [
    "OpenAI responses",
    "input",
    [
      { type: "message", role: "user", content: [{ type: "input_text", text: "hello" }] },
      { type: "function_call", call_id: "c1", name: "find", arguments: args },
      { type: "function_call_output", call_id: "c1", output: '{"found":true}' }
    ],
    [{ type: "message", ...asked }, called, answered]
  ],
  [
    "Anthropic",
    "input",
    [
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "hm", signature: "s" },
          { type: "tool_use", id: "c1", name: "find", input: { id: 7 } }
        ]
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: '{"found":true}' }] }
    ],
    [{ role: "assistant", parts: [{ type: "reasoning", content: "hm", signature: "s" }, call] }, answered]
  ],
  [
    "an Anthropic request",
    "input",
    { system: "Be kind.", messages: [{ role: "user", content: "hello" }] },
    [{ role: "system", parts: [text("Be kind.")] }, asked]
  ],
  [
    "Gemini",
    "input",
    {
      contents: [
        { role: "user", parts: [{ text: "hello" }] },
        { role: "model", parts: [{ functionCall: { id: "c1", name: "find", args: { id: 7 } } }] },
        { role: "user", parts: [{ function_response: { id: "c1", response: { found: true } } }] }
      ]
    },
    [asked, called, answered]
  ],
  [
    "a Gemini response",
    "output",
    {
      candidates: [
        { content: { role: "model", parts: [{ text: "hm", thought: true }, { text: "bye" }] }, finishReason: "STOP" }
      ]
    },
    [
      {
        finish_reason: "STOP",
        role: "assistant",
        parts: [{ type: "reasoning", content: "hm", thought: true }, text("bye")]
      }
    ]
  ],
  [
    "Vercel",
    "input",
    [
      { role: "assistant", content: [{ type: "tool-call", toolCallId: "c1", toolName: "find", args: { id: 7 } }] },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "c1", output: { found: true } }] }
    ],
    [called, answered]
  ],
  ["Vercel's calls alone", "output", [{ toolCallId: "c1", toolName: "find", input: args }], [called]],
  [
    "Vercel's results alone",
    "input",
    [{ toolCallId: "c1", toolName: "find", result: { found: true } }],
    [{ role: "user", parts: [{ ...response, toolName: "find" }] }]
  ],
  [
    "LangChain",
    "input",
    {
      messages: [
        { type: "human", content: "hello" },
        { type: "ai", content: "", tool_calls: [{ id: "c1", name: "find", args: { id: 7 } }] },
        { type: "tool", tool_call_id: "c1", content: '{"found":true}' }
      ]
    },
    [asked, called, answered]
  ],
  [
    "LangChain's constructors",
    "output",
    {
      generations: [
        [{ message: { lc: 1, type: "constructor", id: ["langchain", "AIMessage"], kwargs: { content: "bye" } } }]
      ]
    },
    [said]
  ],
  [
    "LangChain's calls beside the message",
    "output",
    {
      role: "assistant",
      content: "",
      additional_kwargs: { tool_calls: [{ id: "c1", function: { name: "find", arguments: args } }] }
    },
    [called]
  ],
  [
    "OpenInference's function call",
    "output",
    [{ message: { role: "assistant", function_call_name: "find", function_call_arguments_json: args } }],
    [{ role: "assistant", parts: [{ ...call, id: null }] }]
  ],
  [
    "OpenInference's contents",
    "input",
    [{ message: { role: "user", contents: [{ message_content: { type: "text", text: "hello" } }] } }],
    [asked]
  ],
  ["a prompt", "input", { prompt: "hello" }, [asked]],
  ["plain texts", "input", ["hello"], [asked]],
  ["a plain text", "output", "bye", [said]],
  ["parts without a message", "output", [{ type: "text", text: "bye" }], [said]],
  ["parts written into a text", "output", { role: "assistant", content: '[{"type":"text","text":"bye"}]' }, [said]],
  [
    "a reasoning item",
    "output",
    [{ type: "reasoning", text: "hm" }],
    [{ role: "assistant", parts: [{ type: "reasoning", content: "hm" }] }]
  ]
];

test.each(forms)("%s is read", (_, side, sent, expected) => {
  for (const written of [sent, JSON.stringify(sent), JSON.stringify(JSON.stringify(sent))])
    if (typeof sent !== "string") expect(readMessages(written, side)).toEqual(expected);
  expect(readMessages(sent, side)).toEqual(expected);
});

test("parts and fields that are not known survive", () => {
  expect(
    readMessages(
      [{ role: "user", name: "Ann", mood: "calm", content: [{ type: "hologram", data: 1 }, { shape: "cube" }, 7] }],
      "input"
    )
  ).toEqual([
    {
      role: "user",
      name: "Ann",
      mood: "calm",
      parts: [
        { type: "hologram", data: 1 },
        { type: "unknown", shape: "cube" },
        { type: "unknown", value: 7 }
      ]
    }
  ]);
});

test("a call that stands in the content and beside it is told once", () => {
  const twice = {
    role: "assistant",
    content: [{ type: "tool_use", id: "c1", name: "find", input: { id: 7 } }],
    tool_calls: [{ id: "c1", name: "find", args: { id: 7 } }]
  };
  expect(readMessages([twice], "output")).toEqual([called]);
});

test.each([[7], [null], [true], [{ a: 1 }], [[1, 2]], [""], [{ messages: [3] }]])("%j holds no messages", (value) => {
  expect(readMessages(value as Json, "input")).toBeUndefined();
});

test.each([
  [[{ role: "user", content: "hello" }], true],
  [{ messages: [{ type: "human", content: "hello" }] }, true],
  [{ content: { role: "model", parts: [{ text: "bye" }] }, id: 1 }, true],
  [{ generations: [[{ message: { id: ["AIMessage"], kwargs: { content: "bye" } } }]] }, true],
  [["hello"], false],
  [[], false],
  [{ prompt: "hello" }, false],
  [{ content: "hello" }, false],
  [{ role: "admin", id: 1 }, false],
  ["hello", false]
])("%j names who speaks: %j", (value, expected) => {
  expect(namesSpeakers(value as Json)).toBe(expected);
});

test("only lists and objects are decoded from a text, once or twice written", () => {
  expect(['{"a":1}', '"{\\"a\\":1}"', "7", "true", '"hi"', "{broken"].map(decodeJson)).toEqual([
    { a: 1 },
    { a: 1 },
    "7",
    "true",
    "hi",
    "{broken"
  ]);
});

test("a person reads the texts of messages, or the value itself", () => {
  expect([[asked, said], "plain", null, { a: 1 }, [called]].map((value) => readableText(value as Json))).toEqual([
    "hello\n\nbye",
    "plain",
    null,
    '{"a":1}',
    JSON.stringify([called])
  ]);
});

test("parts that a client wrote as JSON into a person's text are parts, and a text that only looks so stays", () => {
  const content = JSON.stringify([
    { type: "text", text: "what is this?" },
    { type: "image_url", image_url: { url: "https://example.org/a.png" } }
  ]);
  expect(readMessages([{ role: "user", content }], "input")).toEqual([
    {
      role: "user",
      parts: [
        { type: "text", content: "what is this?" },
        { type: "image_url", image_url: { url: "https://example.org/a.png" } }
      ]
    }
  ]);
  for (const text of ['[{"id":7}]', '{"type":"order"}', "[1,2]"])
    expect(readMessages([{ role: "user", content: text }], "input")).toEqual([
      { role: "user", parts: [{ type: "text", content: text }] }
    ]);
});
