import { isMap, parseDocument } from "yaml";

const line = /^(min_cluster_size[ \t]*:[ \t]*)(?:[^#\r\n]*?)([ \t]*(?:#[^\r\n]*)?)$/m;

/** The text of a map cell with another smallest cluster; all else as it was. */
export function withClusterSize(text: string, size: number): string {
  if (line.test(text)) return text.replace(line, (_, key: string, rest: string) => `${key.trimEnd()} ${size}${rest}`);
  const document = parseDocument(text);
  // A mapping in braces has no lines of its own.
  if (isMap(document.contents) && document.contents.flow) {
    document.set("min_cluster_size", size);
    return document.toString();
  }
  const ending = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || /\n$/.test(text) ? "" : ending;
  return `${text}${gap}min_cluster_size: ${size}${/\n$/.test(text) || text === "" ? ending : ""}`;
}
