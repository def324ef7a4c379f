import type { Message } from "../../model/span.ts";
import { readMessages } from "../messages.ts";
import { at, count, json, messages, text } from "./decoders.ts";
import type { Decoder, Rule } from "./rule.ts";

/** All messages of a run in one list: its last answer is the output, what led to it the input. */
const part =
  (wanted: "input" | "output"): Decoder =>
  (value) => {
    const all = readMessages(value, "input");
    const last = all?.at(-1);
    if (!all || !last) return undefined;
    const answer: readonly Message[] = last.role === "assistant" || "finish_reason" in last ? [last] : [];
    const found = wanted === "output" ? answer : all.slice(0, all.length - answer.length);
    return found.length === 0 ? undefined : found;
  };

/** Pydantic AI, as its Logfire instrumentation writes it. */
export const pydanticAiRules: readonly Rule[] = [
  ["agent", ["agent_name"], text],
  ["model", ["model_name"], text],
  ["cacheReadTokens", ["gen_ai.usage.details.cache_read_tokens"], count],
  ["cacheWriteTokens", ["gen_ai.usage.details.cache_write_tokens"], count],
  ["reasoningTokens", ["gen_ai.usage.details.reasoning_tokens"], count],
  ["toolDefinitions", ["model_request_parameters"], at(["function_tools"], json), "keep"],
  ["toolArgs", ["tool_arguments"], json],
  ["toolResult", ["tool_response"], json],
  ["input", ["pydantic_ai.all_messages", "all_messages_events", "events"], part("input"), "keep"],
  ["output", ["final_result"], messages("output")],
  ["output", ["pydantic_ai.all_messages", "all_messages_events", "events"], part("output"), "keep"]
];
