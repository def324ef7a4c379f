import type { Cell, ParamValue, Workbook } from "#lib/model/cell.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import { parseCalibrationSettings } from "./calibration-settings.ts";
import { parseMapSettings, parseScoreSettings } from "./cell-settings.ts";
import { findChartNames } from "./chart-names.ts";
import { fingerprint } from "./fingerprint.ts";
import { parseJudgeSettings } from "./judge-settings.ts";
import { nameKey } from "./names.ts";
import { isScorer, selectionName, tablesOf } from "./parse-workbook.ts";

/** What one cell's text reads, before the names are looked up. */
export interface CellReads {
  /** Tables and scorers, as written. */
  readonly names: readonly string[];
  /** Parameters, without the `$`. */
  readonly params: readonly string[];
  /** Why the text cannot be read; then the cell cannot run. */
  readonly fault: FaultReport | null;
}

/** Which cell reads which. Keys are the cells' keys. */
export interface Graph {
  /** Every cell that can run, what is read before its readers; the text's order where the graph leaves it open. */
  readonly order: readonly string[];
  /** Cells that each cell reads, without repeats. */
  readonly reads: Readonly<Record<string, readonly string[]>>;
  /** Map cells whose selection each cell reads. */
  readonly selections: Readonly<Record<string, readonly string[]>>;
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** Cells that cannot run: broken text, a parameter that is not there, part of a cycle. */
  readonly faults: Readonly<Record<string, FaultReport>>;
}

/**
 * @param readings  per cell key; a cell without one reads nothing
 */
export function buildGraph(workbook: Workbook, readings: Readonly<Record<string, CellReads>>): Graph {
  const owners = new Map<string, string>();
  const selected = new Map<string, string>();
  for (const cell of workbook.cells) {
    if (isScorer(cell)) owners.set(nameKey(cell.key), cell.key);
    for (const table of tablesOf(cell)) owners.set(nameKey(table), cell.key);
    if (cell.kind === "map") selected.set(nameKey(selectionName(cell.key)), cell.key);
  }
  const reads: Record<string, readonly string[]> = {};
  const selections: Record<string, readonly string[]> = {};
  const params: Record<string, readonly string[]> = {};
  const faults: Record<string, FaultReport> = {};
  for (const { key } of workbook.cells) {
    const reading = readings[key] ?? { names: [], params: [], fault: null };
    const names = reading.names.map(nameKey);
    reads[key] = unique(names.flatMap((name) => owners.get(name) ?? []));
    selections[key] = unique(names.flatMap((name) => selected.get(name) ?? []));
    params[key] = reading.params;
    const unknown = reading.params.find((name) => !Object.hasOwn(workbook.params, name));
    if (reading.fault) faults[key] = reading.fault;
    else if (unknown !== undefined) faults[key] = unknownParam(key, unknown, Object.keys(workbook.params));
  }
  const keys = workbook.cells.map(({ key }) => key);
  for (const key of keys) {
    const cycle = findCycle(key, reads);
    if (cycle) faults[key] = { code: "invalid", message: `cells read each other in a circle: ${cycle.join(" → ")}` };
  }
  return { order: orderOf(keys, reads, faults), reads, selections, params, faults };
}

/** What a cell that is no SQL reads: judge, score, map, calibration and chart cells. SQL is read by the engine's parser. */
export function readPlainCell(cell: Cell, workbook: Workbook): Pick<CellReads, "names"> {
  switch (cell.kind) {
    case "score": {
      const settings = parseScoreSettings(cell.text);
      return { names: [settings.traces, settings.scorer] };
    }
    case "judge": {
      const { examples } = parseJudgeSettings(cell.text);
      return { names: typeof examples === "string" ? [examples] : [] };
    }
    case "map":
      return { names: [parseMapSettings(cell.text).traces] };
    case "calibration": {
      const { scores, labels } = parseCalibrationSettings(cell.text);
      return { names: [scores, labels] };
    }
    case "chart":
      return { names: findChartNames(cell.text, workbook.cells.flatMap(tablesOf)) };
    case "prose":
    case "scorer":
    case "sql":
    case "check":
      return { names: [] };
  }
}

/** The cells themselves and everything they need, in the order to run; those that cannot run come first. */
export function withNeeds(graph: Graph, keys: readonly string[]): readonly string[] {
  const needed = new Set<string>();
  const visit = (key: string) => {
    if (needed.has(key)) return;
    needed.add(key);
    for (const read of graph.reads[key] ?? []) visit(read);
  };
  keys.forEach(visit);
  return [...Object.keys(graph.faults), ...graph.order].filter((key) => needed.has(key));
}

/** What decides a cell's result beside its own text. */
export interface Ground {
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly snapshotId: number;
  readonly seed: number;
  /** How often each map's selection was made. */
  readonly selections: Readonly<Record<string, number>>;
  /** Versions of scorers kept in files, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * A version per cell that can run: it changes exactly when the cell's text, a parameter it reads, the
 * version of what it reads, a selection it reads, or the lake does.
 */
export function cellVersions(workbook: Workbook, graph: Graph, ground: Ground): Readonly<Record<string, string>> {
  const cells = new Map(workbook.cells.map((cell) => [cell.key, cell]));
  const versions: Record<string, string> = {};
  for (const key of graph.order) {
    const cell = cells.get(key)!;
    const touchesLake = cell.kind !== "prose" && cell.kind !== "scorer" && cell.kind !== "chart";
    const values = (graph.params[key] ?? []).map((name) => `${name}=${JSON.stringify(ground.params[name])}`);
    const read = (graph.reads[key] ?? []).map((name) => `${name}@${versions[name] ?? ""}`);
    const picked = (graph.selections[key] ?? []).map((name) => `${name}#${ground.selections[name] ?? 0}`);
    const file = cell.kind === "score" ? [ground.files[parseScoreSettings(cell.text).scorer] ?? ""] : [];
    const lake = touchesLake ? [String(ground.snapshotId)] : [];
    const seed = cell.kind === "map" || cell.kind === "calibration" ? [String(ground.seed)] : [];
    versions[key] = fingerprint([cell.kind, cell.text, ...values, ...read, ...picked, ...file, ...lake, ...seed]);
  }
  return versions;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

function unknownParam(key: string, name: string, known: readonly string[]): FaultReport {
  return {
    code: "invalid",
    message: `cell "${key}" reads the parameter "$${name}", which the front matter does not have`,
    hint: known.length > 0 ? `It has ${known.join(", ")}.` : 'Add it under "params:".'
  };
}

/** The shortest circle that leads from a cell back to itself, the cell first and last. */
function findCycle(key: string, reads: Readonly<Record<string, readonly string[]>>): readonly string[] | null {
  const paths: (readonly string[])[] = [[key]];
  const seen = new Set<string>();
  for (let at = 0; at < paths.length; at++) {
    const path = paths[at]!;
    for (const next of reads[path.at(-1)!] ?? []) {
      if (next === key) return [...path, key];
      if (seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return null;
}

/** Depth first in the text's order. Cells with a fault, and in consequence nothing else, are left out. */
function orderOf(
  keys: readonly string[],
  reads: Readonly<Record<string, readonly string[]>>,
  faults: Readonly<Record<string, FaultReport>>
): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (key: string) => {
    if (seen.has(key) || faults[key]) return;
    seen.add(key);
    for (const read of reads[key] ?? []) visit(read);
    order.push(key);
  };
  keys.forEach(visit);
  return order;
}
