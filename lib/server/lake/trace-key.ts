import { hash } from "node:crypto";

/** SQL of a number of 64 bits for a trace, of the second half of its id: there are tools that know no more of it. */
export const traceKeySql = "md5_number_lower(right(trace_id, 16))";

/** The same number as `traceKeySql`, as two halves of 32 bits. */
export function traceKey(traceId: string): readonly [low: number, high: number] {
  // The engine counts characters, and not halves of those that take two.
  const digest = hash("md5", [...traceId].slice(-16).join(""), "buffer");
  return [digest.readUInt32LE(8), digest.readUInt32LE(12)];
}
