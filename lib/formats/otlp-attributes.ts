import type { Json, Message, RetrievedDocument, Span, SpanKind } from "../model/span.ts";
import { isFields } from "./fields.ts";
import { parseLoosely } from "./run-spans.ts";

type Attributes = Readonly<Record<string, Json>>;

/** Names under which each field arrives, the most trusted first: OTel GenAI, then OpenInference. */
const textFields: Readonly<Partial<Record<keyof Span, readonly string[]>>> = {
  agent: ["gen_ai.agent.name", "gen_ai.workflow.name", "agent.name"],
  agentId: ["gen_ai.agent.id"],
  agentVersion: ["gen_ai.agent.version"],
  sessionId: ["gen_ai.conversation.id", "session.id"],
  userId: ["user.id", "enduser.id"],
  provider: ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"],
  model: [
    "gen_ai.response.model",
    "llm.response.model_name",
    "llm.model_name",
    "gen_ai.request.model",
    "embedding.model_name"
  ],
  modelRequested: ["gen_ai.request.model", "llm.request.model_name"],
  toolName: ["gen_ai.tool.name", "tool.name"],
  toolCallId: ["gen_ai.tool.call.id", "tool.id"],
  retrievalQuery: ["gen_ai.retrieval.query.text"],
  responseId: ["gen_ai.response.id"],
  promptName: ["gen_ai.prompt.name"],
  promptVersion: ["gen_ai.prompt.version"]
};

const countFields: Readonly<Partial<Record<keyof Span, readonly string[]>>> = {
  inputTokens: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt"],
  outputTokens: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion"],
  cacheReadTokens: [
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
    "llm.token_count.prompt_details.cache_input"
  ],
  cacheWriteTokens: [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "llm.token_count.prompt_details.cache_write"
  ],
  reasoningTokens: ["gen_ai.usage.reasoning.output_tokens", "llm.token_count.completion_details.reasoning"]
};

const jsonFields: Readonly<Partial<Record<keyof Span, readonly string[]>>> = {
  systemInstructions: ["gen_ai.system_instructions"],
  toolDefinitions: ["gen_ai.tool.definitions"],
  toolArgs: ["gen_ai.tool.call.arguments", "tool.parameters", "gcp.vertex.agent.tool_call_args"],
  toolResult: ["gen_ai.tool.call.result", "gcp.vertex.agent.tool_response"]
};

const openInferenceKinds: Readonly<Record<string, SpanKind>> = {
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
};

const operationKinds: Readonly<Record<string, SpanKind>> = {
  chat: "llm",
  generate_content: "llm",
  text_completion: "llm",
  embeddings: "embedding",
  retrieval: "retriever",
  create_agent: "agent",
  invoke_agent: "agent",
  invoke_workflow: "workflow",
  execute_tool: "tool",
  plan: "plan"
};

/** An event on a span, attributes as sent. */
export interface SpanEvent {
  readonly name: string | null;
  readonly attributes: Attributes;
}

/**
 * Reads the vocabulary of OpenTelemetry GenAI (old names and new) and of OpenInference.
 *
 * @returns the fields that are known, and all attributes that no field holds
 */
export function normaliseAttributes(
  attributes: Attributes,
  events: readonly SpanEvent[],
  name: string
): { readonly fields: Partial<Span> & Pick<Span, "kind">; readonly rest: Record<string, Json> } {
  const used = new Set<string>();
  const take = (names: readonly string[]): Json | undefined => {
    const key = names.find(
      (candidate) =>
        attributes[candidate] !== undefined && attributes[candidate] !== null && attributes[candidate] !== ""
    );
    if (key === undefined) return undefined;
    used.add(key);
    return attributes[key];
  };
  const fields: Record<string, unknown> = { kind: readKind(attributes, used, name) };
  for (const [field, names] of Object.entries(textFields)) {
    const value = take(names);
    if (value !== undefined && typeof value !== "object") fields[field] = String(value);
  }
  for (const [field, names] of Object.entries(countFields)) {
    const value = Number(take(names));
    if (Number.isFinite(value) && value >= 0) fields[field] = Math.round(value);
  }
  for (const [field, names] of Object.entries(jsonFields)) {
    const value = take(names);
    if (value !== undefined) fields[field] = decode(value);
  }
  const cost = Number(take(["gen_ai.usage.cost", "llm.cost.total"]));
  if (Number.isFinite(cost)) Object.assign(fields, { costUsd: cost, costSource: "reported" });
  const reasons = take(["gen_ai.response.finish_reasons", "llm.finish_reason"]);
  if (reasons !== undefined) fields.finishReasons = Array.isArray(reasons) ? reasons.map(String) : [String(reasons)];
  readContent(attributes, events, used, take, fields);
  if (fields.kind === "tool") {
    if (fields.toolArgs === undefined && fields.input !== undefined) fields.toolArgs = fields.input;
    if (fields.toolResult === undefined && fields.output !== undefined) fields.toolResult = fields.output;
  }
  const rest = Object.fromEntries(Object.entries(attributes).filter(([key]) => !used.has(key)));
  return { fields: fields as Partial<Span> & Pick<Span, "kind">, rest };
}

