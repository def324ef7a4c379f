import type { Span } from "../model/span.ts";

/** Spans below an agent's span are that agent's work; all spans of a trace share its conversation. */
export function fillAgents(spans: readonly Span[]): Span[] {
  const sessions = new Map<string, string>();
  for (const span of spans)
    if (span.sessionId !== null && !sessions.has(span.traceId)) sessions.set(span.traceId, span.sessionId);
  // In most batches every span names its agent.
  const asks = spans.some(({ agent, parentSpanId }) => agent === null && parentSpanId !== null);
  const byId = new Map(asks ? spans.map((span) => [keyOf(span.traceId, span.spanId), span]) : []);
  return spans.map((span) => {
    const named = span.agent === null ? findAbove(span, byId) : undefined;
    const sessionId = span.sessionId ?? sessions.get(span.traceId) ?? null;
    if (!named && sessionId === span.sessionId) return span;
    const agentVersion = span.agentVersion ?? named?.agentVersion ?? null;
    return { ...span, sessionId, ...(named ? { agent: named.agent, agentVersion } : {}) };
  });
}

const keyOf = (traceId: string, spanId: string): string => `${traceId}/${spanId}`;

/** The nearest span above one that names an agent. */
function findAbove(span: Span, byId: ReadonlyMap<string, Span>): Span | undefined {
  const seen = new Set<string>();
  let above: Span | undefined = span;
  while (above && above.agent === null && above.parentSpanId !== null && !seen.has(above.spanId)) {
    seen.add(above.spanId);
    above = byId.get(keyOf(span.traceId, above.parentSpanId));
  }
  return above?.agent ? above : undefined;
}

/** Sources that know no agents: there the first step of a trace is called after what was deployed. */
const namedByRoot = new Set(["langfuse", "langsmith", "braintrust"]);

/** Spans that no agent stands above, in sources that know none, get the name of their trace's root. */
export function fillAgentsByRoot(spans: readonly Span[]): Span[] {
  const roots = new Map(
    spans.flatMap((span) =>
      span.parentSpanId === null && namedByRoot.has(span.source) ? [[span.traceId, span] as const] : []
    )
  );
  return spans.map((span) => {
    const root = span.agent === null && namedByRoot.has(span.source) ? roots.get(span.traceId) : undefined;
    return root ? { ...span, agent: root.agent ?? (root.name || null) } : span;
  });
}
