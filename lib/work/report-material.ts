import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { Run } from "#lib/model/run.ts";
import type { Column } from "#lib/model/table.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { quoteName } from "#lib/sql/quote.ts";

/** Rows of each table that a report shows. */
export const reportRows = 50;
/** Rows of each table that a chart of a report is given. */
export const chartRows = 100_000;
/** Points of each map that a report draws. */
export const mapPoints = 5_000;
/** Characters of a value that a report shows. */
const valueCharacters = 300;
/** Longest time that the charts of one report may take together. */
const chartsTimeoutMs = 60_000;

/** The first rows of a table, as texts; null where there is no value. */
export interface ReportTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly total: number;
}

/** A chart as SVG. */
export interface ReportChart {
  readonly svg: string;
  readonly note: string | null;
}

/** Points of a map; `share` of them is drawn. */
export interface ReportMap {
  readonly points: readonly { readonly x: number; readonly y: number; readonly cluster: number }[];
  readonly share: number;
}

/** What a report shows beside the run's record, by cell key. */
export interface ReportMaterial {
  readonly tables: Readonly<Record<string, ReportTable>>;
  readonly charts: Readonly<Record<string, ReportChart>>;
  readonly maps: Readonly<Record<string, ReportMap>>;
  /** Why a cell's result could not be read. */
  readonly faults: Readonly<Record<string, FaultReport>>;
}

/** Reads from a kernel in which the run has just ended what its report shows. */
export async function collectReport(run: Run, kernel: Kernel, sandbox: Sandbox): Promise<ReportMaterial> {
  const tables: Record<string, ReportTable> = {};
  const charts: Record<string, ReportChart> = {};
  const maps: Record<string, ReportMap> = {};
  const faults: Record<string, FaultReport> = {};
  const signal = AbortSignal.timeout(chartsTimeoutMs);
  for (const { key, text, state } of run.cells) {
    if (state.state !== "done") continue;
    const { result } = state;
    try {
      if (result.kind === "table" || result.kind === "scores") tables[key] = await readTable(kernel, result);
      if (result.kind === "map") maps[key] = await readPoints(kernel, result.table, result.points);
      if (result.kind === "chart") charts[key] = await drawChart(kernel, sandbox, text, result.reads, signal);
    } catch (error) {
      // One result that cannot be shown must not cost the report of the others.
      faults[key] = reportOf(error);
    }
  }
  return { tables, charts, maps, faults };
}

async function readTable(
  kernel: Kernel,
  {
    table,
    columns,
    rows: total
  }: { readonly table: string; readonly columns: readonly Column[]; readonly rows: number }
): Promise<ReportTable> {
  const shown = columns.map(({ name }, index) => `left(${quoteName(name)}::varchar, ${valueCharacters}) as c${index}`);
  const sql = `select ${shown.join(", ")} from ${quoteName(table)} limit ${reportRows}`;
  const rows = await kernel.rows(sql, {}, reportRows);
  return {
    columns,
    rows: rows.map((row) => columns.map((_, index) => (row[`c${index}`] as string | null) ?? null)),
    total
  };
}

async function readPoints(kernel: Kernel, table: string, total: number): Promise<ReportMap> {
  // Every k-th point in the table's own order: the same picture for the same map.
  const step = Math.max(1, Math.ceil(total / mapPoints));
  const sql = `select x, y, cluster from ${quoteName(table)} where rowid % ${step} = 0 order by rowid`;
  const rows = await kernel.rows(sql, {}, mapPoints);
  const points = rows.map((row) => ({ x: Number(row["x"]), y: Number(row["y"]), cluster: Number(row["cluster"]) }));
  return { points, share: total === 0 ? 1 : points.length / total };
}

async function drawChart(
  kernel: Kernel,
  sandbox: Sandbox,
  code: string,
  reads: readonly string[],
  signal: AbortSignal
): Promise<ReportChart> {
  const tables: Record<string, Uint8Array> = {};
  const cut: string[] = [];
  for (const name of reads) {
    const answer = await kernel.query(`select * from ${quoteName(name)}`, {}, chartRows);
    tables[name] = answer.bytes;
    if (answer.cut) cut.push(name);
  }
  const svg = await sandbox.renderChart(code, tables, signal);
  return {
    svg,
    note: cut.length > 0 ? `Drawn from the first ${chartRows.toLocaleString("en")} rows of ${cut.join(", ")}.` : null
  };
}
