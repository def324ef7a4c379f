import type { Json } from "../model/span.ts";
import {
  asJson,
  contentText,
  countAt,
  type Fields,
  fieldsAt,
  isFields,
  listAt,
  numberAt,
  parseInstantNs,
  textAt
} from "./fields.ts";
import { readParts } from "./message-parts.ts";
import { type ChatCall, type ChatTurn, parseLoosely } from "./run-spans.ts";

const roles = new Set(["system", "user", "assistant", "tool"]);

/**
 * A message in OpenAI's chat form (tau-bench) or in tau2's, which adds time, usage and cost.
 *
 * @returns null for what is no message; tools named by `function` messages count as tool messages
 */
export function parseChatMessage(value: unknown): ChatTurn | null {
  if (!isFields(value)) return null;
  const role = value.role === "function" ? "tool" : value.role === "developer" ? "system" : value.role;
  if (typeof role !== "string" || !roles.has(role)) return null;
  const usage = fieldsAt(value, "usage");
  const raw = fieldsAt(value, "raw_data");
  const [choice] = listAt(raw, "choices");
  return {
    role: role as ChatTurn["role"],
    text: contentText(value.content),
    ...(Array.isArray(value.content) && role !== "tool" ? { parts: readParts(asJson(value.content)) } : {}),
    calls: listAt(value, "tool_calls").flatMap((call) => parseCall(call, role)),
    answersCall: role === "tool" ? (textAt(value, "tool_call_id") ?? textAt(value, "id")) : null,
    isError: value.error === true,
    atNs: parseInstantNs(textAt(value, "timestamp")),
    inputTokens: role === "assistant" ? countAt(usage, "prompt_tokens") : null,
    outputTokens: role === "assistant" ? countAt(usage, "completion_tokens") : null,
    costUsd: role === "assistant" ? numberAt(value, "cost") : null,
    model: textAt(raw, "model"),
    responseId: role === "assistant" ? textAt(raw, "id") : null,
    finishReason: isFields(choice) ? textAt(choice, "finish_reason") : null
  };
}

function parseCall(value: unknown, role: string): ChatCall[] {
  if (!isFields(value)) return [];
  const inner: Fields = isFields(value.function) ? value.function : value;
  const name = textAt(inner, "name");
  if (name === null) return [];
  const args = inner.arguments;
  const parsed: Json = typeof args === "string" ? parseLoosely(args) : asJson(args);
  return [{ id: textAt(value, "id"), name, args: parsed, requestor: textAt(value, "requestor") ?? role }];
}
