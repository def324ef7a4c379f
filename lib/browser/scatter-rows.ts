import { type Table, tableFromIPC } from "apache-arrow";
import { api } from "./api.ts";

/** Points of a map as the drawing needs them. */
export interface MapPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Negative in no cluster. */
  readonly cluster: Int32Array;
  traceId(at: number): string | null;
  label(at: number): string | null;
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
  const read = (name: string, at: number): string | null => {
    const own = windows.findLast(({ offset }) => offset <= at);
    const value: unknown = own?.rows.getChild(name)?.get(at - own.offset);
    return value === null || value === undefined ? null : String(value);
  };
  return { x, y, cluster, traceId: (at) => read("trace_id", at), label: (at) => read("cluster_label", at) };
}
