import type { Kernel } from "#lib/ports/kernel.ts";
import { cutExcerpt, excerptsSql } from "#lib/sql/search-excerpt.ts";
import { buildParts, parseSearch } from "#lib/sql/search-query.ts";
import { listTerms, searchedTexts } from "#lib/sql/search-terms.ts";
import type { Excerpt, TraceRow } from "#lib/wire/traces.ts";

/** Shows in each row where the words of a search stand. @param text  what was searched for; nothing when it is empty */
export async function addExcerpts(
  kernel: Kernel,
  text: string,
  rows: readonly TraceRow[],
  signal?: AbortSignal
): Promise<readonly TraceRow[]> {
  if (text.trim() === "" || rows.length === 0) return rows;
  const excerpts = await readExcerpts(kernel, text, rows, signal);
  return rows.map((row) => ({ ...row, excerpt: excerpts.get(`${row.businessUnit}/${row.traceId}`) ?? null }));
}

/**
 * Where the words of a search stand in some traces, by unit and trace id; of one found by its id, nothing.
 *
 * @throws Fault `invalid` for a search that asks for nothing
 */
export async function readExcerpts(
  kernel: Kernel,
  text: string,
  traces: readonly Pick<TraceRow, "traceId" | "businessUnit" | "startedAtMs" | "durationMs">[],
  signal?: AbortSignal
): Promise<ReadonlyMap<string, Excerpt>> {
  const pieces = parseSearch(text);
  const parts = buildParts(
    text,
    pieces,
    pieces.map((piece) => listTerms(piece.text).map(({ term }) => term))
  );
  const { sql, values } = excerptsSql(
    parts,
    `select * from spans where ${betweenDays(traces)} and trace_id in (select unnest(from_json($ids, '["VARCHAR"]')))`
  );
  const rows = await kernel.rows(
    sql,
    { ...values, ids: JSON.stringify(traces.map(({ traceId }) => traceId)) },
    traces.length * 2,
    signal
  );
  return new Map(
    rows.map((row) => [
      `${String(row["business_unit"])}/${String(row["trace_id"])}`,
      { field: searchedTexts[Number(row["place"])]![0], parts: cutExcerpt(String(row["said"]), parts) }
    ])
  );
}

/** Days of the spans of some traces. Written out, because the engine skips files only by constants. */
function betweenDays(traces: readonly Pick<TraceRow, "startedAtMs" | "durationMs">[]): string {
  const first = Math.min(...traces.map(({ startedAtMs }) => startedAtMs));
  const last = Math.max(...traces.map(({ startedAtMs, durationMs }) => startedAtMs + durationMs)) + 1;
  const [from, to] = [first, last].map((ms) =>
    Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().split("T", 1)[0]! : ""
  );
  const isDay = (day: string | undefined) => /^\d{4}-\d\d-\d\d$/.test(day ?? "");
  return isDay(from) && isDay(to) ? `"date" between date '${from}' and date '${to}'` : "true";
}
