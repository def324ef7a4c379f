import { hash } from "node:crypto";
import type { Span } from "#lib/model/span.ts";
import { formatScorerSpan } from "#lib/sql/scorer-span.ts";
import { formatSpanRow } from "#lib/sql/span-columns.ts";

/** What a span's own line says, but for when and in what order it came. */
export interface SpanLine {
  /** Members of the line's object, without its brackets. */
  readonly members: string;
  /** SHA-256 of all that the lake keeps of the span, hex: equal means the same span again. */
  readonly digest: string;
}

/** What was made ahead; it goes with its span. */
const prepared = new WeakMap<Span, SpanLine & { readonly document: string }>();

/** Makes what the lines of a batch say of spans before it is asked for. */
export function prepareLines(spans: readonly Span[]): void {
  for (const span of spans) prepared.set(span, { ...buildLine(span), document: buildDocument(span) });
}

/** The line of a span, made now if it was not made ahead. */
export function spanLine(span: Span): SpanLine {
  return prepared.get(span) ?? buildLine(span);
}

/** The span as scorers read it, as it stands within a text of its trace's line. */
export function spanDocument(span: Span): string {
  return prepared.get(span)?.document ?? buildDocument(span);
}

function buildDocument(span: Span): string {
  return formatLine(formatScorerSpan(span)).slice(1, -1);
}

/** The readable texts follow from what they are read from, and would double what is digested. */
function buildLine(span: Span): SpanLine {
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
 * A row, or a text of one, as a line of a batch has it. Half of a character, such as a text has that was cut in the middle of an emoji,
 * makes a file unreadable for the engine: it becomes U+FFFD. In columns that hold JSON it is an escape, and stays.
 */
export function formatLine(row: object | string): string {
  const line = JSON.stringify(row);
  // Halves are written as `\udxxx`; what else contains that is merely written twice.
  if (!line.includes("\\ud")) return line;
  return JSON.stringify(row, (_, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}