function readKind(attributes: Attributes, used: Set<string>, name: string): SpanKind {
  const openInference = attributes["openinference.span.kind"];
  if (typeof openInference === "string" && openInferenceKinds[openInference.toUpperCase()]) {
    used.add("openinference.span.kind");
    return openInferenceKinds[openInference.toUpperCase()]!;
  }
  const operation = attributes["gen_ai.operation.name"];
  if (typeof operation === "string") {
    used.add("gen_ai.operation.name");
    return operationKinds[operation] ?? (operation.includes("memory") ? "memory" : "other");
  }
  if (attributes["gen_ai.tool.name"] !== undefined || attributes["gen_ai.tool.call.id"] !== undefined) return "tool";
  if (/^(invoke_agent|create_agent)\b/.test(name)) return "agent";
  if (/^execute_tool\b/.test(name)) return "tool";
  return "other";
}

function readContent(
  attributes: Attributes,
  events: readonly SpanEvent[],
  used: Set<string>,
  take: (names: readonly string[]) => Json | undefined,
  fields: Record<string, unknown>
): void {
  for (const side of ["input", "output"] as const) {
    const messages = take([`gen_ai.${side}.messages`]);
    const indexed = messages === undefined ? readIndexedMessages(attributes, side, used) : null;
    const fromEvents = messages === undefined && indexed === null ? readEventMessages(events, side) : null;
    const value =
      messages !== undefined ? decode(messages) : (indexed ?? fromEvents ?? decodeOrUndefined(take([`${side}.value`])));
    if (value === undefined || value === null) continue;
    fields[side] = value;
    fields[`${side}Text`] = readableText(value);
  }
  const documents = readDocuments(attributes, used, take);
  if (documents) fields.retrievedDocs = documents;
  if (fields.kind === "retriever" && fields.retrievalQuery === undefined && typeof fields.input === "string")
    fields.retrievalQuery = fields.input;
}

/** Messages spread over numbered attributes: `llm.input_messages.0.message.role`, `gen_ai.prompt.0.content`. */
function readIndexedMessages(attributes: Attributes, side: "input" | "output", used: Set<string>): Json | null {
  const patterns = [
    new RegExp(`^llm\\.${side}_messages\\.(\\d+)\\.message\\.(.+)$`),
    new RegExp(`^gen_ai\\.${side === "input" ? "prompt" : "completion"}\\.(\\d+)\\.(.+)$`)
  ];
  const found = new Map<number, Record<string, Json>>();
  for (const [key, value] of Object.entries(attributes)) {
    for (const pattern of patterns) {
      const match = pattern.exec(key);
      if (!match) continue;
      used.add(key);
      const index = Number(match[1]);
      found.set(index, { ...found.get(index), [match[2]!]: value });
    }
  }
  if (found.size === 0) return null;
  return [...found].sort(([a], [b]) => a - b).map(([, flat]) => readFlatMessage(flat, side)) as unknown as Json;
}

