import { type Table, tableFromIPC } from "apache-arrow";
import { api } from "./api.ts";

/** Points of a map as the drawing needs them. */
export interface MapPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Negative in no cluster. */
  readonly cluster: Int32Array;
  /** A value of the map's table as text; null where it has none. */
  text(at: number, column: "trace_id" | "cluster_label" | "agent" | "business_unit"): string | null;
  /** How unlike its surroundings the trace is, 0..1. */
  novelty(at: number): number | null;
}

const windowRows = 10_000;

/** Reads a map table of a workbook's kernel, window by window. */
export async function readMapPoints(slug: string, table: string): Promise<MapPoints> {
  const windows: { readonly rows: Table; readonly offset: number }[] = [];
  let total = 1;
  for (let offset = 0; offset < total; ) {
    const read = await api.rowBytes(slug, table, { offset, limit: windowRows, sort: null, descending: false });
    total = read.total;
    const rows = tableFromIPC(read.bytes);
    if (rows.numRows === 0) break;
    windows.push({ rows, offset });
    offset += rows.numRows;
  }
  const x = new Float32Array(total);
  const y = new Float32Array(total);
  const cluster = new Int32Array(total).fill(-1);
  for (const { rows, offset } of windows) {
    const [xs, ys, ids] = [rows.getChild("x"), rows.getChild("y"), rows.getChild("cluster")];
    for (let row = 0; row < rows.numRows; row++) {
      x[offset + row] = Number(xs?.get(row));
      y[offset + row] = Number(ys?.get(row));
      const id: unknown = ids?.get(row);
      cluster[offset + row] = id === null || id === undefined ? -1 : Number(id);
    }
  }
  const value = (at: number, column: string): unknown => {
    const own = windows.findLast(({ offset }) => offset <= at);
    return own?.rows.getChild(column)?.get(at - own.offset);
  };
  return {
    x,
    y,
    cluster,
    text: (at, column) => {
      const found = value(at, column);
      return found === null || found === undefined ? null : String(found);
    },
    novelty: (at) => {
      const found = value(at, "novelty");
      return typeof found === "number" ? found : null;
    }
  };
}
