import type { SpanReply } from "#lib/wire/traces.ts";
import { onTrace } from "../../on-trace.ts";

export const GET = onTrace<SpanReply, { readonly traceId: string; readonly spanId: string }>(
  async ({ bench: { traces }, scope, params }) => {
    const { traceId, spanId } = params;
    return traces.span(scope, traceId, spanId);
  }
);
