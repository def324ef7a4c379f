import { isMap, parseDocument as parseYaml } from "yaml";
import { isFault } from "../model/fault.ts";
import { parseDocument } from "./document.ts";

/**
 * A workbook's text for a copy: under another title, and without its schedule, which is its owner's. What cannot be
 * read stays as it is.
 */
export function copyText(text: string, title: string): string {
  const front = findFront(text);
  if (front === null) return text;
  const rest = text.slice(text.indexOf(front) + front.length);
  if (front === "") return `---\ntitle: ${JSON.stringify(title)}\n---\n${text}`;
  const document = parseYaml(front.replace(/^---[^\n]*\n/, "").replace(/^---\s*$/m, ""));
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  document.set("title", title);
  document.delete("schedule");
  return `---\n${document.toString({ lineWidth: 0 })}---\n${rest}`;
}

/** Front matter with its fences, empty where there is none, null where the text cannot be taken apart. */
function findFront(text: string): string | null {
  try {
    return parseDocument(text).front;
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}
