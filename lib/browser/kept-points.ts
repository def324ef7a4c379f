import { Fault, faultOf } from "#lib/model/fault.ts";
import type { MapColumn, MapColumnsReply } from "#lib/wire/map-columns.ts";
import type { KeptMapReply, MapEvent } from "#lib/wire/maps.ts";
import { paths } from "#lib/wire/paths.ts";
import { ask, send } from "./api.ts";
import { readLines } from "./event-stream.ts";
import {
  addPoints,
  alignRows,
  bufferOf,
  findTraces,
  formatId,
  idsOf,
  type PointColumns,
  parseIds,
  readArrow,
  readPointColumns
} from "./point-columns.ts";
import type { ScatterColumn } from "./scatter-columns.ts";
import type { ColumnChoice, MapPoints } from "./scatter-rows.ts";

/** Clocks of processes that place traces may differ by this; what came twice is known by its id. */
const overlapMs = 60_000;
/** The column that changes while points stand. */
const labelColumn = "label";
/** What codes beyond the told words stand for. */
const otherWords = "others";

/** The points of a kept map that one sees, and how to bring them up to date. */
export class KeptPoints {
  readonly map: KeptMapReply;
  readonly columns: PointColumns;
  /** What can be drawn and asked of them; the same object for the same points. */
  readonly points: MapPoints;
  readonly #extra: readonly MapColumn[];
  /** Columns that were asked for, as long as they came; shared with the points before. */
  readonly #read: Map<string, ReadColumn>;

