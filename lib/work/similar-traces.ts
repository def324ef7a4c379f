import { rankSimilarTexts } from "#lib/map/similar-texts.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { SimilarReply } from "#lib/wire/traces.ts";
import { findTrace } from "./trace-open.ts";
import { readSummary, summaryColumns, text } from "./trace-rows.ts";

/** Traces of the unit that are looked at, the newest first. */
const mostCompared = 2000;
const mostShown = 12;
/** Characters of a first message that are compared. */
const mostCharacters = 1000;
const patienceMs = 5000;

/**
 * Traces of the same unit whose first message shares most words with this one's, best first. Needs no map
 * and no model; a message that says the same in other words is not found.
 *
 * @throws Fault `missing`, or `limit` when the messages cannot be read within five seconds
 */
export async function listSimilar(kernel: Kernel, traceId: string, signal: AbortSignal): Promise<SimilarReply> {
  const found = await findTrace(kernel, traceId);
  const [id, unit] = [text(found, "trace_id"), text(found, "business_unit")];
  const patience = AbortSignal.timeout(patienceMs);
  const rows = await kernel
    .rows(
      `with near as (
         select ${summaryColumns} from traces t where t.business_unit = $unit and t.trace_id <> $id
         order by t.started_at desc, t.trace_id desc limit ${mostCompared}
       ), texts as (
         select trace_id, left(input, ${mostCharacters}) as input from traces
         where business_unit = $unit and (trace_id = $id or trace_id in (select trace_id from near))
       )
       select near.* exclude (trace_id), x.trace_id, x.input from texts x left join near using (trace_id)
       order by near.started_ms desc nulls last, x.trace_id`,
      { id, unit },
      mostCompared + 1,
      AbortSignal.any([signal, patience])
    )
    .catch((error: unknown) => {
      if (!patience.aborted) throw error;
      throw new Fault("limit", `similar traces of ${id} were not found within ${patienceMs / 1000} s`, {
        hint: "A map cell compares more traces, and goes on in the background.",
        cause: error
      });
    });
  const own = rows.find((row) => row["trace_id"] === id);
  const others = rows.filter((row) => row !== own);
  const near = rankSimilarTexts(
    text(own ?? {}, "input") ?? "",
    others.map((row) => text(row, "input") ?? ""),
    mostShown
  );
  return {
    traces: near.map(({ at, likeness }) => {
      const { traceId, agent, startedAtMs, status, input } = readSummary(others[at]!);
      return { traceId, agent, startedAtMs, status, input, likeness };
    }),
    among: others.length
  };
}
