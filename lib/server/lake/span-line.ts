import { hash } from "node:crypto";
import type { Span } from "#lib/model/span.ts";
import { formatSpanRow } from "#lib/sql/span-columns.ts";

/** What a line says of a span, but for when and in what order it came. */
export interface SpanLine {
  /** Members of the line's object, without its brackets. */
  readonly members: string;
  /** SHA-256 of all that the lake keeps of the span, hex: equal means the same span again. */
  readonly digest: string;
}

/** The line of a span. The readable texts follow from what they are read from, and would double what is digested. */
export function spanLine(span: Span): SpanLine {
  const row = formatSpanRow(span);
  const texts: Record<string, unknown> = {};
  for (const side of ["input", "output"] as const) {
    if (row[side] === undefined) continue;
    texts[`${side}_text`] = row[`${side}_text`];
    row[`${side}_text`] = undefined;
  }
  const digested = formatLine(row);
  const more = formatLine(texts).slice(1, -1);
  return { members: `${digested.slice(1, -1)}${more && ","}${more}`, digest: hash("sha256", digested) };
}

/**
 * A row as a line of a batch. Half of a character, such as a text has that was cut in the middle of an emoji,
 * makes a file unreadable for the engine: it becomes U+FFFD. In columns that hold JSON it is an escape, and stays.
 */
export function formatLine(row: object): string {
  const line = JSON.stringify(row);
  // Halves are written as `\udxxx`; what else contains that is merely written twice.
  if (!line.includes("\\ud")) return line;
  return JSON.stringify(row, (_, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}
