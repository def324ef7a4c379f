import { Fault } from "#lib/model/fault.ts";
import { parseTraceId } from "#lib/model/trace-id.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { text } from "./trace-rows.ts";

/** Traces that are told where an id means more than one. */
const mostTold = 5;

/**
 * The trace of the kernel's units that an id means, as other tools write it. Says the same of a trace in
 * another unit as of one that is nowhere.
 *
 * @returns 32 hex digits
 * @throws Fault `invalid` for what is no id, `missing`, or `conflict` when it means several
 */
export async function locateTrace(kernel: Kernel, written: string): Promise<string> {
  const id = parseTraceId(written);
  if (!id) {
    throw new Fault("invalid", `"${written.slice(0, 80)}" is no trace id`, {
      hint: "An id has 32 hex digits, or is a UUID or a decimal number of up to 128 bits."
    });
  }
  const [first = "", second = first] = id.whole;
  const rows = await kernel.rows(
    `select trace_id, min(case trace_id when $first then 0 when $second then 1 else 2 end) as rank from traces
     where trace_id in ($first, $second) or right(trace_id, 16) = $low
     group by trace_id order by rank, trace_id limit ${mostTold + 1}`,
    { first, second, low: id.low ?? "" },
    mostTold + 1,
    undefined,
    { traceIds: id.low ? [...id.whole, id.low] : id.whole }
  );
  const found = rows.map((row) => text(row, "trace_id") ?? "");
  const exact = found.find((traceId) => id.whole.includes(traceId));
  const [only, another] = found;
  if (exact) return exact;
  if (!only) {
    throw new Fault("missing", `there is no trace "${written.trim()}" in your business units`, {
      hint: "Check the id; a trace that was just sent is visible within a second."
    });
  }
  if (another === undefined) return only;
  throw new Fault(
    "conflict",
    `the number ${written.trim()} is the low half of ${found.length > mostTold ? `more than ${mostTold}` : found.length} traces: ${found.slice(0, mostTold).join(", ")}`,
    { hint: "Give all 128 bits, as 32 hex digits or as a decimal number." }
  );
}
