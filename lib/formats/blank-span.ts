import type { Span } from "../model/span.ts";

/** Fields a span cannot be without. */
export type SpanCore = Pick<
  Span,
  "traceId" | "spanId" | "parentSpanId" | "name" | "kind" | "startNs" | "endNs" | "businessUnit" | "source"
>;

/** A span with everything else unknown, then what is known laid over it. */
export function buildSpan(core: SpanCore, known: Partial<Span> = {}): Span {
  return {
    sourceSpanId: null,
    timeSource: "reported",
    status: "unset",
    statusMessage: null,
    errorType: null,
    environment: null,
    serviceName: null,
    agent: null,
    agentId: null,
    agentVersion: null,
    sessionId: null,
    userId: null,
    provider: null,
    model: null,
    modelRequested: null,
    input: null,
    output: null,
    inputText: null,
    outputText: null,
    systemInstructions: null,
    toolDefinitions: null,
    toolName: null,
    toolCallId: null,
    toolArgs: null,
    toolResult: null,
    retrievalQuery: null,
    retrievedDocs: null,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
    costUsd: null,
    costSource: null,
    ttftSeconds: null,
    responseId: null,
    finishReasons: null,
    promptName: null,
    promptVersion: null,
    attributes: {},
    resource: {},
    scopeName: null,
    scopeVersion: null,
    events: null,
    links: null,
    schemaUrl: null,
    sourceProject: null,
    ...core,
    ...known
  };
}
