import { createHash } from "node:crypto";
import type { Span } from "#lib/model/span.ts";

/** A hex id that a word stands for. */
export function hexId(word: string, digits: 16 | 32): string {
  return createHash("sha256").update(word).digest("hex").slice(0, digits);
}

/** A span for tests: everything unknown but what is given. Ids may be words. */
export function makeSpan(given: Partial<Span> & { readonly traceId: string; readonly spanId: string }): Span {
  const startNs = given.startNs ?? BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;
  return {
    sourceSpanId: null,
    name: "step",
    kind: "other",
    endNs: startNs + 1_000_000_000n,
    timeSource: "reported",
    status: "ok",
    statusMessage: null,
    errorType: null,
    businessUnit: "support",
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
    source: "test",
    sourceProject: null,
    startNs,
    ...given,
    traceId: hexId(given.traceId, 32),
    spanId: hexId(`${given.traceId}/${given.spanId}`, 16),
    parentSpanId: given.parentSpanId ? hexId(`${given.traceId}/${given.parentSpanId}`, 16) : null
  };
}
