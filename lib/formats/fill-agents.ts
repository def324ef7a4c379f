import type { Span } from "../model/span.ts";

/** Spans below an agent's span are that agent's work; all spans of a trace share its conversation. */
export function fillAgents(spans: readonly Span[]): Span[] {
  const byId = new Map(spans.map((span) => [`${span.traceId}/${span.spanId}`, span]));
  const sessions = new Map<string, string>();
  for (const span of spans)
    if (span.sessionId !== null && !sessions.has(span.traceId)) sessions.set(span.traceId, span.sessionId);
  return spans.map((span) => {
    const filled = { ...span, sessionId: span.sessionId ?? sessions.get(span.traceId) ?? null };
    const seen = new Set<string>();
    let above: Span | undefined = span;
    while (above && above.agent === null && above.parentSpanId !== null && !seen.has(above.spanId)) {
      seen.add(above.spanId);
      above = byId.get(`${span.traceId}/${above.parentSpanId}`);
    }
    return above?.agent
      ? { ...filled, agent: above.agent, agentVersion: filled.agentVersion ?? above.agentVersion }
      : filled;
  });
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
