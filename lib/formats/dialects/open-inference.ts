import {
  amount,
  count,
  documents,
  json,
  messages,
  onlyDocuments,
  onlyFor,
  onlyMessages,
  query,
  stepValue,
  text,
  texts,
  toolDefinitions
} from "./decoders.ts";
import type { KindRule, Rule } from "./rule.ts";

export const openInferenceKinds: KindRule = [
  "openinference.span.kind",
  {
    llm: "llm",
    embedding: "embedding",
    chain: "chain",
    retriever: "retriever",
    reranker: "reranker",
    tool: "tool",
    agent: "agent",
    guardrail: "guardrail",
    evaluator: "evaluator",
    prompt: "prompt"
  }
];

/** OpenInference, the vocabulary of Phoenix and Arize. */
export const openInferenceRules: readonly Rule[] = [
  ["agent", ["agent.name"], text],
  ["sessionId", ["session.id"], text],
  ["provider", ["llm.provider", "llm.system"], text],
  ["model", ["llm.response.model_name", "llm.model_name"], text],
  ["model", ["reranker.model_name", "embedding.model_name"], text],
  ["modelRequested", ["llm.request.model_name"], text],
  ["toolDefinitions", ["llm.tools.*"], toolDefinitions],
  ["toolName", ["tool.name"], text],
  ["toolCallId", ["tool.id"], text],
  ["toolArgs", ["tool.parameters"], json],
  ["retrievalQuery", ["reranker.query"], text],
  ["retrievedDocs", ["retrieval.documents.*", "reranker.output_documents.*"], documents],
  ["input", ["reranker.input_documents.*"], documents],
  ["inputTokens", ["llm.token_count.prompt"], count],
  ["outputTokens", ["llm.token_count.completion"], count],
  [
    "cacheReadTokens",
    ["llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input"],
    count
  ],
  ["cacheWriteTokens", ["llm.token_count.prompt_details.cache_write"], count],
  ["reasoningTokens", ["llm.token_count.completion_details.reasoning"], count],
  ["costUsd", ["llm.cost.total"], amount],
  ["finishReasons", ["llm.finish_reason"], texts],
  ["promptName", ["prompt.id"], text],
  ["promptVersion", ["llm.prompt_template.version"], text],
  ["input", ["llm.input_messages.*"], onlyMessages("input")],
  ["output", ["llm.output_messages.*"], onlyMessages("output")]
];

/** What the span of any step was given and gave: less telling than messages, so it is asked last. */
export const openInferenceFallbacks: readonly Rule[] = [
  ["retrievalQuery", ["input.value", "langfuse.observation.input"], onlyFor(["retriever"], query), "keep"],
  ["retrievedDocs", ["output.value", "langfuse.observation.output"], onlyFor(["retriever"], onlyDocuments), "keep"],
  ["input", ["input.value"], stepValue("input")],
  ["output", ["output.value"], stepValue("output")],
  ["input", ["llm.prompts"], messages("input")]
];
