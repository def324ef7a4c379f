import type { SpanHead } from "../wire/traces.ts";

/** Spans whose name, tool, model or kind holds the words, letter case aside; all of them where nothing is asked. */
export function spansWith(spans: readonly SpanHead[], words: string): readonly SpanHead[] {
  const asked = words.trim().toLowerCase();
  if (asked === "") return spans;
  return spans.filter((span) =>
    `${span.name} ${span.toolName ?? ""} ${span.model ?? ""} ${span.kind}`.toLowerCase().includes(asked)
  );
}
