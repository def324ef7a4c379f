import type { Json, Message, MessagePart } from "../model/span.ts";
import { decodeJson } from "./decode-json.ts";
import { isFields } from "./fields.ts";
import { firstOf, isToolPart, readPart, readParts, readToolAnswer, readToolCall, without } from "./message-parts.ts";

type JsonFields = { readonly [key: string]: Json };

/** Whether messages went to a model or came from it; says who speaks where a message does not. */
export type Side = "input" | "output";

/** Words for roles beside those of OpenTelemetry: LangChain's, Gemini's, OpenAI's. */
const roles: Readonly<Record<string, string>> = {
  human: "user",
  HumanMessage: "user",
  ai: "assistant",
  AIMessage: "assistant",
  AIMessageChunk: "assistant",
  model: "assistant",
  developer: "system",
  SystemMessage: "system",
  function: "tool",
  ToolMessage: "tool"
};

/**
 * Messages in whatever form a client sent them: structured or as JSON in a text, in the form of OpenTelemetry,
 * OpenAI (chat and responses), Anthropic, Gemini, Vercel or LangChain, alone or within a request or response.
 *
 * @returns undefined for what holds no messages
 */
export function readMessages(value: Json, side: Side): readonly Message[] | undefined {
  const decoded = decodeJson(value);
  if (typeof decoded === "string") {
    return decoded === "" ? undefined : [{ role: roleOf(side), parts: [{ type: "text", content: decoded }] }];
  }
  if (Array.isArray(decoded)) return readList(decoded as readonly Json[], side);
  if (!isFields(decoded)) return undefined;
  return readEnvelope(decoded as JsonFields, side);
}

/**
 * True for a value in which somebody is named as the one who speaks: messages, or a request, response or state
 * that holds them. Other values may be read as messages only where a model or an agent is known to speak.
 */
export function namesSpeakers(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0 && (value as readonly Json[]).every(namesSpeakers);
  if (!isFields(value)) return false;
  const item = value as JsonFields;
  if ("kwargs" in item) return true;
  if (findRole(item) !== undefined) return messageFields.some((name) => name !== "role" && name in item);
  const inner = firstOf(item, ["message", "content", ...envelopes]);
  return typeof inner === "object" && namesSpeakers(inner);
}

function roleOf(side: Side): string {
  return side === "input" ? "user" : "assistant";
}

function readList(items: readonly Json[], side: Side): readonly Message[] | undefined {
  // LangChain nests the answers to one request in a list of their own.
  const flat = items.flatMap((item) => (Array.isArray(item) ? (item as readonly Json[]) : [item]));
  if (flat.length > 0 && flat.every((item) => isFields(item) && isPart(item as JsonFields)))
    return [{ role: roleOf(side), parts: flat.map(readPart) }];
  const messages = flat.map((item) => readMessage(item, side));
  return messages.every((message) => message !== undefined) ? messages : undefined;
}

/** A part that stands by itself where a message is expected. */
function isPart(item: JsonFields): boolean {
  if ("role" in item || "parts" in item) return false;
  if ("toolCallId" in item && "toolName" in item) return true;
  return item.type === "text" && typeof item.text === "string" && !("content" in item);
}

/** Fields of requests and responses that hold the messages. */
const envelopes = ["messages", "contents", "choices", "candidates", "generations", "new_message", "output", "prompt"];

function readEnvelope(fields: JsonFields, side: Side): readonly Message[] | undefined {
  // Gemini's request holds messages where OpenInference's message holds parts.
  const isRequest = Array.isArray(fields.contents) && fields.contents.some((item) => isFields(item) && "parts" in item);
  const one = isRequest ? undefined : readMessage(fields, side);
  if (one) return [one];
  const name = envelopes.find((candidate) => fields[candidate] !== undefined && fields[candidate] !== null);
  if (name === undefined) return undefined;
  const messages = readMessages(fields[name]!, side);
  const system = fields.system ?? null;
  return messages && system !== null ? [{ role: "system", parts: readParts(system) }, ...messages] : messages;
}

/** A value with one of these may be a message. */
const messageFields = ["role", "parts", "content", "contents", "tool_calls", "kwargs"];

