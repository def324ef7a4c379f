import { expect, test } from "vitest";
import type { SpanEvent } from "#lib/formats/attribute-sources.ts";
import { attributeRules, kindRules, normaliseAttributes } from "#lib/formats/otlp-attributes.ts";
import type { Json } from "#lib/model/span.ts";

const startNs = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;
const says = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const hello = [says("user", "hello")];
const answer = [says("assistant", "bye")];
const find = { type: "tool_call", id: "c1", name: "find", arguments: { id: 7 } };
const llm = { "gen_ai.operation.name": "chat" };
const tool = { "gen_ai.operation.name": "execute_tool" };
const passage = { id: "a", content: "A", score: 0.5, metadata: { page: 3 } };

interface Case {
  readonly column: string;
  /** Source as its rule names it. */
  readonly source: string;
  readonly sent: Readonly<Record<string, Json>>;
  readonly expected: unknown;
}

/** The same column from one attribute or several of one meaning. */
const simple = (column: string, names: readonly string[], value: Json, expected: unknown = value): readonly Case[] =>
  names.map((source) => ({ column, source, sent: { [source]: value }, expected }));

const openAiMessages = '[{"role":"user","content":"hello"}]';
const usageDetails =
  '{"input":10,"input_cached_tokens":4,"input_cache_creation":2,"output":5,"output_reasoning_tokens":3}';
const adkRequest = JSON.stringify({
  config: { system_instruction: "Be brief.", tools: [{ function_declarations: [{ name: "find" }] }] },
  contents: [{ role: "user", parts: [{ text: "hello" }] }]
});
const adkResponse = JSON.stringify({
  model_version: "gemini-1",
  content: { role: "model", parts: [{ text: "bye" }] },
  usage_metadata: {
    prompt_token_count: 11,
    candidates_token_count: 6,
    cached_content_token_count: 2,
    thoughts_token_count: 1,
    total_token_count: 18
  }
});
const wholeRun = '[{"role":"user","content":"hello"},{"role":"assistant","content":"bye"}]';

