import type { Span } from "#lib/model/span.ts";
import type { LakeFile } from "#lib/ports/catalog.ts";
import { parseSpanRow, selectSpans } from "#lib/sql/span-columns.ts";
import { summariseTrace, summaryColumns } from "#lib/sql/trace-part.ts";
import { readTable, standingParts } from "#lib/sql/view-sql.ts";
import type { LakeWriter } from "./writer.ts";

/** Spans that are held in memory at once, beyond those of one trace. */
const spansAtOnce = 20_000;

/** Columns that the view takes from the part with the root, or from the earliest that says anything. */
const toldColumns = [
  "name",
  "agent",
  "agent_version",
  "session_id",
  "user_id",
  "environment",
  "status",
  "input",
  "time_source"
] as const;

/** Columns that the view adds up. */
const summedColumns = ["tokens_in", "tokens_out", "cost_usd"] as const;

type Row = Readonly<Record<string, unknown>>;

/** A trace of the lake that a batch adds spans to. */
export interface ContinuedTrace {
  readonly businessUnit: string;
  readonly traceId: string;
  /** Spans of it that the lake has. */
  readonly knownSpans: number;
  /** Spans of it that are new. */
  readonly news: readonly Span[];
}

/**
 * Which of some traces the views would tell wrongly if the new spans only became a further part: a wrapper
 * and what it wraps may lie in different parts, and so may the words and the step that says them best.
 *
 * @param files  live files that hold the traces
 */
export async function listInexact(
  writer: LakeWriter,
  files: readonly LakeFile[],
  traces: readonly ContinuedTrace[]
): Promise<readonly ContinuedTrace[]> {
  const inexact: ContinuedTrace[] = [];
  for (const some of inGroups(traces)) {
    const ids = some.map(({ traceId }) => traceId);
    const known = await readSpans(writer, files, ids);
    const parts = await readParts(writer, files, ids);
    for (const trace of some) {
      const key = `${trace.businessUnit}/${trace.traceId}`;
      const whole = summariseTrace([...(known.get(key) ?? []), ...trace.news]);
      if (!saysTheSame(whole, [...(parts.get(key) ?? []), summariseTrace(trace.news)])) inexact.push(trace);
    }
  }
  return inexact;
}

/** Whether the views say of parts, each made of some spans, what one part of all their spans says. */
export function areExact(parts: readonly (readonly Span[])[]): boolean {
  return saysTheSame(summariseTrace(parts.flat()), parts.map(summariseTrace));
}

/** Whether the views say of the parts together what one part of all spans says. */
function saysTheSame(whole: Row, parts: readonly Row[]): boolean {
  // The text of an instant in microseconds sorts as the instant does.
  const start = (part: Row) => `${part.has_root === true ? 0 : 1} ${String(part.started_at)}`;
  const end = (part: Row) => `${part.has_root === true ? 1 : 0} ${String(part.ended_at)}`;
  return (
    toldColumns.every((name) => tells(parts, name, start, (a, b) => a < b, whole[name])) &&
    tells(parts, "output", end, (a, b) => a > b, whole.output) &&
    summedColumns.every((name) => isClose(sumOf(parts, name), whole[name]))
  );
}

/** Whether the part that comes first, and every one that comes first with it, says `value`. */
function tells(
  parts: readonly Row[],
  name: string,
  rank: (part: Row) => string,
  before: (a: string, b: string) => boolean,
  value: unknown
): boolean {
  const saying = parts.filter((part) => (part[name] ?? null) !== null);
  if (saying.length === 0) return (value ?? null) === null;
  const first = saying.map(rank).reduce((best, next) => (before(next, best) ? next : best));
  return saying.every((part) => rank(part) !== first || part[name] === value);
}

function sumOf(parts: readonly Row[], name: string): number | null {
  return parts.reduce<number | null>((sum, part) => {
    const value = part[name] ?? null;
    return value === null ? sum : (sum ?? 0) + Number(value);
  }, null);
}

/** Equal but for the order in which fractions were added. */
function isClose(sum: number | null, value: unknown): boolean {
  if (sum === null || (value ?? null) === null) return sum === (value ?? null);
  return Math.abs(sum - Number(value)) <= 1e-9 * Math.abs(sum);
}

function* inGroups(traces: readonly ContinuedTrace[]): Generator<readonly ContinuedTrace[]> {
  let group: ContinuedTrace[] = [];
  let spans = 0;
  for (const trace of traces) {
    if (group.length > 0 && spans + trace.knownSpans > spansAtOnce) {
      yield group;
      group = [];
      spans = 0;
    }
    group.push(trace);
    spans += trace.knownSpans;
  }
  if (group.length > 0) yield group;
}

async function readSpans(writer: LakeWriter, files: readonly LakeFile[], ids: readonly string[]) {
  const table = readTable("spans", writer.paths(files, "spans"));
  const rows = await writer.rows(
    `select ${selectSpans(summaryColumns)} from (${table}) semi join wanted on trace_id = wanted.id`,
    ids
  );
  return byTrace(rows.map(parseSpanRow), ({ businessUnit, traceId }) => `${businessUnit}/${traceId}`);
}

async function readParts(writer: LakeWriter, files: readonly LakeFile[], ids: readonly string[]) {
  const columns = [
    ...toldColumns,
    ...summedColumns,
    ...["business_unit", "trace_id", "has_root", "output"],
    "strftime(started_at, '%Y-%m-%d %H:%M:%S.%f') as started_at",
    "strftime(ended_at, '%Y-%m-%d %H:%M:%S.%f') as ended_at"
  ].join(", ");
  const [first, later] = (["first_parts", "trace_parts"] as const).map((table) =>
    readTable(table, writer.paths(files, table))
  );
  const rows = await writer.rows(
    `select ${columns} from (${standingParts(`select * from (select * from (${first}) union all by name select * from (${later})) semi join wanted on trace_id = wanted.id`)})`,
    ids
  );
  return byTrace(rows, (row) => `${String(row.business_unit)}/${String(row.trace_id)}`);
}

function byTrace<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(rows, keyOf);
}