function readFlatMessage(flat: Readonly<Record<string, Json>>, side: "input" | "output"): Message {
  const role = typeof flat.role === "string" ? flat.role : side === "input" ? "user" : "assistant";
  const parts: Json[] = [];
  if (flat.content !== undefined && flat.content !== null && flat.content !== "") {
    parts.push(
      role === "tool"
        ? { type: "tool_call_response", id: flat.tool_call_id ?? null, response: decode(flat.content) }
        : { type: "text", content: String(flat.content) }
    );
  }
  for (let index = 0; ; index += 1) {
    const text = flat[`contents.${index}.message_content.text`];
    if (text === undefined) break;
    parts.push({ type: "text", content: String(text) });
  }
  for (let index = 0; ; index += 1) {
    const name = flat[`tool_calls.${index}.tool_call.function.name`] ?? flat[`tool_calls.${index}.name`];
    if (name === undefined) break;
    const args =
      flat[`tool_calls.${index}.tool_call.function.arguments`] ?? flat[`tool_calls.${index}.arguments`] ?? null;
    const id = flat[`tool_calls.${index}.tool_call.id`] ?? flat[`tool_calls.${index}.id`] ?? null;
    parts.push({ type: "tool_call", id, name, arguments: decode(args) });
  }
  return { role, parts: parts as unknown as Message["parts"] };
}

/** Messages sent as events of the span, the older form of the conventions. */
function readEventMessages(events: readonly SpanEvent[], side: "input" | "output"): Json | null {
  const messages = events.flatMap(({ name, attributes }) => {
    const match = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name ?? "");
    const isChoice = name === "gen_ai.choice";
    if (side === "input" ? !match : !isChoice) return [];
    const message = decode(attributes.message ?? attributes["gen_ai.event.content"] ?? attributes.content ?? null);
    const content = isFields(message) ? (message.content ?? null) : message;
    return [
      {
        role: match?.[1] ?? "assistant",
        parts:
          content === null
            ? []
            : [{ type: "text", content: typeof content === "string" ? content : JSON.stringify(content) }]
      }
    ];
  });
  return messages.length === 0 ? null : (messages as unknown as Json);
}

function readDocuments(
  attributes: Attributes,
  used: Set<string>,
  take: (names: readonly string[]) => Json | undefined
): readonly RetrievedDocument[] | null {
  const list = decodeOrUndefined(take(["gen_ai.retrieval.documents"]));
  if (Array.isArray(list)) {
    return (list as readonly Json[]).flatMap((item) => {
      if (!isFields(item)) return [];
      const { id, score, content, text, ...metadata } = item as Record<string, Json>;
      return [toDocument(id, content ?? text, score, metadata)];
    });
  }
  const found = new Map<number, Record<string, Json>>();
  for (const [key, value] of Object.entries(attributes)) {
    const match = /^retrieval\.documents\.(\d+)\.document\.(id|content|score|metadata)$/.exec(key);
    if (!match) continue;
    used.add(key);
    found.set(Number(match[1]), { ...found.get(Number(match[1])), [match[2]!]: value });
  }
  if (found.size === 0) return null;
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([, item]) => toDocument(item.id, item.content, item.score, decode(item.metadata ?? null)));
}

function toDocument(
  id: Json | undefined,
  content: Json | undefined,
  score: Json | undefined,
  metadata: Json
): RetrievedDocument {
  return {
    id: id === undefined || id === null ? null : String(id),
    content:
      content === undefined || content === null ? "" : typeof content === "string" ? content : JSON.stringify(content),
    score: typeof score === "number" ? score : null,
    metadata
  };
}

/** JSON in a text is decoded, also where it was encoded twice. */
function decode(value: Json): Json {
  if (typeof value !== "string") return value;
  const once = parseLoosely(value);
  return typeof once === "string" && once !== value ? parseLoosely(once) : once;
}

function decodeOrUndefined(value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : decode(value);
}

function readableText(value: Json): string | null {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const texts = (value as readonly Json[]).flatMap((message) => {
      if (!isFields(message)) return [];
      const parts = Array.isArray(message.parts) ? (message.parts as readonly Json[]) : [];
      return parts.flatMap((part) => (isFields(part) && typeof part.content === "string" ? [part.content] : []));
    });
    if (texts.length > 0) return texts.join("\n\n");
  }
  return value === null ? null : JSON.stringify(value);
}
