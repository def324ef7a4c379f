import type { Cell, ParamValue } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { BusinessUnit } from "#lib/model/scope.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";
import type { MapSettings } from "#lib/workbook/cell-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { columnsOf } from "./cohort.ts";
import { lakeTextSql } from "./trace-words.ts";

/** Names that no parameter of a workbook has. */
const [keptMapParam, onlyParam] = ["tracebook_kept_map", "tracebook_only_traces"];

/** The traces of a map and what is mapped of them; one entry per trace, in the order of the ids. */
export interface MapTexts {
  readonly traceIds: string[];
  readonly texts: string[];
  readonly units: BusinessUnit[];
  /** Of the trace's start in UTC, `YYYY-MM-DD`. */
  readonly days: string[];
  /** Of the trace, ms since 1970 UTC. */
  readonly startedAtMs: number[];
}

/** @throws Fault `invalid` where there is no trace to map */
export function requireTraces({ texts }: Pick<MapTexts, "texts">, { traces }: MapSettings): void {
  if (texts.length > 0) return;
  throw new Fault("invalid", `table "${traces}" holds no traces to map`, {
    hint: "Widen what it selects: its condition, its business units or its parameters."
  });
}

/** How many traces have nothing to be placed by, in a sentence; none where each has some. */
export function noteEmpty({ texts }: Pick<MapTexts, "texts">, { text }: MapSettings): readonly string[] {
  const empty = texts.reduce((count, one) => count + (one.trim() === "" ? 1 : 0), 0);
  if (empty === 0) return [];
  const n = (count: number) => count.toLocaleString("en-US");
  const where = "They lie apart in a strip below all others, in no cluster.";
  return empty === texts.length
    ? [`No trace has a text to be placed by: "${text}" is empty for all ${n(empty)}. Map something else of them.`]
    : [`${n(empty)} of ${n(texts.length)} traces have no text to be placed by. ${where}`];
}

/** What to read the texts of a map from. */
export interface MapTextsQuestion {
  readonly kernel: Kernel;
  /** The map cell, and what it says. */
  readonly cell: Pick<Cell, "key">;
  readonly settings: MapSettings;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** A kept map whose traces are left out. */
  readonly notOn?: string;
  /** The traces that are read; all of the cell's where it is absent. */
  readonly only?: readonly string[];
}

/**
 * Reads the texts of a map cell's traces that are in the lake, at most `settings.limit` of them, the newest.
 *
 * @throws Fault `invalid` for a table that nothing defines, or one without `trace_id`
 */
export async function readMapTexts(question: MapTextsQuestion, signal: AbortSignal): Promise<MapTexts> {
  const { kernel, notOn, only } = question;
  const params = {
    ...question.params,
    ...(notOn === undefined ? {} : { [keptMapParam]: notOn }),
    ...(only === undefined ? {} : { [onlyParam]: JSON.stringify(only) })
  };
  const known = await columnsOf(question, question.settings.traces);
  const columns = new Set(known?.map(({ name }) => nameKey(name)) ?? ["input", "output"]);
  const read: MapTexts = { traceIds: [], texts: [], units: [], days: [], startedAtMs: [] };
  for await (const rows of kernel.stream(textsSql(question, columns), params, signal)) {
    for (const row of rows) {
      read.traceIds.push(String(row["trace_id"]));
      read.texts.push(String(row["text"] ?? ""));
      read.units.push(String(row["business_unit"] ?? ""));
      read.days.push(String(row["day"] ?? ""));
      read.startedAtMs.push(Number(row["started_ms"] ?? 0));
    }
  }
  return read;
}

/** One text per trace, the newest `limit` traces in the order of their ids, so that the same traces give the same map. */
function textsSql({ settings, notOn, only }: MapTextsQuestion, columns: ReadonlySet<string>): string {
  const traces = quoteName(settings.traces);
  const wanted = `where trace_id in (select unnest(from_json($${onlyParam}, '["VARCHAR"]')))`;
  const ids = `select distinct trace_id from ${traces} ${only === undefined ? "" : wanted}`;
  const placed = `select trace_id from placements where map_id = $${keptMapParam}`;
  return `select trace_id, text, business_unit, strftime("date", '%Y-%m-%d') as day, epoch_ms(started_at) as started_ms from (
    select c.trace_id, any_value(c.text) as text, min(t.started_at) as started_at, min(t.business_unit) as business_unit,
      min(t."date") as "date"
    from (${sourceSql(settings.text, traces, ids, columns)}) c left join traces t on t.trace_id = c.trace_id
    where c.trace_id in (${ids})${notOn === undefined ? "" : ` and c.trace_id not in (${placed})`} group by c.trace_id
    order by started_at desc nulls last, c.trace_id limit ${settings.limit}
  ) order by trace_id`;
}

function sourceSql(text: string, traces: string, ids: string, columns: ReadonlySet<string>): string {
  const kind = nameKey(text);
  if (columns.has(kind)) return `select trace_id, ${quoteName(text)}::varchar as text from ${traces}`;
  return lakeTextSql(kind, ids) ?? `select trace_id, (${text})::varchar as text from ${traces}`;
}
