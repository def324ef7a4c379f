import type { Json } from "../model/span.ts";
import { parseLoosely } from "./run-spans.ts";

/** Values within values; what is deeper is an attack on the stack of whoever writes it out, and stays a text. */
const depthLimit = 500;

/** What may be a list, an object or a text in JSON; a bare number or word in a text is text. */
const mayBeEncoded = /^\s*[[{"]/;

/** JSON in a text is decoded, also where it was encoded twice; a text that is none stays as it is. */
export function decodeJson(value: Json): Json {
  if (typeof value !== "string" || !mayBeEncoded.test(value) || isDeep(value)) return value;
  const once = parseLoosely(value);
  // Only lists and objects were encoded on purpose.
  if (typeof once === "string") return once === value ? value : keepStructure(parseLoosely(once), once);
  return keepStructure(once, value);
}

function keepStructure(parsed: Json, text: string): Json {
  return typeof parsed === "object" && parsed !== null ? parsed : text;
}

/** Brackets within texts are counted too: rather a text too many than a value too deep. */
function isDeep(text: string): boolean {
  // Few texts have so many brackets at all, and those are found without a look at every character.
  if (!hasMore(text, "[", depthLimit / 2) && !hasMore(text, "{", depthLimit / 2)) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > depthLimit) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** Whether a character comes more than `count` times. */
function hasMore(text: string, character: string, count: number): boolean {
  let at = text.indexOf(character);
  for (let found = 0; at >= 0; found += 1) {
    if (found === count) return true;
    at = text.indexOf(character, at + 1);
  }
  return false;
}
