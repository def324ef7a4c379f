import type { Json } from "../model/span.ts";

/** What somebody said of a trace, by OpenInference's names. */
export interface SaidOfTrace {
  readonly name: string;
  readonly label: string | null;
  readonly score: number | null;
  readonly explanation: string;
  /** Who said it. */
  readonly identifier: string;
  readonly metadata: Json;
}

/**
 * What people said of a trace as attributes: `trace.annotations.{i}.annotation.…`, with metadata as JSON text.
 *
 * @see OpenInference semantic conventions, annotations
 */
export function formatTraceAnnotations(said: readonly SaidOfTrace[]): Readonly<Record<string, string | number>> {
  const attributes: Record<string, string | number> = {};
  said.forEach(({ name, label, score, explanation, identifier, metadata }, at) => {
    const set = (part: string, value: string | number | null) => {
      if (value !== null && value !== "") attributes[`trace.annotations.${at}.annotation.${part}`] = value;
    };
    set("name", name);
    set("label", label);
    set("score", score);
    set("explanation", explanation);
    set("annotator_kind", "HUMAN");
    set("identifier", identifier);
    set("metadata", JSON.stringify(metadata));
  });
  return attributes;
}
