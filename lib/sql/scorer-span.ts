import { durationMs, type Span } from "../model/span.ts";

/** A span as scorer code reads it (lib/model/trace-document.ts), as JSON text. */
export function formatScorerSpan(span: Span): string {
  return JSON.stringify({
    id: span.spanId,
    parentId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    startedAt: new Date(Number(span.startNs / 1_000_000n)).toISOString(),
    durationMs: durationMs(span),
    status: span.status,
    statusMessage: span.statusMessage,
    errorType: span.errorType,
    model: span.model,
    input: span.input,
    output: span.output,
    inputText: span.inputText,
    outputText: span.outputText,
    toolName: span.toolName,
    toolCallId: span.toolCallId,
    toolArgs: span.toolArgs,
    toolResult: span.toolResult,
    toolDefinitions: span.toolDefinitions,
    systemInstructions: span.systemInstructions,
    retrievalQuery: span.retrievalQuery,
    documents: span.retrievedDocs,
    usage: {
      inputTokens: span.inputTokens,
      outputTokens: span.outputTokens,
      cacheReadTokens: span.cacheReadTokens,
      cacheWriteTokens: span.cacheWriteTokens,
      reasoningTokens: span.reasoningTokens
    },
    costUsd: span.costUsd,
    attributes: span.attributes
  });
}