const cases: readonly Case[] = [
  // OpenTelemetry GenAI
  ...simple("agent", ["gen_ai.agent.name", "gen_ai.workflow.name"], "refunds"),
  ...simple("agentId", ["gen_ai.agent.id"], "a1"),
  ...simple("agentVersion", ["gen_ai.agent.version"], 3, "3"),
  ...simple("sessionId", ["gen_ai.conversation.id"], "s1"),
  ...simple("userId", ["user.id", "enduser.id"], 7, "7"),
  ...simple("provider", ["gen_ai.provider.name", "gen_ai.system"], "openai"),
  ...simple("model", ["gen_ai.response.model", "gen_ai.request.model"], "large"),
  ...simple("modelRequested", ["gen_ai.request.model"], "large"),
  ...simple("systemInstructions", ["gen_ai.system_instructions"], '[{"type":"text","content":"Be kind."}]', [
    { type: "text", content: "Be kind." }
  ]),
  ...simple(
    "toolDefinitions",
    ["gen_ai.tool.definitions"],
    '[{"name":"find","parameters":"{\\"type\\":\\"object\\"}"}]',
    [{ name: "find", parameters: { type: "object" } }]
  ),
  ...simple("toolName", ["gen_ai.tool.name"], "find"),
  ...simple("toolCallId", ["gen_ai.tool.call.id"], "c1"),
  ...simple("toolArgs", ["gen_ai.tool.call.arguments"], '{"id":7}', { id: 7 }),
  ...simple("toolResult", ["gen_ai.tool.call.result"], '"{\\"found\\":true}"', { found: true }),
  ...simple("retrievalQuery", ["gen_ai.retrieval.query.text"], "refunds"),
  ...simple("retrievedDocs", ["gen_ai.retrieval.documents"], '[{"id":"a","content":"A","score":0.5,"page":3}]', [
    passage
  ]),
  ...simple("inputTokens", ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"], "12", 12),
  ...simple("outputTokens", ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"], 0),
  ...simple("cacheReadTokens", ["gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"], 4),
  ...simple(
    "cacheWriteTokens",
    [
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens"
    ],
    5
  ),
  ...simple("reasoningTokens", ["gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"], 2),
  ...simple("costUsd", ["gen_ai.usage.cost"], "0.25", 0.25),
  ...simple("ttftSeconds", ["gen_ai.response.time_to_first_chunk"], 0.5),
  ...simple("responseId", ["gen_ai.response.id"], "r1"),
  ...simple("finishReasons", ["gen_ai.response.finish_reasons"], '["stop"]', ["stop"]),
  ...simple("finishReasons", ["gen_ai.output.messages"], [{ ...answer[0]!, finish_reason: "stop" }], ["stop"]),
  {
    column: "finishReasons",
    source: "gen_ai.completion.*",
    sent: { "gen_ai.completion.0.content": "bye", "gen_ai.completion.0.finish_reason": "stop" },
    expected: ["stop"]
  },
  {
    column: "finishReasons",
    source: "llm.output_messages.*",
    sent: { "llm.output_messages.0.message.content": "bye", "llm.output_messages.0.message.finish_reason": "stop" },
    expected: ["stop"]
  },
  ...simple("promptName", ["gen_ai.prompt.name"], "greeting"),
  ...simple("promptVersion", ["gen_ai.prompt.version"], 2, "2"),
  ...simple("input", ["gen_ai.input.messages", "gen_ai.content.prompt"], openAiMessages, hello),
  ...simple(
    "output",
    ["gen_ai.output.messages", "gen_ai.content.completion"],
    '[{"role":"assistant","parts":[{"type":"text","content":"bye"}]}]',
    answer
  ),

  // OpenInference
  ...simple("agent", ["agent.name"], "refunds"),
  ...simple("sessionId", ["session.id"], "s1"),
  ...simple("provider", ["llm.provider", "llm.system"], "openai"),
  ...simple(
    "model",
    ["llm.response.model_name", "llm.model_name", "reranker.model_name", "embedding.model_name"],
    "large"
  ),
  ...simple("modelRequested", ["llm.request.model_name"], "large"),
  {
    column: "toolDefinitions",
    source: "llm.tools.*",
    sent: { "llm.tools.1.tool.json_schema": '{"name":"b"}', "llm.tools.0.tool.json_schema": '{"name":"a"}' },
    expected: [{ name: "a" }, { name: "b" }]
  },
  ...simple("toolName", ["tool.name"], "find"),
  ...simple("toolCallId", ["tool.id"], "c1"),
  ...simple("toolArgs", ["tool.parameters"], '{"id":7}', { id: 7 }),
  ...simple("retrievalQuery", ["reranker.query"], "refunds"),
  {
    column: "retrievalQuery",
    source: "langfuse.observation.input",
    sent: { "langfuse.observation.type": "RETRIEVER", "langfuse.observation.input": '{"query":"refunds"}' },
    expected: "refunds"
  },
  ...["output.value", "langfuse.observation.output"].map((source) => ({
    column: "retrievedDocs",
    source,
    sent: { "openinference.span.kind": "RETRIEVER", [source]: '[{"id":"a","page_content":"A","score":0.5,"page":3}]' },
    expected: [passage]
  })),
  ...["retrieval.documents", "reranker.output_documents"].map((root) => ({
    column: "retrievedDocs",
    source: `${root}.*`,
    sent: {
      [`${root}.0.document.id`]: "a",
      [`${root}.0.document.content`]: "A",
      [`${root}.0.document.score`]: 0.5,
      [`${root}.0.document.metadata`]: '{"page":3}'
    },
    expected: [passage]
  })),
  {
    column: "input",
    source: "reranker.input_documents.*",
    sent: { "reranker.input_documents.0.document.content": "B" },
    expected: [{ id: null, content: "B", score: null, metadata: null }]
  },
  ...simple("inputTokens", ["llm.token_count.prompt"], 12),
  ...simple("outputTokens", ["llm.token_count.completion"], 5),
  ...simple(
    "cacheReadTokens",
    ["llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input"],
    4
  ),
  ...simple("cacheWriteTokens", ["llm.token_count.prompt_details.cache_write"], 3),
  ...simple("reasoningTokens", ["llm.token_count.completion_details.reasoning"], 1),
  ...simple("costUsd", ["llm.cost.total"], 0.5),
  ...simple("finishReasons", ["llm.finish_reason"], "length", ["length"]),
  ...simple("promptName", ["prompt.id"], "p1"),
  ...simple("promptVersion", ["llm.prompt_template.version"], "v2"),
  {
    column: "input",
    source: "llm.input_messages.*",
    sent: { "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "hello" },
    expected: hello
  },
  {
    column: "output",
    source: "llm.output_messages.*",
    sent: {
      "llm.output_messages.0.message.role": "assistant",
      "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c1",
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "find",
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"id":7}'
    },
    expected: [{ role: "assistant", parts: [find] }]
  },
  {
    column: "retrievalQuery",
    source: "input.value",
    sent: { "openinference.span.kind": "RETRIEVER", "input.value": "refunds" },
    expected: "refunds"
  },
  { column: "input", source: "input.value", sent: { ...llm, "input.value": openAiMessages }, expected: hello },
  { column: "output", source: "output.value", sent: { ...llm, "output.value": "bye" }, expected: answer },
  ...simple("input", ["input.value"], '{"a":1}', { a: 1 }),
  ...simple("output", ["output.value"], "bye"),
  { column: "input", source: "llm.prompts", sent: { "llm.prompts": ["hello"] }, expected: hello },

  // Vercel AI SDK
  ...simple("sessionId", ["ai.telemetry.metadata.sessionId"], "s1"),
  ...simple("userId", ["ai.telemetry.metadata.userId"], "u1"),
  ...simple("provider", ["ai.model.provider"], "openai.chat"),
  ...simple("model", ["ai.response.model", "ai.model.id"], "large"),
  ...simple("modelRequested", ["ai.model.id"], "large"),
  ...simple(
    "toolDefinitions",
    ["ai.prompt.tools"],
    ['{"type":"function","name":"find"}'],
    [{ type: "function", name: "find" }]
  ),
  ...simple("toolName", ["ai.toolCall.name"], "find"),
  ...simple("toolCallId", ["ai.toolCall.id"], "c1"),
  ...simple("toolArgs", ["ai.toolCall.args"], '{"id":7}', { id: 7 }),
  ...simple("toolResult", ["ai.toolCall.result"], '{"found":true}', { found: true }),
  ...simple("inputTokens", ["ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"], "12", 12),
  ...simple("outputTokens", ["ai.usage.outputTokens", "ai.usage.completionTokens"], 5),
  ...simple("cacheReadTokens", ["ai.usage.cachedInputTokens"], 4),
  ...simple("reasoningTokens", ["ai.usage.reasoningTokens"], 2),
  ...simple("ttftSeconds", ["ai.response.msToFirstChunk"], 250, 0.25),
  ...simple("responseId", ["ai.response.id"], "r1"),
  ...simple("finishReasons", ["ai.response.finishReason"], "stop", ["stop"]),
  ...simple("cacheReadTokens", ["ai.usage.inputTokenDetails.cacheReadTokens"], 4),
  ...simple("cacheWriteTokens", ["ai.usage.inputTokenDetails.cacheWriteTokens"], 2),
  ...simple("reasoningTokens", ["ai.usage.outputTokenDetails.reasoningTokens"], 3),
  // Pydantic AI
  ...simple("cacheReadTokens", ["gen_ai.usage.details.cache_read_tokens"], 4),
  ...simple("cacheWriteTokens", ["gen_ai.usage.details.cache_write_tokens"], 2),
  ...simple("reasoningTokens", ["gen_ai.usage.details.reasoning_tokens"], 3),
  ...simple("input", ["ai.prompt.messages"], '[{"role":"user","content":[{"type":"text","text":"hello"}]}]', hello),
  ...simple("input", ["ai.prompt"], '{"system":"Be kind.","prompt":"hello"}', [says("system", "Be kind."), ...hello]),
  ...simple("input", ["ai.value"], "refunds"),
  ...simple("input", ["ai.values"], ["a", "b"]),
  {
    column: "output",
    source: "ai.response.reasoning + ai.response.text + ai.response.object + ai.response.toolCalls",
    sent: {
      "ai.response.reasoning": "hm",
      "ai.response.text": "bye",
      "ai.response.object": '{"a":1}',
      "ai.response.toolCalls": '[{"toolCallId":"c1","toolName":"find","input":"{\\"id\\":7}"}]'
    },
    expected: [
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "hm" },
          { type: "text", content: "bye" },
          { type: "text", content: '{"a":1}' },
          find
        ]
      }
    ]
  },

  // Traceloop's OpenLLMetry
  ...simple("sessionId", ["traceloop.association.properties.session_id"], "s1"),
  ...simple("userId", ["traceloop.association.properties.user_id"], "u1"),
  {
    column: "toolDefinitions",
    source: "llm.request.functions.*",
    sent: {
      "llm.request.functions.0.name": "find",
      "llm.request.functions.0.parameters": '{"type":"object"}'
    },
    expected: [{ name: "find", parameters: { type: "object" } }]
  },
  ...simple("promptName", ["traceloop.prompt.key"], "greeting"),
  ...simple("promptVersion", ["traceloop.prompt.version"], 4, "4"),
  {
    column: "input",
    source: "gen_ai.prompt.*",
    sent: { "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "hello" },
    expected: hello
  },
  {
    column: "output",
    source: "gen_ai.completion.*",
    sent: {
      "gen_ai.completion.0.finish_reason": "tool_calls",
      "gen_ai.completion.0.tool_calls.0.id": "c1",
      "gen_ai.completion.0.tool_calls.0.name": "find",
      "gen_ai.completion.0.tool_calls.0.arguments": '{"id":7}'
    },
    expected: [{ role: "assistant", finish_reason: "tool_calls", parts: [find] }]
  },
  {
    column: "agent",
    source: "traceloop.entity.name",
    sent: { "traceloop.span.kind": "agent", "traceloop.entity.name": "refunds" },
    expected: "refunds"
  },
  ...simple("agent", ["traceloop.workflow.name"], "refunds"),
  {
    column: "toolName",
    source: "traceloop.entity.name",
    sent: { "traceloop.span.kind": "tool", "traceloop.entity.name": "find" },
    expected: "find"
  },
  {
    column: "input",
    source: "traceloop.entity.input",
    sent: { ...llm, "traceloop.entity.input": openAiMessages },
    expected: hello
  },
  {
    column: "output",
    source: "traceloop.entity.output",
    sent: { ...llm, "traceloop.entity.output": "bye" },
    expected: answer
  },
  ...simple("input", ["traceloop.entity.input", "mlflow.spanInputs"], '{"a":1}', { a: 1 }),
  ...simple("output", ["traceloop.entity.output", "mlflow.spanOutputs"], '{"b":2}', { b: 2 }),

  // Google ADK
  ...simple("sessionId", ["gcp.vertex.agent.session_id"], "s1"),
  ...simple("systemInstructions", ["gcp.vertex.agent.llm_request"], adkRequest, [
    { type: "text", content: "Be brief." }
  ]),
  ...simple("toolDefinitions", ["gcp.vertex.agent.llm_request"], adkRequest, [{ name: "find" }]),
  ...simple("input", ["gcp.vertex.agent.llm_request"], adkRequest, hello),
  ...simple("output", ["gcp.vertex.agent.llm_response"], adkResponse, answer),
  ...simple("model", ["gcp.vertex.agent.llm_response"], adkResponse, "gemini-1"),
  ...simple("inputTokens", ["gcp.vertex.agent.llm_response"], adkResponse, 11),
  ...simple("outputTokens", ["gcp.vertex.agent.llm_response"], adkResponse, 7),
  ...simple("cacheReadTokens", ["gcp.vertex.agent.llm_response"], adkResponse, 2),
  ...simple("reasoningTokens", ["gcp.vertex.agent.llm_response"], adkResponse, 1),
  ...simple("toolArgs", ["gcp.vertex.agent.tool_call_args"], '{"id":7}', { id: 7 }),
  ...simple("toolResult", ["gcp.vertex.agent.tool_response"], '{"found":true}', { found: true }),
  ...simple("input", ["gcp.vertex.agent.data"], '{"role":"user","parts":[{"text":"hello"}]}', hello),

  // Pydantic AI
  ...simple("agent", ["agent_name"], "refunds"),
  ...simple("model", ["model_name"], "large"),
  ...simple("toolDefinitions", ["model_request_parameters"], '{"function_tools":[{"name":"find"}]}', [
    { name: "find" }
  ]),
  ...simple("toolArgs", ["tool_arguments"], '{"id":7}', { id: 7 }),
  ...simple("toolResult", ["tool_response"], "none"),
  ...simple("input", ["pydantic_ai.all_messages", "all_messages_events", "events"], wholeRun, hello),
  ...simple("output", ["pydantic_ai.all_messages", "all_messages_events", "events"], wholeRun, answer),
  ...simple("output", ["final_result"], "bye", answer),

  // Langfuse
  ...simple("status", ["langfuse.observation.level"], "ERROR", "error"),
  ...simple("statusMessage", ["langfuse.observation.status_message"], "too slow"),
  ...simple("environment", ["langfuse.environment"], "staging"),
  ...simple("sessionId", ["langfuse.session.id"], "s1"),
  ...simple("userId", ["langfuse.user.id"], "u1"),
  ...simple("model", ["langfuse.observation.model.name"], "large"),
  ...simple("promptName", ["langfuse.observation.prompt.name"], "greeting"),
  ...simple("promptVersion", ["langfuse.observation.prompt.version"], 2, "2"),
  ...simple("inputTokens", ["langfuse.observation.usage_details"], usageDetails, 16),
  ...simple("outputTokens", ["langfuse.observation.usage_details"], usageDetails, 8),
  ...simple("cacheReadTokens", ["langfuse.observation.usage_details"], usageDetails, 4),
  ...simple("cacheWriteTokens", ["langfuse.observation.usage_details"], usageDetails, 2),
  ...simple("reasoningTokens", ["langfuse.observation.usage_details"], usageDetails, 3),
  ...simple("costUsd", ["langfuse.observation.cost_details"], '{"input":0.25,"output":0.5}', 0.75),
  ...simple("ttftSeconds", ["langfuse.observation.completion_start_time"], '"2026-11-20T09:00:01.5Z"', 1.5),
  {
    column: "input",
    source: "langfuse.observation.input",
    sent: { "langfuse.observation.type": "generation", "langfuse.observation.input": openAiMessages },
    expected: hello
  },
  {
    column: "output",
    source: "langfuse.observation.output",
    sent: { "langfuse.observation.type": "agent", "langfuse.observation.output": "bye" },
    expected: answer
  },
  {
    column: "toolDefinitions",
    source: "langfuse.observation.input",
    sent: {
      "langfuse.observation.input": [
        { role: "user", content: "hello" },
        { role: "tool", content: { type: "function", function: { name: "find" } } }
      ]
    },
    expected: [{ name: "find" }]
  },
  {
    column: "input",
    source: "langfuse.observation.input",
    sent: {
      "langfuse.observation.input": [
        { role: "user", content: "hello" },
        { role: "tool", content: { type: "function", function: { name: "find" } } }
      ]
    },
    expected: hello
  },
  ...simple("input", ["langfuse.observation.input", "langfuse.trace.input"], '{"a":1}', { a: 1 }),
  ...simple("output", ["langfuse.observation.output", "langfuse.trace.output"], "bye")
];

