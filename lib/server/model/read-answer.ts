import type { Json } from "#lib/model/span.ts";
import { schemaFaults } from "#lib/scoring/schema-faults.ts";

/** An answer as a value, or what is wrong with it in one clause. */
export type ReadAnswer =
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "wrong"; readonly fault: string };

/**
 * Reads what a model said. Thoughts before the answer and a fence around it are taken off; of an answer with words
 * around it the object is taken when there is exactly one.
 */
export function readAnswer(said: string, schema: Json): ReadAnswer {
  const text = said
    .replace(/^\s*<think>[\s\S]*?<\/think>/, "")
    .trim()
    .replace(/^```(?:json)?\s*\n([\s\S]*?)\n?```$/, "$1");
  if (text === "") return { kind: "wrong", fault: "the answer is empty" };
  const values = parse(text) ?? listObjects(text);
  const [value, ...others] = values;
  if (value === undefined) return { kind: "wrong", fault: "the answer is not JSON" };
  if (others.length > 0) return { kind: "wrong", fault: `the answer holds ${values.length} JSON objects, not one` };
  const [fault] = schemaFaults(value, schema);
  return fault === undefined ? { kind: "value", value } : { kind: "wrong", fault };
}

function parse(text: string): readonly Json[] | undefined {
  try {
    return [JSON.parse(text) as Json];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The outermost `{…}` of a text that are JSON. */
function listObjects(text: string): readonly Json[] {
  const found: Json[] = [];
  for (let start = text.indexOf("{"); start >= 0; start = text.indexOf("{", start)) {
    const end = endOfObject(text, start);
    const value = end === undefined ? undefined : parse(text.slice(start, end));
    if (value) found.push(...value);
    start = value && end !== undefined ? end : start + 1;
    if (end === undefined) break;
  }
  return found;
}

/** Behind the brace that closes the one at `start`; undefined where none does. */
function endOfObject(text: string, start: number): number | undefined {
  let [depth, isQuoted] = [0, false];
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (isQuoted) {
      if (sign === "\\") at++;
      else if (sign === '"') isQuoted = false;
    } else if (sign === '"') isQuoted = true;
    else if (sign === "{") depth++;
    else if (sign === "}" && --depth === 0) return at + 1;
  }
  return undefined;
}
