import type { Json } from "../../model/span.ts";
import { decodeJson } from "../decode-json.ts";
import { langfuseCost, langfuseUsage, type Usage } from "../langfuse-usage.ts";
import { json, messages, onlyFor, secondsAfterStart, text } from "./decoders.ts";
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
  ["input", ["langfuse.observation.input"], onlyFor(["llm", "agent"], messages("input"))],
  ["output", ["langfuse.observation.output"], onlyFor(["llm", "agent"], messages("output"))],
  ["input", ["langfuse.observation.input"], json],
  ["output", ["langfuse.observation.output"], json]
];

/** What is said of the whole trace stands for a span that says nothing itself. */
export const langfuseFallbacks: readonly Rule[] = [
  ["input", ["langfuse.trace.input"], json],
  ["output", ["langfuse.trace.output"], json]
];
