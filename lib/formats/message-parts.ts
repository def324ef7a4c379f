import type { Json, MessagePart } from "../model/span.ts";
import { decodeJson } from "./decode-json.ts";
import { isFields } from "./fields.ts";

type JsonFields = { readonly [key: string]: Json };

/** The first field of several names that holds anything. */
export function firstOf(fields: JsonFields, names: readonly string[]): Json {
  for (const name of names) {
    const value = fields[name];
    if (value !== undefined && value !== null) return value;
  }
  return null;
}

/** All fields but some. */
export function without(fields: JsonFields, names: readonly string[]): { [key: string]: Json } {
  // In most parts and messages nothing is left.
  const left = Object.keys(fields).filter((name) => !names.includes(name));
  return left.length === 0 ? {} : Object.fromEntries(left.map((name) => [name, fields[name]!]));
}

const callIds = ["id", "call_id", "tool_call_id", "toolCallId"];
const callNames = ["name", "toolName", "tool_name"];
const callArguments = ["arguments", "args", "input"];
const answerIds = ["tool_call_id", "call_id", "toolCallId", "tool_use_id", "id"];
const answerBodies = ["response", "result", "output", "content"];
const textBodies = ["content", "text", "thinking", "reasoning"];

/** A call of a tool in any of the forms that models and their clients have for it; other fields are kept. */
export function readToolCall(call: JsonFields): MessagePart {
  const inner = isFields(call.function) ? (call.function as JsonFields) : {};
  const known = [...callIds, ...callNames, ...callArguments, "type", "function"];
  return {
    ...without(call, known),
    ...without(inner, ["name", "arguments"]),
    type: "tool_call",
    id: firstOf(call, callIds),
    name: firstOf({ ...call, ...inner }, callNames),
    arguments: decodeJson(firstOf({ ...call, ...inner }, callArguments))
  };
}

/** What a tool answered. */
export function readToolAnswer(answer: JsonFields): MessagePart {
  return {
    ...without(answer, [...answerIds, ...answerBodies, "type"]),
    type: "tool_call_response",
    id: firstOf(answer, answerIds),
    response: decodeJson(firstOf(answer, answerBodies))
  };
}

function readWords(type: "text" | "reasoning", part: JsonFields): MessagePart {
  const words = firstOf(part, textBodies);
  return {
    ...without(part, [...textBodies, "type"]),
    type,
    content: typeof words === "string" ? words : JSON.stringify(words ?? "")
  };
}

/** Kinds of parts, under the names that OpenTelemetry, OpenAI, Anthropic, Vercel and LangChain give them. */
const readers: Readonly<Record<string, (part: JsonFields) => MessagePart>> = {
  text: (part) => readWords("text", part),
  input_text: (part) => readWords("text", part),
  output_text: (part) => readWords("text", part),
  reasoning: (part) => readWords("reasoning", part),
  thinking: (part) => readWords("reasoning", part),
  tool_call: readToolCall,
  tool_use: readToolCall,
  "tool-call": readToolCall,
  function_call: readToolCall,
  tool_call_response: readToolAnswer,
  tool_result: readToolAnswer,
  "tool-result": readToolAnswer,
  function_call_output: readToolAnswer
};

/** True for a part that calls a tool or answers a call, which may stand without a message around it. */
export function isToolPart(part: JsonFields): boolean {
  const reader = typeof part.type === "string" ? readers[part.type] : undefined;
  return reader === readToolCall || reader === readToolAnswer || ("toolCallId" in part && "toolName" in part);
}

/** One part of a message. What is not known is kept as it came, under its own type or `unknown`. */
export function readPart(value: Json): MessagePart {
  if (typeof value === "string") return { type: "text", content: value };
  if (!isFields(value)) return { type: "unknown", value };
  const part = value as JsonFields;
  // OpenInference wraps each part once more.
  if (isFields(part.message_content)) return readPart(part.message_content as Json);
  if (typeof part.type === "string") {
    const reader = readers[part.type];
    return reader ? reader(part) : { ...part, type: part.type };
  }
  // Gemini's parts have no type: the field that is there tells.
  const call = firstOf(part, ["function_call", "functionCall"]);
  if (isFields(call)) return readToolCall(call as JsonFields);
  const answer = firstOf(part, ["function_response", "functionResponse"]);
  if (isFields(answer)) return readToolAnswer(answer as JsonFields);
  if ("toolCallId" in part && "toolName" in part)
    return "result" in part || "output" in part ? readToolAnswer(part) : readToolCall(part);
  if (typeof part.text === "string") return readWords(part.thought === true ? "reasoning" : "text", part);
  return { ...part, type: "unknown" };
}

/** The parts of a message's content, which may be a text, one part or a list of parts. */
export function readParts(content: Json): MessagePart[] {
  if (content === null || content === "") return [];
  return Array.isArray(content) ? (content as readonly Json[]).map(readPart) : [readPart(content)];
}
