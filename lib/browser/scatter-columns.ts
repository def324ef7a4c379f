import { type DataType, Type, type Vector } from "apache-arrow";

/** A property of points, as typed arrays of n. */
export type ScatterColumn =
  | {
      readonly kind: "category";
      readonly name: string;
      /** Index into `words`; -1 where there is no value. */
      readonly codes: Int32Array;
      /** The most frequent first. */
      readonly words: readonly string[];
      readonly counts: readonly number[];
    }
  | {
      /** NaN where there is no value; times in milliseconds since 1970 UTC. */
      readonly kind: "number" | "time";
      readonly name: string;
      readonly values: Float64Array;
    };

/** What kind of column a type of Arrow makes; null for one that is no property to colour by. */
export function kindOf(type: DataType): ScatterColumn["kind"] | null {
  switch (type.typeId) {
    case Type.Int:
    case Type.Float:
    case Type.Decimal:
      return "number";
    case Type.Timestamp:
    case Type.Date:
      return "time";
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Dictionary:
    case Type.Bool:
      return "category";
    default:
      return null;
  }
}

/**
 * Makes a column of the parts it came in.
 *
 * @param parts  windows of the table, in order, with the number of their first row
 * @param n      points of the map; rows that did not come have no value
 */
export function buildColumn(
  name: string,
  parts: readonly { readonly offset: number; readonly vector: Vector }[],
  n: number
): ScatterColumn | null {
  const kind = parts[0] ? kindOf(parts[0].vector.type) : null;
  if (kind === null) return null;
  if (kind === "category") return buildCategory(name, parts, n);
  const values = new Float64Array(n).fill(Number.NaN);
  for (const { offset, vector } of parts) {
    for (let row = 0; row < vector.length; row++) {
      const value: unknown = vector.get(row);
      if (value !== null && value !== undefined) values[offset + row] = Number(value);
    }
  }
  return { kind, name, values };
}

function buildCategory(
  name: string,
  parts: readonly { readonly offset: number; readonly vector: Vector }[],
  n: number
): ScatterColumn {
  const first = new Int32Array(n).fill(-1);
  const seen = new Map<string, number>();
  const counts: number[] = [];
  for (const { offset, vector } of parts) {
    for (let row = 0; row < vector.length; row++) {
      const value: unknown = vector.get(row);
      if (value === null || value === undefined) continue;
      const word = String(value);
      let code = seen.get(word);
      if (code === undefined) {
        code = seen.size;
        seen.set(word, code);
      }
      counts[code] = (counts[code] ?? 0) + 1;
      first[offset + row] = code;
    }
  }
  const order = counts.map((_, code) => code).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
  const rank = new Int32Array(order.length);
  for (const [place, code] of order.entries()) rank[code] = place;
  const words = [...seen.keys()];
  return {
    kind: "category",
    name,
    codes: first.map((code) => (code < 0 ? -1 : (rank[code] ?? -1))),
    words: order.map((code) => words[code] ?? ""),
    counts: order.map((code) => counts[code] ?? 0)
  };
}

/** Which points have none of the hidden values of any column. @returns null when none is hidden */
export function hideValues(
  n: number,
  hidden: readonly { readonly codes: Int32Array; readonly values: ReadonlySet<number> }[]
): Uint8Array | null {
  const active = hidden.filter(({ values }) => values.size > 0);
  if (active.length === 0) return null;
  const shown = new Uint8Array(n).fill(1);
  for (const { codes, values } of active) {
    for (let at = 0; at < n; at++) if (values.has(codes[at] ?? -1)) shown[at] = 0;
  }
  return shown;
}

/** A column of n points: those that it does not know yet have no value. */
export function fitColumn(column: ScatterColumn, n: number): ScatterColumn {
  if (column.kind === "category") {
    if (column.codes.length === n) return column;
    const codes = new Int32Array(n).fill(-1);
    codes.set(column.codes.subarray(0, n));
    return { ...column, codes };
  }
  if (column.values.length === n) return column;
  const values = new Float64Array(n).fill(Number.NaN);
  values.set(column.values.subarray(0, n));
  return { ...column, values };
}

/** A mask of n points: those that it does not know yet are not in it. */
export function fitMask(mask: Uint8Array | null, n: number): Uint8Array | null {
  if (!mask || mask.length === n) return mask;
  const fitted = new Uint8Array(n);
  fitted.set(mask.subarray(0, n));
  return fitted;
}
