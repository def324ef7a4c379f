import { type MaskField, maskMark, parseMaskField, type UnitMask } from "../model/mask.ts";
import { once } from "./mask-text.ts";
import { quoteName, quoteText } from "./quote.ts";

/** SQL of JSON that stands for all that a column of JSON held. */
const wholeOf: Readonly<Record<string, string>> = {
  attributes: `'{"${maskMark}":"${maskMark}"}'`,
  resource: `'{"${maskMark}":"${maskMark}"}'`,
  events: `'["${maskMark}"]'`,
  links: `'["${maskMark}"]'`
};
const jsonMark = `'"${maskMark}"'`;
const textMark = `'${maskMark}'`;

/** Columns of JSON that rules name. */
const jsonColumns = ["attributes", "resource", "events", "links", "input", "output", "tool_args", "tool_result"];
const otherJson = ["system_instructions", "tool_definitions"];

/** What of a span tells the same as a column: its readable text; what a tool was given is its input, too. */
const copiesOf: Readonly<Record<string, { readonly json: readonly string[]; readonly text: string }>> = {
  input: { json: [], text: "input_text" },
  output: { json: [], text: "output_text" },
  tool_args: { json: ["input"], text: "input_text" },
  tool_result: { json: ["output"], text: "output_text" }
};

/** SQL of a hidden name of a person or a session: other names stay other names, and none can be guessed. */
export function hidePerson({ salt }: UnitMask, name: string): string {
  return `${textMark} || left(sha256(${quoteText(salt)} || ${name}), 8)`;
}

/** Keys as they lie one in the other, and as one key with dots, the way that instruments send them. */
function waysTo(keys: readonly string[]): readonly (readonly string[])[] {
  return keys.length === 1 ? [keys] : [keys, [keys.join(".")]];
}

const pathTo = (keys: readonly string[]): string => quoteText(`$${keys.map((key) => `."${key}"`).join("")}`);

function hideKey(json: string, keys: readonly string[]): string {
  return waysTo(keys).reduce((hidden, way) => {
    const patch = JSON.stringify(way.reduceRight<unknown>((inner, key) => ({ [key]: inner }), maskMark));
    return once(
      hidden,
      "f",
      `case when json_exists(f, ${pathTo(way)}) then json_merge_patch(f, ${quoteText(patch)})::varchar else f end`
    );
  }, json);
}

const holdsKey = (json: string, keys: readonly string[]): string =>
  `(${waysTo(keys)
    .map((way) => `coalesce(json_exists(${json}, ${pathTo(way)}), false)`)
    .join(" or ")})`;

/**
 * What becomes of the columns of a span for some fields that are hidden.
 *
 * @param at    SQL of a column as it is
 * @param mark  SQL of the mark, as a column of text holds it
 * @returns SQL by column, of those that change
 */
export function hideInSpan(
  fields: readonly MaskField[],
  mask: UnitMask | null,
  at: (column: string) => string,
  mark: typeof textMark | typeof jsonMark = textMark
): ReadonlyMap<string, string> {
  const hidden = new Map<string, string>();
  const now = (column: string) => hidden.get(column) ?? at(column);
  const hide = (column: string, by: string, when = "true") =>
    hidden.set(column, `case when ${at(column)} is not null and ${when} then ${by} else ${now(column)} end`);
  for (const { column, keys } of fields) {
    const copies = copiesOf[column] ?? { json: [], text: null };
    const isThere = keys.length === 0 ? `${at(column)} is not null` : holdsKey(at(column), keys);
    for (const json of [column, ...copies.json]) {
      if (keys.length > 0) hidden.set(json, hideKey(now(json), keys));
      else hide(json, markOf(json, mask, at, mark), isThere);
    }
    // The text of what came in may be all that there is of it.
    if (copies.text !== null) hide(copies.text, mark, copies.json.length === 0 ? "true" : isThere);
  }
  return hidden;
}

function markOf(column: string, mask: UnitMask | null, at: (column: string) => string, mark: string): string {
  if (column === "retrieved_docs") {
    return mark === jsonMark
      ? `'[{"id":null,"content":"${maskMark}","score":null,"metadata":null}]'`
      : `[{'id': null::varchar, 'content': ${textMark}, 'score': null::double, 'metadata': null::varchar}]`;
  }
  if (mask && (column === "user_id" || column === "session_id")) return hidePerson(mask, at(column));
  return wholeOf[column] ?? (jsonColumns.includes(column) || otherJson.includes(column) ? jsonMark : mark);
}

/** SELECT of a table's rows without the fields that the unit hides. */
export function hideFields(table: string, mask: UnitMask, rows: string): string {
  const fields = mask.rules.fields.map(parseMaskField);
  if (fields.length === 0) return rows;
  const hidden = table === "spans" ? hideInSpan(fields, mask, quoteName) : hideInPart(table, fields, mask);
  if (hidden.size === 0) return rows;
  return `select * replace (${[...hidden].map(([column, sql]) => `${sql} as ${quoteName(column)}`).join(", ")}) from (${rows})`;
}

/** What becomes of the columns of a trace; its spans are hidden one by one, elsewhere. */
function hideInPart(table: string, fields: readonly MaskField[], mask: UnitMask): ReadonlyMap<string, string> {
  if (table !== "first_parts" && table !== "trace_parts") return new Map();
  const hidden = new Map(
    hideInSpan(
      fields.filter(({ column }) => ["name", "agent", "user_id", "session_id"].includes(column)),
      mask,
      quoteName
    )
  );
  for (const [column, tool] of [
    ["input", "tool_args"],
    ["output", "tool_result"]
  ] as const) {
    const isHidden = fields.some((field) => field.column === column);
    // What a trace without a model was asked or answered may be what its tools were or did.
    const mayBeTool = fields.some((field) => field.column === tool) ? "coalesce(llm_calls, 0) = 0" : "false";
    if (!isHidden && mayBeTool === "false") continue;
    hidden.set(
      column,
      `case when "${column}" is not null and ${isHidden ? "true" : mayBeTool} then ${textMark} else "${column}" end`
    );
  }
  return hidden;
}
