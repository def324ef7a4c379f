import type { Json, Span } from "../model/span.ts";
import { deriveId, unknownSpan } from "./run-spans.ts";

/** Says of a span that no row of the table is it: it holds those of its trace together. */
export const madeOfRows = "tracebook.made_of_rows";

/**
 * Puts a span above the rows of a table that share a trace and name no parent, where there are several: from the
 * first row's beginning to the last one's end, given what the first was given, answering what the last answered.
 *
 * @param spans  of any sources; only those of tables are looked at
 * @param known  roots that were made before of rows of the same traces; those of now are noted there
 * @returns the spans, the roots before them
 */
export function addTableRoots(spans: readonly Span[], known: Map<string, Span> = new Map()): readonly Span[] {
  const loose = spans.filter(({ source, parentSpanId }) => source === "columns" && parentSpanId === null);
  const parents = new Map<string, string>();
  const roots: Span[] = [];
  for (const [traceId, rows] of Map.groupBy(loose, (span) => span.traceId)) {
    const before = known.get(traceId);
    if (rows.length < 2 && !before) continue;
    const root = buildRoot(before ? [before, ...rows] : rows);
    known.set(traceId, root);
    parents.set(traceId, root.spanId);
    roots.push(root);
  }
  if (roots.length === 0) return spans;
  return [
    ...roots,
    ...spans.map((span) => {
      const isLoose = span.source === "columns" && span.parentSpanId === null;
      const root = isLoose ? parents.get(span.traceId) : undefined;
      return root === undefined ? span : { ...span, parentSpanId: root };
    })
  ];
}

function buildRoot(rows: readonly Span[]): Span {
  const inOrder = rows.toSorted((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0));
  const first = inOrder[0]!;
  const asked = inOrder.find(({ input }) => input !== null);
  const answered = inOrder.findLast(({ output }) => output !== null);
  const ends = rows.map(({ startNs, endNs }) => (endNs > startNs ? endNs : startNs));
  return {
    ...unknownSpan,
    traceId: first.traceId,
    spanId: deriveId(`${first.traceId}/rows`, 16),
    name: first.agent ?? first.name,
    kind: "agent",
    startNs: first.startNs,
    endNs: ends.reduce((last, end) => (end > last ? end : last)),
    timeSource: rows.every(({ timeSource }) => timeSource === "reported") ? "reported" : "synthesised",
    status: rows.some(({ status }) => status === "error") ? "error" : "unset",
    businessUnit: first.businessUnit,
    environment: first.environment,
    agent: inOrder.find(({ agent }) => agent !== null)?.agent ?? null,
    sessionId: inOrder.find(({ sessionId }) => sessionId !== null)?.sessionId ?? null,
    userId: inOrder.find(({ userId }) => userId !== null)?.userId ?? null,
    input: asked?.input ?? null,
    inputText: asked?.inputText ?? null,
    output: answered?.output ?? null,
    outputText: answered?.outputText ?? null,
    attributes: { [madeOfRows]: true } satisfies Record<string, Json>,
    source: "columns"
  };
}
