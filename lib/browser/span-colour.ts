import { type SpanKind, spanKinds } from "#lib/model/span.ts";
import { categoryColour } from "./scatter-colour.ts";

const kindOrder: readonly SpanKind[] = ["llm", "tool", "guardrail", "retriever", "embedding", "memory", "agent"];

/** The colour of a kind of span, the same wherever spans are drawn. */
export function kindColour(kind: SpanKind): string {
  const at = kindOrder.indexOf(kind);
  return categoryColour(at >= 0 ? at : spanKinds.includes(kind) ? 9 : -1);
}
