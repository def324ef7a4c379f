import type { Json } from "../../model/span.ts";
import { decodeJson } from "../decode-json.ts";
import { isFields } from "../fields.ts";
import { readPart } from "../message-parts.ts";
import { count, json, messages, milliseconds, text, texts, toolDefinitions } from "./decoders.ts";
import type { Decoder, KindRule, Rule } from "./rule.ts";

export const vercelKinds: KindRule = [
  "ai.operationid",
  {
    "ai.generatetext": "chain",
    "ai.streamtext": "chain",
    "ai.generateobject": "chain",
    "ai.streamobject": "chain",
    "ai.embed": "chain",
    "ai.embedmany": "chain",
    "ai.generatetext.dogenerate": "llm",
    "ai.streamtext.dostream": "llm",
    "ai.generateobject.dogenerate": "llm",
    "ai.streamobject.dostream": "llm",
    "ai.embed.doembed": "embedding",
    "ai.embedmany.doembed": "embedding",
    "ai.toolcall": "tool"
  }
];

/** The answer, which is spread over attributes: what it thought, said, called, or the object it made. */
const answer: Decoder = (value) => {
  const { reasoning = null, text: said = null, object = null, toolCalls = null } = value as Record<string, Json>;
  const calls = decodeJson(toolCalls);
  const parts = [
    ...(typeof reasoning === "string" && reasoning !== "" ? [{ type: "reasoning", content: reasoning }] : []),
    ...(typeof said === "string" && said !== "" ? [{ type: "text", content: said }] : []),
    ...(object === null
      ? []
      : [{ type: "text", content: typeof object === "string" ? object : JSON.stringify(object) }]),
    ...(Array.isArray(calls)
      ? calls.filter(isFields).map((call) => readPart({ type: "tool-call", ...call } as Json))
      : [])
  ];
  return parts.length === 0 ? undefined : [{ role: "assistant", parts }];
};

/** Vercel's AI SDK. */
export const vercelRules: readonly Rule[] = [
  ["sessionId", ["ai.telemetry.metadata.sessionId"], text],
  ["userId", ["ai.telemetry.metadata.userId"], text],
  ["provider", ["ai.model.provider"], text],
  ["model", ["ai.response.model"], text],
  ["modelRequested", ["ai.model.id"], text],
  ["toolDefinitions", ["ai.prompt.tools"], toolDefinitions],
  ["toolName", ["ai.toolCall.name"], text],
  ["toolCallId", ["ai.toolCall.id"], text],
  ["toolArgs", ["ai.toolCall.args"], json],
  ["toolResult", ["ai.toolCall.result"], json],
  ["inputTokens", ["ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"], count],
  ["outputTokens", ["ai.usage.outputTokens", "ai.usage.completionTokens"], count],
  ["cacheReadTokens", ["ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens"], count],
  ["cacheWriteTokens", ["ai.usage.inputTokenDetails.cacheWriteTokens"], count],
  ["reasoningTokens", ["ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens"], count],
  ["ttftSeconds", ["ai.response.msToFirstChunk"], milliseconds],
  ["responseId", ["ai.response.id"], text],
  ["finishReasons", ["ai.response.finishReason"], texts],
  ["input", ["ai.prompt.messages", "ai.prompt"], messages("input")],
  ["input", ["ai.value", "ai.values"], json],
  ["output", ["ai.response.reasoning + ai.response.text + ai.response.object + ai.response.toolCalls"], answer]
];

/** The model that was asked stands for the one that answered, where nothing else names one. */
export const vercelFallbacks: readonly Rule[] = [["model", ["ai.model.id"], text]];
