import type { Json } from "../../model/span.ts";
import { decodeJson } from "../decode-json.ts";
import { isFields } from "../fields.ts";
import { at, count, instructions, json, onlyMessages, text } from "./decoders.ts";
import type { Decoder, Rule } from "./rule.ts";

/** ADK writes an empty object where a call was no tool's or no model's. */
const filled =
  (decode: Decoder): Decoder =>
  (value, span) => {
    const decoded = decodeJson(value);
    return isFields(decoded) && Object.keys(decoded).length === 0 ? undefined : decode(decoded, span);
  };

/** Tools of a request: lists of functions within lists of tools. */
const functionDeclarations: Decoder = (tools) => {
  if (!Array.isArray(tools)) return undefined;
  return tools.flatMap((tool: unknown) =>
    isFields(tool) && Array.isArray(tool.function_declarations) ? (tool.function_declarations as unknown[]) : [tool]
  );
};

/** Gemini counts thoughts apart from the answer; where the total says otherwise, it does not. */
const answered: Decoder = (usage, span) => {
  if (!isFields(usage)) return undefined;
  const [said, thought, asked, total] = ["candidates", "thoughts", "prompt", "total"].map(
    (name) => count((usage[`${name}_token_count`] ?? null) as Json, span) as number | undefined
  );
  if (said === undefined) return thought;
  return total === (asked ?? 0) + said ? said : said + (thought ?? 0);
};

const request = "gcp.vertex.agent.llm_request";
const response = "gcp.vertex.agent.llm_response";

/** Google's Agent Development Kit: the request to the model and its answer, each whole in one attribute. */
export const googleAdkRules: readonly Rule[] = [
  ["sessionId", ["gcp.vertex.agent.session_id"], text],
  ["systemInstructions", [request], at(["config", "system_instruction"], instructions), "keep"],
  ["toolDefinitions", [request], at(["config", "tools"], functionDeclarations), "keep"],
  ["input", [request], at(["contents"], onlyMessages("input")), "keep"],
  ["output", [response], at(["content"], onlyMessages("output")), "keep"],
  ["model", [response], at(["model_version"], text), "keep"],
  ["inputTokens", [response], at(["usage_metadata", "prompt_token_count"], count), "keep"],
  ["outputTokens", [response], at(["usage_metadata"], answered), "keep"],
  ["cacheReadTokens", [response], at(["usage_metadata", "cached_content_token_count"], count), "keep"],
  ["reasoningTokens", [response], at(["usage_metadata", "thoughts_token_count"], count), "keep"],
  ["toolArgs", ["gcp.vertex.agent.tool_call_args"], json],
  ["toolResult", ["gcp.vertex.agent.tool_response"], filled(json)],
  ["input", ["gcp.vertex.agent.data"], filled(onlyMessages("input"))]
];
