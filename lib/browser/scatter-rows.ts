import { type Table, tableFromIPC, type Vector } from "apache-arrow";
import { api, type RowBytes } from "./api.ts";
import { buildColumn, kindOf, type ScatterColumn } from "./scatter-columns.ts";

/** A property of points that is read when somebody asks for it. */
export interface ColumnChoice {
  /** Unique among the choices. */
  readonly name: string;
  readonly label: string;
  readonly kind: ScatterColumn["kind"];
  /** Where colours of a number part: the value between good and bad; left to the values without it. */
  readonly middle?: number;
  /** What a point without a value is called; "without a value" where it is absent. */
  readonly none?: string;
  /** Whether its values can be hidden and shown, as units and agents can. */
  readonly isFacet: boolean;
  /** @returns null when the table has no such column any more */
  read(): Promise<ScatterColumn | null>;
}

/** Points of a map as the drawing needs them; all else is read when it is asked for. */
export interface MapPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Negative in no cluster. */
  readonly cluster: Int32Array;
  readonly choices: readonly ColumnChoice[];
  /** What the map's table says of one point, by column; read once. */
  row(at: number): Promise<ReadonlyMap<string, unknown>>;
  /** A value of a row that has been read, as text; null where there is none, or the row is not here yet. */
  text(at: number, column: "trace_id" | "cluster_label" | "agent" | "business_unit"): string | null;
  /** How unlike its surroundings the trace is, 0..1; of a row that has been read. */
  novelty(at: number): number | null;
  /** The traces of some points, in their order. */
  traceIds(points: Int32Array): Promise<readonly string[]>;
  /** Which points are those traces. @returns n, 1 for points of these traces */
  maskTraces(ids: ReadonlySet<string>): Promise<Uint8Array>;
}

/** Columns that are no property to colour by. */
const ownColumns = new Set(["trace_id", "x", "y", "cluster", "cluster_label"]);
const facetColumns = new Set(["business_unit", "agent"]);

/** Reads the places of a map's points from a table of a workbook's kernel. */
export async function readMapPoints(slug: string, table: string): Promise<MapPoints> {
  const [places, first] = await Promise.all([readParts(slug, table, ["x", "y", "cluster"]), readRow(slug, table, 0)]);
  const { total } = places;
  const x = new Float32Array(total);
  const y = new Float32Array(total);
  const cluster = new Int32Array(total).fill(-1);
  for (const { rows, offset } of places.parts) {
    copyNumbers(rows.getChild("x"), x, offset);
    copyNumbers(rows.getChild("y"), y, offset);
    copyNumbers(rows.getChild("cluster"), cluster, offset);
  }
  const rows = new Map<number, ReadonlyMap<string, unknown>>();
  const ids = once(() => readParts(slug, table, ["trace_id"]));
  const choices = first.schema.fields.flatMap(({ name, type }): ColumnChoice[] => {
    const kind = kindOf(type);
    if (kind === null || ownColumns.has(name)) return [];
    const read = once(async () => {
      const { parts } = await readParts(slug, table, [name]);
      return buildColumn(name, vectorsOf(parts, name), total);
    });
    return [{ name, label: name.replaceAll("_", " "), kind, isFacet: facetColumns.has(name), read }];
  });
  return {
    x,
    y,
    cluster,
    choices,
    async row(at) {
      const known = rows.get(at);
      if (known) return known;
      const window = await api.rows(slug, table, { offset: at, limit: 1, sort: null, descending: false });
      const read = new Map(window.names.map((name, column) => [name, window.value(0, column)]));
      rows.set(at, read);
      return read;
    },
    text(at, column) {
      const value = rows.get(at)?.get(column);
      return value === null || value === undefined ? null : String(value);
    },
    novelty(at) {
      const value = rows.get(at)?.get("novelty");
      return typeof value === "number" ? value : null;
    },
    async traceIds(chosen) {
      const vectors = vectorsOf((await ids()).parts, "trace_id");
      return Array.from(chosen, (point) => {
        const part = vectors.findLast(({ offset }) => offset <= point);
        return String(part?.vector.get(point - part.offset));
      });
    },
    async maskTraces(wanted) {
      const mask = new Uint8Array(total);
      for (const { offset, vector } of vectorsOf((await ids()).parts, "trace_id")) {
        for (let row = 0; row < vector.length; row++) if (wanted.has(String(vector.get(row)))) mask[offset + row] = 1;
      }
      return mask;
    }
  };
}

