import type { Json } from "../model/span.ts";
import { parseLoosely } from "./run-spans.ts";

/** JSON in a text is decoded, also where it was encoded twice; a text that is none stays as it is. */
export function decodeJson(value: Json): Json {
  if (typeof value !== "string") return value;
  const once = parseLoosely(value);
  // A bare number or word in a text is text: only lists and objects were encoded on purpose.
  if (typeof once === "string") return once === value ? value : keepStructure(parseLoosely(once), once);
  return keepStructure(once, value);
}

function keepStructure(parsed: Json, text: string): Json {
  return typeof parsed === "object" && parsed !== null ? parsed : text;
}
