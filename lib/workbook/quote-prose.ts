import { cutLine } from "../model/one-line.ts";

/**
 * Somebody's words within a line of Markdown: one line, at most so many characters, with everything escaped that would
 * be a mark, a link or a picture there.
 */
export function quoteProse(text: string, limit: number): string {
  return cutLine(text.slice(0, 8 * limit), limit)
    .replaceAll(/[\\`*_[\]<>|~&@]/g, "\\$&")
    .replaceAll("://", ":\\//")
    .replaceAll(/www\./gi, (found) => `${found.slice(0, 3)}\\.`);
}
