import type { Json } from "../../model/span.ts";
import { decodeJson } from "../decode-json.ts";
import { isFields } from "../fields.ts";
import { readMessages, type Side } from "../messages.ts";
import {
  amount,
  count,
  documents,
  finishReasons,
  instructions,
  json,
  messages,
  text,
  texts,
  toolDefinitions
} from "./decoders.ts";
import type { Decoder, KindRule, Rule } from "./rule.ts";

export const genAiKinds: KindRule = [
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
];

/** Messages sent as events of the span, the older form: the body is the event's content, or the event itself. */
const eventMessages =
  (side: Side): Decoder =>
  (events) => {
    const found = (events as readonly Json[]).map((event) => {
      const { name, attributes } = event as { readonly name: string; readonly attributes: Record<string, Json> };
      const body = decodeJson(attributes["gen_ai.event.content"] ?? attributes.message ?? null);
      const given = isFields(body) ? (body as Record<string, Json>) : body === null ? attributes : { content: body };
      const { "gen_ai.system": _, "event.name": __, ...fields } = given as Record<string, Json>;
      const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name)?.[1] ?? "assistant";
      const inner = isFields(fields.message) ? fields : { content: null, ...fields, role };
      return readMessages(inner as Json, side)?.[0];
    });
    return found.every((message) => message !== undefined) ? found : undefined;
  };

/** The oldest form: one event whose attribute holds everything. */
const eventContent =
  (side: Side, name: string): Decoder =>
  (events) => {
    const found = (events as readonly Json[]).flatMap((event) => {
      const value = (event as { readonly attributes: Record<string, Json> }).attributes[name];
      return value === undefined || value === null ? [] : (readMessages(value, side) ?? []);
    });
    return found.length === 0 ? undefined : found;
  };

/** Why each choice ended, which the older form says beside the choice. */
const eventReasons: Decoder = (events) => {
  const found = (events as readonly Json[]).flatMap((event) => {
    const { attributes } = event as { readonly attributes: Record<string, Json> };
    const body = decodeJson(attributes["gen_ai.event.content"] ?? null);
    const reason = attributes.finish_reason ?? (isFields(body) ? body.finish_reason : null);
    return typeof reason === "string" ? [reason] : [];
  });
  return found.length === 0 ? undefined : found;
};

/** OpenTelemetry's GenAI conventions, today's names first, then those they had before. */
export const genAiRules: readonly Rule[] = [
  ["agent", ["gen_ai.agent.name"], text],
  ["agent", ["gen_ai.workflow.name"], text],
  ["agentId", ["gen_ai.agent.id"], text],
  ["agentVersion", ["gen_ai.agent.version"], text],
  ["sessionId", ["gen_ai.conversation.id"], text],
  ["userId", ["user.id", "enduser.id"], text],
  ["provider", ["gen_ai.provider.name", "gen_ai.system"], text],
  ["model", ["gen_ai.response.model"], text],
  ["modelRequested", ["gen_ai.request.model"], text],
  ["systemInstructions", ["gen_ai.system_instructions"], instructions],
  ["toolDefinitions", ["gen_ai.tool.definitions"], toolDefinitions],
  ["toolName", ["gen_ai.tool.name"], text],
  ["toolCallId", ["gen_ai.tool.call.id"], text],
  ["toolArgs", ["gen_ai.tool.call.arguments"], json],
  ["toolResult", ["gen_ai.tool.call.result"], json],
  ["retrievalQuery", ["gen_ai.retrieval.query.text"], text],
  ["retrievedDocs", ["gen_ai.retrieval.documents"], documents],
  ["inputTokens", ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"], count],
  ["outputTokens", ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"], count],
  ["cacheReadTokens", ["gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"], count],
  [
    "cacheWriteTokens",
    [
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens"
    ],
    count
  ],
  ["reasoningTokens", ["gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"], count],
  ["costUsd", ["gen_ai.usage.cost"], amount],
  ["ttftSeconds", ["gen_ai.response.time_to_first_chunk"], amount],
  ["responseId", ["gen_ai.response.id"], text],
  ["finishReasons", ["gen_ai.response.finish_reasons"], texts],
  ["promptName", ["gen_ai.prompt.name"], text],
  ["promptVersion", ["gen_ai.prompt.version"], text],
  ["input", ["gen_ai.input.messages"], messages("input")],
  ["output", ["gen_ai.output.messages"], messages("output")],
  [
    "input",
    ["events: gen_ai.system.message, gen_ai.user.message, gen_ai.assistant.message, gen_ai.tool.message"],
    eventMessages("input")
  ],
  ["output", ["events: gen_ai.choice"], eventMessages("output")],
  ["input", ["events: gen_ai.content.prompt"], eventContent("input", "gen_ai.prompt")],
  ["output", ["events: gen_ai.content.completion"], eventContent("output", "gen_ai.completion")],
  ["input", ["gen_ai.content.prompt"], messages("input")],
  ["output", ["gen_ai.content.completion"], messages("output")]
];

/** Last resorts, asked when no other dialect has a better value. */
export const genAiFallbacks: readonly Rule[] = [
  ["model", ["gen_ai.request.model"], text],
  ["finishReasons", ["gen_ai.output.messages", "gen_ai.completion.*", "llm.output_messages.*"], finishReasons, "keep"],
  ["finishReasons", ["events: gen_ai.choice"], eventReasons, "keep"]
];
