import "server-only";
import { type Asked, answer, type Handler } from "../../../answer.ts";

/**
 * A route that reads one trace, as `answer` makes them. That the trace was read is in the audit trail before the
 * answer leaves.
 *
 * @param unitOf  whose trace it is, where the answer says it
 */
export function onTrace<Answer, Params extends { readonly traceId: string } = { readonly traceId: string }>(
  work: (asked: Asked<Params>) => Promise<Answer>,
  unitOf?: (answer: Answer) => string
): Handler {
  return answer<Params>("read", async (asked) => {
    const { bench, scope, params } = asked;
    const value = await work(asked);
    await bench.reads.note(scope, {
      action: "trace.view",
      object: { kind: "trace", id: params.traceId },
      units: unitOf ? [unitOf(value)] : () => bench.traces.unitsOf(scope, params.traceId)
    });
    return value;
  });
}
