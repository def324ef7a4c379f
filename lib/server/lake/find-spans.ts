import type { Span } from "#lib/model/span.ts";
import type { LakeFile } from "#lib/ports/catalog.ts";
import { parseSpanRow, spanSelectList } from "#lib/sql/span-columns.ts";
import { readTable } from "#lib/sql/view-sql.ts";
import type { SeenTraces } from "./seen-traces.ts";
import type { LakeWriter } from "./writer.ts";

/**
 * Reads single spans, as they were appended.
 *
 * @param files   live files of one unit
 * @param wanted  ids; those that are not there are left out
 */
export async function findSpans(
  { writer, seen }: { readonly writer: LakeWriter; readonly seen: SeenTraces },
  files: readonly LakeFile[],
  wanted: readonly Pick<Span, "traceId" | "spanId">[]
): Promise<readonly Span[]> {
  await seen.learn(files);
  // Messages mostly come before their spans, and then this is all that is asked.
  const traceIds = await seen.among([...new Set(wanted.map(({ traceId }) => traceId))]);
  if (traceIds.length === 0) return [];
  // The parts are the small tables, and say between which days a trace lies.
  const parts = (["first_parts", "trace_parts"] as const)
    .map((table) => `select trace_id, ended_at, "date" from (${readTable(table, writer.paths(files, table))})`)
    .join(" union all ");
  const [found] = await writer.rows(
    `select min("date")::varchar as first_day, max(ended_at)::date::varchar as last_day
     from (${parts}) semi join wanted on trace_id = wanted.id`,
    traceIds
  );
  if (typeof found?.first_day !== "string") return [];
  const near = files.filter(({ day }) => day >= String(found.first_day) && day <= String(found.last_day));
  const rows = await writer.rows(
    `select ${spanSelectList} from (${readTable("spans", writer.paths(near, "spans"))})
     semi join wanted on trace_id = wanted.id[1:32] and span_id = wanted.id[34:]`,
    wanted.map(({ traceId, spanId }) => `${traceId}/${spanId}`)
  );
  return rows.map(parseSpanRow);
}