/** Scores that a cell of the same workbook gave, as a property of the map's points. */
export function chooseScore(
  slug: string,
  map: string,
  points: MapPoints,
  scores: string,
  scorer: string
): ColumnChoice {
  return {
    name: `score ${scores}`,
    label: `score: ${scorer}`,
    kind: "number",
    middle: 0.5,
    isFacet: false,
    read: once(async () => {
      const [ids, given] = await Promise.all([
        readParts(slug, map, ["trace_id"]),
        readParts(slug, scores, ["trace_id", "value"])
      ]);
      const byTrace = new Map<string, number>();
      for (const { rows } of given.parts) {
        const [traces, values] = [rows.getChild("trace_id"), rows.getChild("value")];
        for (let row = 0; row < rows.numRows; row++) {
          const value: unknown = values?.get(row);
          if (value !== null && value !== undefined) byTrace.set(String(traces?.get(row)), Number(value));
        }
      }
      const values = new Float64Array(points.x.length).fill(Number.NaN);
      for (const { offset, vector } of vectorsOf(ids.parts, "trace_id")) {
        for (let row = 0; row < vector.length; row++) {
          values[offset + row] = byTrace.get(String(vector.get(row))) ?? Number.NaN;
        }
      }
      return { kind: "number", name: `score ${scores}`, values };
    })
  };
}

interface Parts {
  readonly total: number;
  readonly parts: readonly { readonly rows: Table; readonly offset: number }[];
}

/** Every row of some columns, in as few windows as the server allows. */
async function readParts(slug: string, table: string, only: readonly string[]): Promise<Parts> {
  const parts: { readonly rows: Table; readonly offset: number }[] = [];
  let total = 1;
  for (let offset = 0; offset < total; ) {
    const read: RowBytes = await api.rowBytes(slug, table, {
      offset,
      limit: 1_000_000,
      sort: null,
      descending: false,
      only
    });
    total = read.total;
    const rows = tableFromIPC(read.bytes);
    if (rows.numRows === 0) break;
    parts.push({ rows, offset });
    offset += rows.numRows;
  }
  return { total, parts };
}

async function readRow(slug: string, table: string, offset: number): Promise<Table> {
  const { bytes } = await api.rowBytes(slug, table, { offset, limit: 1, sort: null, descending: false });
  return tableFromIPC(bytes);
}

function vectorsOf(parts: Parts["parts"], name: string) {
  return parts.flatMap(({ rows, offset }) => {
    const vector = rows.getChild(name);
    return vector ? [{ vector, offset }] : [];
  });
}

/** Copies whole buffers where there are no gaps in them. */
function copyNumbers(vector: Vector | null, to: Float32Array | Int32Array, offset: number): void {
  if (!vector) return;
  if (vector.nullCount === 0) {
    const values: unknown = vector.toArray();
    if (ArrayBuffer.isView(values) && !(values instanceof BigInt64Array) && !(values instanceof DataView)) {
      to.set(values as Float64Array, offset);
      return;
    }
  }
  for (let row = 0; row < vector.length; row++) {
    const value: unknown = vector.get(row);
    if (value !== null && value !== undefined) to[offset + row] = Number(value);
    else if (to instanceof Float32Array) to[offset + row] = Number.NaN;
  }
}

/** Runs a reading once, however often it is asked for; one that failed is tried again. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= read().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  };
}
