import type { Span } from "#lib/model/span.ts";
import type { LakeFile, NewLakeFile } from "#lib/ports/catalog.ts";
import { parseSpanRow, spanSelectList } from "#lib/sql/span-columns.ts";
import { readTable } from "#lib/sql/view-sql.ts";
import { type AttemptDoors, changeLake, type InTurn } from "./attempt.ts";
import { BatchWriter } from "./batch.ts";
import type { OpenTraces } from "./open-traces.ts";
import type { LakeWriter } from "./writer.ts";

/** Spans that are held in memory at once, beyond those of one trace. */
const spansAtOnce = 5_000;

/** What traces are united with. */
export interface UnitingDoors extends AttemptDoors {
  readonly writer: LakeWriter;
  readonly open: OpenTraces;
  readonly nowMs: number;
  readonly inTurn: InTurn;
}

/**
 * Writes one part, made of all its spans, in place of the parts of every trace that came in pieces. The views
 * then say of it exactly what they would say had it come whole, and need not group it.
 *
 * @throws Fault `conflict` when the lake moved on meanwhile; what was committed before stays
 */
export async function uniteTraces(doors: UnitingDoors): Promise<void> {
  const snapshotId = await doors.catalog.currentSnapshot();
  const files = await doors.catalog.listFiles({ snapshotId });
  const units = new Set(files.filter(({ table }) => table === "trace_parts").map(({ businessUnit }) => businessUnit));
  for (const unit of units) while (await doors.inTurn(() => uniteSome(doors, unit)));
}

/** @returns whether traces of the unit are left to unite */
async function uniteSome(doors: UnitingDoors, unit: string): Promise<boolean> {
  const { catalog, writer, nowMs } = doors;
  const snapshotId = await catalog.currentSnapshot();
  const files = await catalog.listFiles({ snapshotId, businessUnits: [unit] });
  const { ids, firstDay, lastDay, more } = await chooseTraces(writer, files);
  const near = files.filter(({ table, day }) => table === "spans" && day >= firstDay && day <= lastDay);
  const traces = new Map<string, Span[]>();
  for (const row of await writer.rows(
    `select ${spanSelectList} from (${readTable("spans", writer.paths(near, "spans"))}) semi join wanted on trace_id = wanted.id`,
    ids
  )) {
    const span = parseSpanRow(row);
    const trace = traces.get(span.traceId) ?? [];
    trace.push(span);
    traces.set(span.traceId, trace);
  }
  if (traces.size === 0) return false;
  const found = [...traces.keys()];
  const add: NewLakeFile[] = [];
  await changeLake(doors, async (attempt) => {
    const output = new BatchWriter(0, nowMs);
    for (const spans of traces.values()) output.addPart(spans, "first_parts");
    add.push(...(await output.write(attempt)));
    const remove: string[] = [];
    for (const file of files) {
      if (file.table !== "first_parts" && file.table !== "trace_parts") continue;
      const held = await writer.rows(
        `select 1 from (${readTable(file.table, writer.paths([file], file.table))}) semi join wanted on trace_id = wanted.id limit 1`,
        found
      );
      if (held.length === 0) continue;
      const rest = await writer.writeParquet([file], attempt, "trace_id not in (select id from wanted)", found);
      if (rest) add.push(rest);
      remove.push(file.fileId);
    }
    return { add, remove, expectedSnapshot: snapshotId };
  });
  doors.open.united(
    unit,
    found,
    add.map(({ path }) => path)
  );
  return more;
}

/** Traces with parts in `trace_parts`, as many as fit in memory, and the days between which their spans lie. */
async function chooseTraces(writer: LakeWriter, files: readonly LakeFile[]) {
  const [first, later] = (["first_parts", "trace_parts"] as const).map((table) =>
    readTable(table, writer.paths(files, table))
  );
  const rows = await writer.rows(
    `select trace_id, sum(spans)::double as spans, min("date")::varchar as first_day, max(ended_at)::date::varchar as last_day
     from (select * from (${first}) union all by name select * from (${later}))
     semi join (select distinct trace_id from (${later})) using (trace_id) group by trace_id order by trace_id`,
    []
  );
  let spans = 0;
  const chosen = rows.filter((row, at) => {
    spans += Number(row.spans);
    return at === 0 || spans <= spansAtOnce;
  });
  const days = chosen.flatMap((row) => [String(row.first_day), String(row.last_day)]).sort();
  return {
    ids: chosen.map((row) => String(row.trace_id)),
    firstDay: days[0] ?? "",
    lastDay: days.at(-1) ?? "",
    more: chosen.length < rows.length
  };
}