test.each(cases)("$source fills $column", ({ column, sent, expected }) => {
  const { fields } = normaliseAttributes(sent, [], "step", startNs);
  expect(fields[column as keyof typeof fields]).toEqual(expected);
});

const message = (name: string, attributes: Readonly<Record<string, Json>>): SpanEvent => ({ name, attributes });

const eventCases: readonly (Omit<Case, "sent"> & { readonly events: readonly SpanEvent[] })[] = [
  {
    column: "input",
    source: "events: gen_ai.system.message, gen_ai.user.message, gen_ai.assistant.message, gen_ai.tool.message",
    events: [
      message("gen_ai.system.message", { content: "Be kind.", "gen_ai.system": "openai" }),
      message("gen_ai.user.message", { "gen_ai.event.content": '{"content":"hello"}' }),
      message("gen_ai.assistant.message", {
        tool_calls: '[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\\"id\\":7}"}}]'
      }),
      message("gen_ai.tool.message", { id: "c1", content: '{"found":true}' })
    ],
    expected: [
      says("system", "Be kind."),
      ...hello,
      { role: "assistant", parts: [find] },
      { role: "tool", id: "c1", parts: [{ type: "tool_call_response", id: "c1", response: { found: true } }] }
    ]
  },
  {
    column: "output",
    source: "events: gen_ai.choice",
    events: [message("gen_ai.choice", { index: 0, finish_reason: "stop", message: '{"content":"bye"}' })],
    expected: answer
  },
  {
    column: "finishReasons",
    source: "events: gen_ai.choice",
    events: [
      message("gen_ai.choice", { finish_reason: "stop", message: '{"content":"bye"}' }),
      message("gen_ai.choice", { "gen_ai.event.content": '{"finish_reason":"length","message":{"content":"b"}}' })
    ],
    expected: ["stop", "length"]
  },
  {
    column: "input",
    source: "events: gen_ai.content.prompt",
    events: [message("gen_ai.content.prompt", { "gen_ai.prompt": openAiMessages })],
    expected: hello
  },
  {
    column: "output",
    source: "events: gen_ai.content.completion",
    events: [message("gen_ai.content.completion", { "gen_ai.completion": '[{"role":"assistant","content":"bye"}]' })],
    expected: answer
  }
];