/** @returns undefined for what is no message */
function readMessage(value: Json, side: Side): Message | undefined {
  if (typeof value === "string") return { role: roleOf(side), parts: [{ type: "text", content: value }] };
  if (!isFields(value)) return undefined;
  const item = value as JsonFields;
  if (isFields(item.kwargs)) {
    const [type] = Array.isArray(item.id) ? item.id.slice(-1) : [];
    return readMessage({ ...(item.kwargs as JsonFields), type: type ?? null }, side);
  }
  // A choice, an answer with its finish reason, or OpenInference's wrapper around every message.
  const inner = [item.message, "role" in item ? null : item.content].find(isFields) as JsonFields | undefined;
  if (inner && messageFields.some((name) => name in inner)) {
    const message = readMessage(inner, side);
    const about = isFields(item.generation_info) ? (item.generation_info as JsonFields) : {};
    const reason = firstOf({ ...about, ...item }, ["finish_reason", "finishReason"]);
    return message && typeof reason === "string" ? { finish_reason: reason, ...message } : message;
  }
  if (!("role" in item) && isToolPart(item)) {
    const part = readPart(item);
    return { role: part.type === "tool_call" ? "assistant" : "tool", parts: [part] };
  }
  if (!("role" in item) && item.type === "reasoning") return { role: "assistant", parts: [readPart(item)] };
  const role = findRole(item);
  if (role === undefined && !messageFields.some((name) => name in item)) return undefined;
  return buildMessage(item, role ?? roleOf(side));
}

function findRole(item: JsonFields): string | undefined {
  if (typeof item.role === "string" && item.role !== "") return roles[item.role] ?? item.role;
  const event = typeof item["event.name"] === "string" ? item["event.name"] : "";
  const fromEvent = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(event)?.[1];
  if (fromEvent) return fromEvent;
  if (typeof item.type !== "string") return undefined;
  return roles[item.type] ?? (["system", "tool"].includes(item.type) ? item.type : undefined);
}

const used = [
  ...["role", "parts", "content", "contents", "tool_calls", "function_call", "function_call_name"],
  ...["function_call_arguments_json", "tool_call_id", "additional_kwargs"]
];

function buildMessage(item: JsonFields, role: string): Message {
  const body = Array.isArray(item.parts) ? item.parts : firstOf(item, ["content", "contents"]);
  const content = typeof body === "string" && /^\s*[[{]/.test(body) && role !== "tool" ? decodeParts(body) : body;
  const parts =
    role === "tool" && !holdsAnswer(content)
      ? body === null
        ? []
        : [readToolAnswer({ tool_call_id: item.tool_call_id ?? item.id ?? null, content: body })]
      : readParts(content);
  const calls = listCalls(item);
  const isAnswer = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
  return {
    ...without(item, [
      ...used,
      ...(item.type === undefined || roles[String(item.type)] || item.type === role ? ["type"] : [])
    ]),
    role: isAnswer && role === "user" ? "tool" : role,
    parts: [
      ...parts,
      ...calls.filter((call) => !parts.some(({ type, id }) => type === "tool_call" && id === call.id && id !== null))
    ]
  } as Message;
}

/** Parts that were written as JSON into a text; another text stays a text. */
function decodeParts(text: string): Json {
  const decoded = decodeJson(text);
  const isParts = Array.isArray(decoded) && decoded.every((part) => isFields(part) && typeof part.type === "string");
  return isParts ? decoded : text;
}

function holdsAnswer(content: Json): boolean {
  return (
    Array.isArray(content) &&
    content.some((part) => isFields(part) && readPart(part as Json).type === "tool_call_response")
  );
}

function listCalls(item: JsonFields): MessagePart[] {
  const more = isFields(item.additional_kwargs) ? (item.additional_kwargs as JsonFields) : {};
  const own = decodeJson(item.tool_calls ?? null);
  const listed = Array.isArray(own) && own.length > 0 ? own : decodeJson(more.tool_calls ?? null);
  const calls = (Array.isArray(listed) ? (listed as readonly Json[]) : []).flatMap((call) => {
    if (!isFields(call)) return [];
    return [readToolCall((isFields(call.tool_call) ? call.tool_call : call) as JsonFields)];
  });
  if (calls.length > 0) return calls;
  if (isFields(item.function_call)) return [readToolCall(item.function_call as JsonFields)];
  if (typeof item.function_call_name !== "string") return [];
  return [readToolCall({ name: item.function_call_name, arguments: item.function_call_arguments_json ?? null })];
}

/** Why the answers in a value ended, in the words of the provider: one for each message that says so. */
export function listFinishReasons(value: Json): readonly string[] {
  return (readMessages(value, "output") ?? []).flatMap((message) => {
    const fields = message as unknown as JsonFields;
    const about = isFields(fields.response_metadata) ? (fields.response_metadata as JsonFields) : {};
    const reason = firstOf({ ...about, ...fields }, ["finish_reason", "stop_reason"]);
    return typeof reason === "string" && reason !== "" ? [reason] : [];
  });
}

/** What a person would read: texts of messages, or the value itself. */
export function readableText(value: Json): string | null {
  if (value === null || typeof value === "string") return value;
  if (Array.isArray(value)) {
    const texts = (value as readonly Json[]).flatMap((message) => {
      const parts = isFields(message) && Array.isArray(message.parts) ? (message.parts as readonly Json[]) : [];
      return parts.flatMap((part) => (isFields(part) && typeof part.content === "string" ? [part.content] : []));
    });
    if (texts.length > 0) return texts.join("\n\n");
  }
  return JSON.stringify(value);
}
