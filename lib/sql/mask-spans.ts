import { type MaskRules, maskMark, parseMaskField } from "../model/mask.ts";
import { hideInSpan } from "./mask-fields.ts";
import { maskEach, mayHoldAny, once } from "./mask-text.ts";
import { quoteText } from "./quote.ts";
import { spanColumns } from "./span-columns.ts";

/** Keys of a span as scorers get it (scorer-span.ts), in order; of those with `true` the value tells what people wrote. */
export const scorerSpanKeys: Readonly<Record<string, boolean>> = {
  id: false,
  parentId: false,
  name: true,
  kind: false,
  startedAt: false,
  durationMs: false,
  status: false,
  statusMessage: true,
  errorType: true,
  model: true,
  input: true,
  output: true,
  inputText: true,
  outputText: true,
  toolName: true,
  toolCallId: true,
  toolArgs: true,
  toolResult: true,
  toolDefinitions: true,
  systemInstructions: true,
  retrievalQuery: true,
  documents: true,
  usage: false,
  costUsd: false,
  attributes: true
};

const shape = JSON.stringify([Object.fromEntries(Object.keys(scorerSpanKeys).map((key) => [key, "JSON"]))]);

/** The column of `spans` that a key of a scorer's span comes from. */
const columnOf = (key: string): string =>
  key === "documents" ? "retrieved_docs" : (spanColumns.find(({ field }) => field === key)?.name ?? key);

/**
 * SQL of the spans of a trace as scorers get them, as their unit shows them; spans that cannot be read are left out.
 *
 * @param spans  SQL of objects of JSON with commas between them
 */
export function maskSpans(rules: MaskRules, spans: string): string {
  const keys = Object.keys(scorerSpanKeys);
  const at = (column: string) => {
    const key = keys.find((each) => columnOf(each) === column);
    return key === undefined ? "null::varchar" : `nullif(s."${key}"::varchar, 'null')`;
  };
  const fields = hideInSpan(rules.fields.map(parseMaskField), null, at, `'"${maskMark}"'`);
  const masked = keys.filter((key) => scorerSpanKeys[key]);
  const values = masked.map((key) => fields.get(columnOf(key)) ?? `s."${key}"::varchar`);
  const shown = once(`[${values.join(", ")}]`, "v", maskEach(rules, "v", "json"));
  const members = keys.map((key) => {
    const value = scorerSpanKeys[key] ? `m[${masked.indexOf(key) + 1}]` : `s."${key}"::varchar`;
    return `'"${key}":' || coalesce(${value}, 'null')`;
  });
  const each = `list_transform([${shown}], lambda m: '{' || ${members.join(" || ',' || ")} || '}')[1]`;
  const read = `'[' || ${spans} || ']'`;
  const parsed = `case when json_valid(${read}) then from_json(${read}, '${shape}') end`;
  const named = rules.fields.map(parseMaskField).map(({ column, keys }) => {
    if (!masked.some((key) => columnOf(key) === column)) return "false";
    return keys.length === 0 ? `${spans} is not null` : `contains(${spans}, ${quoteText(keys.at(-1)!)})`;
  });
  const isNamed = named.length === 0 ? "false" : `(${named.join(" or ")})`;
  // Numbers and ids of spans look like much that is hidden, so only what can tell something is looked at then.
  const told = `concat_ws(chr(10), ${masked.map((key) => `s."${key}"::varchar`).join(", ")})`;
  const isTold = `coalesce(list_bool_or(list_transform(q, lambda s: ${mayHoldAny(rules, told)})), true)`;
  const rebuilt = `coalesce(array_to_string(list_transform(q, lambda s: ${each}), ','), '')`;
  return `case when ${mayHoldAny(rules, spans)} or ${isNamed} then ${once(parsed, "q", `case when ${isNamed} or ${isTold} then ${rebuilt} else ${spans} end`)} else ${spans} end`;
}