test.each(eventCases)("$source fill $column", ({ column, events, expected }) => {
  const { fields } = normaliseAttributes({}, events, "step");
  expect(fields[column as keyof typeof fields]).toEqual(expected);
});

test("messages that a details event carries apart from the span stand in for its attributes", () => {
  const events = [
    message("gen_ai.client.inference.operation.details", {
      "gen_ai.input.messages": openAiMessages,
      "gen_ai.response.model": "from the event"
    })
  ];
  const { fields } = normaliseAttributes({ "gen_ai.response.model": "large" }, events, "chat");
  expect(fields).toMatchObject({ model: "large", input: hello });
});

test("no rule is without a case here", () => {
  const tried = new Set([...cases, ...eventCases].map(({ column, source }) => `${column} ← ${source}`));
  const all = attributeRules.flatMap(([column, sources]) => sources.map((source) => `${column} ← ${source}`));
  expect(all.filter((rule) => !tried.has(rule))).toEqual([]);
});

const kinds: readonly (readonly [attribute: string, values: Readonly<Record<string, string>>])[] = [
  [
    "langfuse.observation.type",
    {
      generation: "llm",
      embedding: "embedding",
      agent: "agent",
      tool: "tool",
      chain: "chain",
      retriever: "retriever",
      guardrail: "guardrail",
      evaluator: "evaluator",
      span: "other"
    }
  ],
  [
    "openinference.span.kind",
    {
      LLM: "llm",
      EMBEDDING: "embedding",
      CHAIN: "chain",
      RETRIEVER: "retriever",
      RERANKER: "reranker",
      TOOL: "tool",
      AGENT: "agent",
      GUARDRAIL: "guardrail",
      EVALUATOR: "evaluator",
      PROMPT: "prompt"
    }
  ],
  [
    "gen_ai.operation.name",
    {
      chat: "llm",
      generate_content: "llm",
      text_completion: "llm",
      embeddings: "embedding",
      retrieval: "retriever",
      create_agent: "agent",
      invoke_agent: "agent",
      invoke_workflow: "workflow",
      execute_tool: "tool",
      plan: "plan",
      create_memory_store: "memory",
      delete_memory_store: "memory",
      search_memory: "memory",
      create_memory: "memory",
      update_memory: "memory",
      upsert_memory: "memory",
      delete_memory: "memory"
    }
  ],
  ["traceloop.span.kind", { workflow: "workflow", task: "chain", agent: "agent", tool: "tool" }],
  ["llm.request.type", { chat: "llm", completion: "llm", embedding: "embedding", rerank: "reranker" }],
  [
    "ai.operationId",
    {
      "ai.generateText": "chain",
      "ai.streamText": "chain",
      "ai.generateObject": "chain",
      "ai.streamObject": "chain",
      "ai.embed": "chain",
      "ai.embedMany": "chain",
      "ai.generateText.doGenerate": "llm",
      "ai.streamText.doStream": "llm",
      "ai.generateObject.doGenerate": "llm",
      "ai.streamObject.doStream": "llm",
      "ai.embed.doEmbed": "embedding",
      "ai.embedMany.doEmbed": "embedding",
      "ai.toolCall": "tool"
    }
  ]
];

