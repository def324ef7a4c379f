import { onlyFor, onlyMessages, stepValue, text, toolDefinitions } from "./decoders.ts";
import type { KindRule, Rule } from "./rule.ts";

export const traceloopKinds: readonly KindRule[] = [
  ["traceloop.span.kind", { workflow: "workflow", task: "chain", agent: "agent", tool: "tool" }],
  ["llm.request.type", { chat: "llm", completion: "llm", embedding: "embedding", rerank: "reranker" }]
];

/** Traceloop's OpenLLMetry: messages in numbered attributes, and inputs and outputs of whole functions. */
export const traceloopRules: readonly Rule[] = [
  ["sessionId", ["traceloop.association.properties.session_id"], text],
  ["userId", ["traceloop.association.properties.user_id"], text],
  ["toolDefinitions", ["llm.request.functions.*"], toolDefinitions],
  ["promptName", ["traceloop.prompt.key"], text],
  ["promptVersion", ["traceloop.prompt.version"], text],
  ["input", ["gen_ai.prompt.*"], onlyMessages("input")],
  ["output", ["gen_ai.completion.*"], onlyMessages("output")]
];

/** Asked when no messages were sent. */
export const traceloopFallbacks: readonly Rule[] = [
  ["agent", ["traceloop.entity.name"], onlyFor(["agent"], text), "keep"],
  ["agent", ["traceloop.workflow.name"], text],
  ["toolName", ["traceloop.entity.name"], onlyFor(["tool"], text), "keep"],
  ["input", ["traceloop.entity.input", "mlflow.spanInputs"], stepValue("input")],
  ["output", ["traceloop.entity.output", "mlflow.spanOutputs"], stepValue("output")]
];
