import type { SpanDocument, TraceDocument } from "#lib/model/trace-document.ts";
import type { SandboxTrace } from "#lib/ports/sandbox.ts";

/** A trace document where only what a test is about is given; the rest is null, spans a second apart. */
export function completeTrace(
  given: Omit<Partial<TraceDocument>, "spans"> & { readonly spans: readonly Partial<SpanDocument>[] }
): TraceDocument {
  return {
    id: "0af7651916cd43dd8448eb211c80319c",
    businessUnit: "support",
    name: "request",
    agent: null,
    agentVersion: null,
    sessionId: null,
    startedAt: "2025-01-01T00:00:00.000Z",
    durationMs: 1000,
    status: "ok",
    ...given,
    spans: given.spans.map((span, index) => ({
      id: `b7ad6b71692033${String(index).padStart(2, "0")}`,
      parentId: null,
      name: span.toolName ?? span.kind ?? "step",
      kind: "other",
      startedAt: `2025-01-01T00:00:${String(index).padStart(2, "0")}.000Z`,
      durationMs: 10,
      status: "ok",
      statusMessage: null,
      errorType: null,
      model: null,
      input: null,
      output: null,
      inputText: null,
      outputText: null,
      toolName: null,
      toolCallId: null,
      toolArgs: null,
      toolResult: null,
      toolDefinitions: null,
      systemInstructions: null,
      retrievalQuery: null,
      documents: null,
      usage: {
        inputTokens: null,
        outputTokens: null,
        cacheReadTokens: null,
        cacheWriteTokens: null,
        reasoningTokens: null
      },
      costUsd: null,
      attributes: {},
      ...span
    }))
  };
}

/** Traces as the lake hands them over, some at a time. */
export async function* asTraces(
  texts: readonly string[],
  calls = 1,
  atOnce = 50
): AsyncGenerator<readonly SandboxTrace[]> {
  for (let start = 0; start < texts.length; start += atOnce)
    yield texts.slice(start, start + atOnce).map((text) => ({ text, businessUnit: "support", calls }));
}