  private constructor(
    map: KeptMapReply,
    columns: PointColumns,
    extra: readonly MapColumn[],
    read: Map<string, ReadColumn>
  ) {
    this.map = map;
    this.columns = columns;
    this.#extra = extra;
    this.#read = read;
    this.points = describePoints(map, columns, [
      ...ownChoices(map, columns),
      ...extra.map((column) => this.#choose(column))
    ]);
  }

  static async open(map: KeptMapReply): Promise<KeptPoints> {
    const [arrow, { columns }] = await Promise.all([
      readArrow(paths.mapPoints(map.mapId)),
      ask<MapColumnsReply>(paths.mapColumns(map.mapId))
    ]);
    return new KeptPoints(map, readPointColumns(arrow), columns, new Map());
  }

  /** With the points that were placed since. @returns itself when there are none */
  async update(): Promise<KeptPoints> {
    const since = this.#after(this.columns.placedMs);
    const arrow = await readArrow(`${paths.mapPoints(this.map.mapId)}?after=${since}`);
    const columns = addPoints(this.columns, readPointColumns(arrow));
    return columns === this.columns ? this : new KeptPoints(this.map, columns, this.#extra, this.#read);
  }

  /** With labels as they are now: they change without a point being placed. */
  async relabel(): Promise<KeptPoints> {
    const { columns } = await ask<MapColumnsReply>(paths.mapColumns(this.map.mapId));
    const read = new Map([...this.#read].filter(([name]) => name !== labelColumn));
    return new KeptPoints(this.map, this.columns, columns, read);
  }

  /** With what the map says of itself now, such as names of clusters. */
  describe(map: KeptMapReply): KeptPoints {
    return new KeptPoints(map, this.columns, this.#extra, this.#read);
  }

  #choose({ name, label, kind, middle, none }: MapColumn): ColumnChoice {
    return {
      ...{ name, label, kind, none, isFacet: false },
      ...(middle === null ? {} : { middle }),
      read: async () => {
        const before = this.#read.get(name);
        const [known, from] = [before?.column, before ? lengthOf(before.column) : 0];
        if (known && from >= this.columns.x.length) return known;
        const query = new URLSearchParams({ column: name, after: String(before ? this.#after(before.placedMs) : 0) });
        const { table, words } = await readArrow(`${paths.mapPoints(this.map.mapId)}?${query}`);
        const rows = alignRows(this.columns, idsOf(table), from);
        const column =
          kind === "number"
            ? readNumbers(name, known, bufferOf(table, "value", new Float32Array()), rows)
            : readCategory(name, known, bufferOf(table, "code", new Int32Array()), words, rows);
        this.#read.set(name, { column, placedMs: this.columns.placedMs });
        return column;
      }
    };
  }

  /** What is asked for to have all that was placed since an instant; nothing was before the version was built. */
  #after(placedMs: number): number {
    return Math.max(this.map.madeAtMs, placedMs - overlapMs);
  }
}

/** A column as long as the points were then, the last of them placed at that instant. */
interface ReadColumn {
  readonly column: ScatterColumn;
  readonly placedMs: number;
}

/** Which of two populations each point is in, as `sides` says. */
export async function readSides({ map, columns }: KeptPoints, a: string, b: string): Promise<Int32Array> {
  const { table } = await readArrow(`${paths.mapSides(map.mapId)}?${new URLSearchParams({ a, b })}`);
  const codes = bufferOf(table, "code", new Int32Array());
  return alignRows(columns, idsOf(table)).map((row) => codes[row] ?? -1);
}

const lengthOf = (column: ScatterColumn) => (column.kind === "category" ? column.codes : column.values).length;

function readNumbers(
  name: string,
  known: ScatterColumn | undefined,
  read: Float32Array,
  rows: Int32Array
): ScatterColumn {
  const before = known && known.kind !== "category" ? known.values : new Float64Array();
  const values = new Float64Array(before.length + rows.length);
  values.set(before);
  for (let at = 0; at < rows.length; at++) values[before.length + at] = read[rows[at]!] ?? Number.NaN;
  return { kind: "number", name, values };
}

/** Codes go on meaning what they did; words that are new go behind those that are known. */
function readCategory(
  name: string,
  known: ScatterColumn | undefined,
  read: Int32Array,
  told: readonly string[],
  rows: Int32Array
): ScatterColumn {
  const before = known?.kind === "category" ? known : { codes: new Int32Array(), words: [] };
  const words = [...before.words];
  const meaning = [...told, otherWords].map((word) => {
    if (!words.includes(word)) words.push(word);
    return words.indexOf(word);
  });
  const codes = new Int32Array(before.codes.length + rows.length);
  codes.set(before.codes);
  for (let at = 0; at < rows.length; at++) {
    const code = read[rows[at]!] ?? -1;
    codes[before.codes.length + at] = code < 0 ? -1 : (meaning[Math.min(code, told.length)] ?? -1);
  }
  const counts = countWords(codes, words.length);
  // What no point has is no word of the map.
  while (words.length > 0 && counts[words.length - 1] === 0) {
    words.pop();
    counts.pop();
  }
  return { kind: "category", name, codes, words, counts };
}

function countWords(codes: Int32Array, words: number): number[] {
  const counts = new Array<number>(words).fill(0);
  for (let at = 0; at < codes.length; at++) if (codes[at]! >= 0) counts[codes[at]!]! += 1;
  return counts;
}

/** Columns that came with the points. */
function ownChoices(map: KeptMapReply, { unit, agent, agents, novelty, started }: PointColumns): ColumnChoice[] {
  const category = (name: string, label: string, words: readonly string[], codes: Int32Array): ColumnChoice => {
    const column: ScatterColumn = { kind: "category", name, codes, words, counts: countWords(codes, words.length) };
    return { name, label, kind: "category", isFacet: true, read: async () => column };
  };
  return [
    category("business_unit", "unit", map.units, unit),
    category("agent", "agent", agents, agent),
    {
      ...{ name: "novelty", label: "novelty", kind: "number", isFacet: false },
      read: async () => ({ kind: "number", name: "novelty", values: Float64Array.from(novelty) })
    },
    {
      ...{ name: "started_at", label: "started at", kind: "time", isFacet: false },
      read: async () => ({ kind: "time", name: "started_at", values: started })
    }
  ];
}

function describePoints(map: KeptMapReply, columns: PointColumns, choices: readonly ColumnChoice[]): MapPoints {
  const { x, y, cluster, unit, agent, agents, novelty } = columns;
  const labels = new Map(map.seen.map(({ clusterId, label }) => [clusterId, label]));
  const texts = {
    trace_id: (at: number) => formatId(columns, at),
    cluster_label: (at: number) => labels.get(cluster[at] ?? -1) ?? null,
    business_unit: (at: number) => map.units[unit[at] ?? -1] ?? null,
    agent: (at: number) => agents[agent[at] ?? -1] ?? null
  };
  return {
    ...{ x, y, cluster, choices },
    row: async (at) => new Map(Object.entries(texts).map(([column, read]) => [column, read(at)])),
    text: (at, column) => texts[column](at),
    novelty: (at) => (Number.isFinite(novelty[at]) ? novelty[at]! : null),
    traceIds: async (chosen) => Array.from(chosen, (point) => formatId(columns, point)),
    async maskTraces(ids) {
      const mask = new Uint8Array(x.length);
      for (const at of findTraces(columns, parseIds(ids))) if (at >= 0) mask[at] = 1;
      return mask;
    }
  };
}

/**
 * Has a map built and follows it.
 *
 * @param heard  called with what is being done, in words
 * @returns the map's id
 * @throws Fault when it could not be built, `limit` when the signal stopped it
 */
export async function followMap(
  path: string,
  body: unknown,
  heard: (doing: string) => void,
  signal: AbortSignal
): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await send(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  if (!response.body) throw new Fault("broken", "the server answered without a stream");
  for await (const line of readLines(response.body)) {
    const event = JSON.parse(line) as MapEvent;
    if (event.kind === "kept") return event.mapId;
    if (event.kind === "fault") throw faultOf(event.fault);
    const { step, done, total } = event;
    const count = total > 1 ? ` · ${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")}` : "";
    heard(`${step}${count}`);
  }
  throw new Fault("broken", "the workbench stopped before the map was built", { hint: "Try again." });
}
