import type { TraceRow } from "#lib/wire/traces.ts";

/** A list after something came in. */
export interface MergedRows {
  readonly rows: readonly TraceRow[];
  /** Rows that were not there before. */
  readonly added: readonly TraceRow[];
}

const keyOf = ({ businessUnit, traceId }: TraceRow) => `${businessUnit}/${traceId}`;

/**
 * Puts rows that came into a list of the newest first: a row that is there is replaced in its place.
 *
 * @param goesOn  whether the list has further pages; what belongs below its last row is then left to them
 */
export function mergeRows(rows: readonly TraceRow[], arrived: readonly TraceRow[], goesOn: boolean): MergedRows {
  const changed = new Map(arrived.map((row) => [keyOf(row), row]));
  const kept = rows.map((row) => {
    const now = changed.get(keyOf(row));
    changed.delete(keyOf(row));
    return now ?? row;
  });
  const last = rows.at(-1);
  const added = [...changed.values()].filter((row) => !goesOn || last === undefined || compareNewest(row, last) < 0);
  return { rows: [...kept, ...added].sort(compareNewest), added };
}

/** Below 0 when the first comes before the second in a list of the newest first. */
function compareNewest(a: TraceRow, b: TraceRow): number {
  if (a.startedAtMs !== b.startedAtMs) return b.startedAtMs - a.startedAtMs;
  const [one, other] = [`${a.traceId} ${a.businessUnit}`, `${b.traceId} ${b.businessUnit}`];
  return one > other ? -1 : one < other ? 1 : 0;
}
