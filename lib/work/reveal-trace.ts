import type { Scope } from "#lib/model/scope.ts";
import type { Audit } from "#lib/ports/audit.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { RevealRequest } from "#lib/wire/masks.ts";
import type { ConversationReply } from "#lib/wire/trace.ts";
import type { SpanReply } from "#lib/wire/traces.ts";
import { findTrace, firstSpoken, readConversation, readSpan, valuesOf } from "./trace-open.ts";

/** What a trace is revealed with. */
export interface RevealDoors {
  readonly lake: Pick<Lake, "openUnmasked">;
  readonly audit: Pick<Audit, "record">;
}

/**
 * The one door to what a unit hides: a span, or the conversation of a trace, as it was sent. The audit trail knows of
 * it, with its purpose, before anything is shown.
 *
 * @param scope  the units in which the one who asks may reveal
 * @throws Fault `missing` for a trace of another unit, `broken` where it could not be recorded
 */
export async function revealTrace(
  { lake, audit }: RevealDoors,
  scope: Scope,
  traceId: string,
  { purpose, spanId }: RevealRequest
): Promise<ConversationReply | SpanReply> {
  const kernel = await lake.openUnmasked(scope);
  try {
    const { id, unit } = valuesOf(await findTrace(kernel, traceId));
    const shown =
      spanId === null ? await readConversation(kernel, id, firstSpoken) : await readSpan(kernel, id, spanId);
    await audit.record(scope, {
      action: "trace.reveal",
      object: { kind: "trace", id },
      units: [unit],
      facts: spanId === null ? {} : { span: spanId.toLowerCase() },
      purpose
    });
    return shown;
  } finally {
    await kernel.close();
  }
}
