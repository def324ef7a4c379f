import type { Json, Message, MessagePart } from "../model/span.ts";
import { decodeJson, findObject, findText, findWord, listItems } from "./json-value.ts";

/** A tool call as a chat message states it. */
export interface ChatToolCall {
  /** Null where the source gave none. */
  readonly id: string | null;
  readonly name: string;
  /** Decoded where it was JSON text; the text itself where it was not. */
  readonly args: Json;
}

/** One message of an OpenAI-style chat, read. */
export interface ChatMessage {
  readonly role: string;
  readonly content: readonly MessagePart[];
  readonly toolCalls: readonly ChatToolCall[];
  /** Id of the call a tool message answers. */
  readonly answersId: string | null;
  readonly name: string | null;
  /** The message as it came, for what has no place of its own. */
  readonly raw: { readonly [key: string]: Json };
}

/**
 * Reads one message of an OpenAI-style chat, also in the flat form of tau2 and the older `function_call`.
 *
 * @returns undefined when the value has no role and so is no message
 */
export function findChatMessage(value: Json | undefined): ChatMessage | undefined {
  const raw = findObject(value);
  const role = findText(raw?.["role"]);
  if (!raw || role === null) return undefined;
  const calls = listItems(raw["tool_calls"]).flatMap((call) => findToolCall(call) ?? []);
  const single = findObject(raw["function_call"]);
  const toolCalls = calls.length === 0 && single ? [findToolCall(single) ?? []].flat() : calls;
  const answersId = role === "tool" || role === "function" ? findWord(raw["tool_call_id"] ?? raw["id"]) : null;
  return {
    role: role === "function" ? "tool" : role,
    content: contentParts(raw["content"]),
    toolCalls,
    answersId,
    name: findText(raw["name"]),
    raw
  };
}

function findToolCall(value: Json): ChatToolCall | undefined {
  const call = findObject(value);
  if (!call) return undefined;
  const named = findObject(call["function"]) ?? call;
  const name = findText(named["name"]);
  return name === null ? undefined : { id: findWord(call["id"]), name, args: decodeJson(named["arguments"]) };
}

function contentParts(content: Json | undefined): readonly MessagePart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  if (!Array.isArray(content)) return [{ type: "text", content: JSON.stringify(content) }];
  return (content as readonly Json[]).flatMap((item): MessagePart[] => {
    if (typeof item === "string") return [{ type: "text", content: item }];
    const part = findObject(item);
    if (!part) return [];
    const text = part["text"] ?? part["content"];
    if (typeof text === "string") return [{ type: "text", content: text }];
    return [{ ...part, type: findText(part["type"]) ?? "other" }];
  });
}

/** The message in OpenTelemetry's GenAI shape. */
export function buildMessage(message: ChatMessage): Message {
  if (message.role === "tool") {
    return {
      role: "tool",
      parts: [{ type: "tool_call_response", id: message.answersId, response: toolResponse(message) }]
    };
  }
  return {
    role: message.role,
    parts: [
      ...message.content,
      ...message.toolCalls.map(({ id, name, args }) => ({ type: "tool_call", id, name, arguments: args }))
    ]
  };
}

/** What a tool answered: decoded JSON, or the text. */
export function toolResponse(message: ChatMessage): Json {
  const text = messageText(message);
  return text === null ? null : decodeJson(text);
}

/** The readable text of one chat message; null when it has none. */
export function messageText(message: ChatMessage): string | null {
  return partsText(message.content);
}

/** The text parts of messages, joined by blank lines; null when there are none. */
export function messagesText(messages: readonly Message[]): string | null {
  return partsText(messages.flatMap(({ parts }) => parts));
}

function partsText(parts: readonly MessagePart[]): string | null {
  const texts = parts.flatMap((part) =>
    part.type === "text" && typeof part["content"] === "string" && part["content"] !== "" ? [part["content"]] : []
  );
  return texts.length === 0 ? null : texts.join("\n\n");
}