test.each(
  kinds.flatMap(([attribute, values]) => Object.entries(values).map(([value, kind]) => [attribute, value, kind]))
)("%s %s is of the kind %s", (attribute, value, kind) => {
  expect(normaliseAttributes({ [attribute!]: value! }, [], "step").fields.kind).toBe(kind);
});

test("no kind is without a case here", () => {
  const tried = new Set(
    kinds.flatMap(([attribute, values]) => Object.keys(values).map((value) => `${attribute} ${value}`.toLowerCase()))
  );
  const all = kindRules.flatMap(([attribute, values]) => Object.keys(values).map((value) => `${attribute} ${value}`));
  expect(all.filter((rule) => !tried.has(rule))).toEqual([]);
});

test("nothing that was sent is lost: what fills no column stays, and so does what was read in part", () => {
  const { rest } = normaliseAttributes(
    {
      ...tool,
      "gen_ai.tool.name": "find",
      "input.value": "{}",
      "gcp.vertex.agent.llm_request": adkRequest,
      "llm.input_messages": "no messages",
      "own.words": { deep: [1] }
    },
    [],
    "step"
  );
  expect(rest).toEqual({
    "gcp.vertex.agent.llm_request": adkRequest,
    "input.value": "{}",
    "llm.input_messages": "no messages",
    "own.words": { deep: [1] }
  });
});

