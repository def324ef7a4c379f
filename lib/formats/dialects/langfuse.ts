import type { Json } from "../../model/span.ts";
import { decodeJson } from "../decode-json.ts";
import { isFields } from "../fields.ts";
import { langfuseCost, langfuseUsage, type Usage } from "../langfuse-usage.ts";
import { secondsAfterStart, stepValue, text } from "./decoders.ts";
import type { Decoder, KindRule, Rule } from "./rule.ts";

/** `span` and `event` say nothing about what kind of step it is, so other dialects are asked. */
export const langfuseKinds: KindRule = [
  "langfuse.observation.type",
  {
    generation: "llm",
    embedding: "embedding",
    agent: "agent",
    tool: "tool",
    chain: "chain",
    retriever: "retriever",
    guardrail: "guardrail",
    evaluator: "evaluator"
  }
];

const usage =
  (field: keyof Usage): Decoder =>
  (value) =>
    langfuseUsage(decodeJson(value))[field] ?? undefined;

const levels: Readonly<Record<string, string>> = { ERROR: "error" };
const level: Decoder = (value: Json) => levels[String(value)];

/** Langfuse's client for LangChain puts the tools of a request among its messages, one each. */
function isDefinition(item: unknown): item is { readonly content: { readonly function: Json } } {
  return isFields(item) && item.role === "tool" && isFields(item.content) && isFields(item.content.function);
}

const definitions: Decoder = (value) => {
  const list = decodeJson(value);
  const found = Array.isArray(list) ? list.filter(isDefinition) : [];
  return found.length === 0 ? undefined : found.map(({ content }) => content.function);
};

const input: Decoder = (value, span) => {
  const decoded = decodeJson(value);
  if (!Array.isArray(decoded) || !decoded.some(isDefinition)) return stepValue("input")(decoded, span);
  span.keep();
  return stepValue("input")(decoded.filter((item) => !isDefinition(item)) as Json, span);
};

/** What Langfuse's own clients write. */
export const langfuseRules: readonly Rule[] = [
  ["status", ["langfuse.observation.level"], level, "keep"],
  ["statusMessage", ["langfuse.observation.status_message"], text],
  ["environment", ["langfuse.environment"], text],
  ["sessionId", ["langfuse.session.id"], text],
  ["userId", ["langfuse.user.id"], text],
  ["model", ["langfuse.observation.model.name"], text],
  ["promptName", ["langfuse.observation.prompt.name"], text],
  ["promptVersion", ["langfuse.observation.prompt.version"], text],
  ["inputTokens", ["langfuse.observation.usage_details"], usage("inputTokens"), "keep"],
  ["outputTokens", ["langfuse.observation.usage_details"], usage("outputTokens"), "keep"],
  ["cacheReadTokens", ["langfuse.observation.usage_details"], usage("cacheReadTokens"), "keep"],
  ["cacheWriteTokens", ["langfuse.observation.usage_details"], usage("cacheWriteTokens"), "keep"],
  ["reasoningTokens", ["langfuse.observation.usage_details"], usage("reasoningTokens"), "keep"],
  ["costUsd", ["langfuse.observation.cost_details"], (value) => langfuseCost(decodeJson(value)) ?? undefined, "keep"],
  ["ttftSeconds", ["langfuse.observation.completion_start_time"], secondsAfterStart],
  ["toolDefinitions", ["langfuse.observation.input"], definitions, "keep"],
  ["input", ["langfuse.observation.input"], input],
  ["output", ["langfuse.observation.output"], stepValue("output")]
];

/** What is said of the whole trace stands for a span that says nothing itself. */
export const langfuseFallbacks: readonly Rule[] = [
  ["input", ["langfuse.trace.input"], stepValue("input")],
  ["output", ["langfuse.trace.output"], stepValue("output")]
];
