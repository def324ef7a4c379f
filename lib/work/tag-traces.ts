import { Fault } from "../model/fault.ts";
import type { Scope } from "../model/scope.ts";
import type { Annotations } from "../ports/annotations.ts";
import type { Kernel, SqlValues } from "../ports/kernel.ts";
import type { Lake } from "../ports/lake.ts";
import type { TagReply, TagRequest } from "../wire/workbook.ts";
import type { Desk } from "./desk.ts";
import { countSelection, requireSome, type SelectionDoors, withSelection } from "./selection.ts";

/** Most traces that one tag is put on at once. */
const traceLimit = 100_000;

type TaggedTrace = Parameters<Annotations["tag"]>[1][number];

/**
 * Puts a label on traces: those named, those selected, or all rows of a table that a workbook made.
 *
 * @throws Fault `missing` for a trace the scope does not have, `limit` for more than 100,000
 */
export async function tagTraces(
  doors: SelectionDoors & { readonly lake: Lake; readonly desk: Desk; readonly annotations: Annotations },
  scope: Scope,
  request: TagRequest
): Promise<TagReply> {
  const traces = await findTraces(doors, scope, request);
  return { added: await doors.annotations.tag(scope, traces, request.label, request.note) };
}

function findTraces(
  doors: SelectionDoors & { readonly desk: Desk },
  scope: Scope,
  request: TagRequest
): Promise<readonly TaggedTrace[]> {
  if (request.selection) {
    return withSelection(doors, scope, request.selection, async (open) => {
      requireSome((await countSelection(open)).traces, traceLimit, "a tag goes on");
      return readTraces(open.kernel, open.traces, open.values);
    });
  }
  return findNamed(doors, scope, request);
}

async function findNamed(
  doors: SelectionDoors & { readonly desk: Desk },
  scope: Scope,
  request: TagRequest
): Promise<readonly TaggedTrace[]> {
  const ids = request.traceIds ?? (await readTable(doors.desk, scope, request));
  if (ids.length > traceLimit)
    throw new Fault("limit", `a tag goes on ${traceLimit} traces at most, not ${ids.length}`);
  const kernel = await doors.lake.openKernel(scope);
  try {
    const found = await readTraces(
      kernel,
      `select trace_id, business_unit from traces where trace_id in (select unnest(from_json($ids, '["VARCHAR"]')))`,
      { ids: JSON.stringify(ids) }
    );
    const known = new Set(found.map(({ traceId }) => traceId));
    const unknown = ids.find((id) => !known.has(id));
    if (unknown !== undefined) throw new Fault("missing", `there is no trace ${unknown}`);
    return found;
  } finally {
    await kernel.close();
  }
}

async function readTraces(kernel: Kernel, sql: string, values: SqlValues): Promise<readonly TaggedTrace[]> {
  const rows = await kernel.rows(`select trace_id, business_unit from (${sql})`, values, traceLimit);
  return rows.map((row) => ({ traceId: String(row["trace_id"]), businessUnit: String(row["business_unit"]) }));
}

async function readTable(desk: Desk, scope: Scope, { workbook, table }: TagRequest): Promise<readonly string[]> {
  if (workbook === undefined || table === undefined)
    throw new Fault("invalid", "a tag names traces, a selection, or a workbook and its table");
  const { bytes } = await desk.download(scope, workbook, table, "json");
  const rows = JSON.parse(new TextDecoder().decode(bytes)) as readonly Readonly<Record<string, unknown>>[];
  const ids = rows.flatMap((row) => (typeof row.trace_id === "string" ? [row.trace_id] : []));
  if (rows.length > 0 && ids.length === 0) throw new Fault("invalid", `"${table}" has no column trace_id`);
  return [...new Set(ids)];
}