test("a whole request gives its messages to the column and stays for what else it says", () => {
  const request = '{"model":"large","messages":[{"role":"user","content":"hello"}]}';
  const { fields, rest } = normaliseAttributes({ ...llm, "input.value": request }, [], "step");
  expect(fields.input).toEqual(hello);
  expect(rest).toEqual({ "input.value": request });
});

test("a chain's state is read as messages where it names who speaks, a tool's result never", () => {
  const state = { messages: [{ type: "human", content: "hello" }] };
  const chain = normaliseAttributes({ "openinference.span.kind": "CHAIN", "input.value": state }, [], "step");
  expect(chain.fields).toMatchObject({ input: hello, inputText: "hello" });
  expect(chain.rest).toEqual({ "input.value": state });
  const found = normaliseAttributes({ "openinference.span.kind": "TOOL", "output.value": state }, [], "step");
  expect(found.fields.output).toEqual(state);
});

test("the more trusted of two dialects fills the column, and the other's value stays an attribute", () => {
  const { fields, rest } = normaliseAttributes(
    { "llm.model_name": "b", "gen_ai.response.model": "a", "langfuse.session.id": "x", "session.id": "y" },
    [],
    "step"
  );
  expect(fields).toMatchObject({ model: "a", sessionId: "x" });
  expect(rest).toEqual({ "llm.model_name": "b", "session.id": "y" });
});
