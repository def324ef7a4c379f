import type { ParamValue } from "#lib/model/cell.ts";
import type { CellState } from "#lib/model/run.ts";
import type { ReadReply } from "#lib/wire/workbook.ts";
import { givenParams } from "#lib/workbook/params.ts";

/** What a cell gave, and the text and parameters it gave it for. */
export interface ShownCell {
  readonly cell: CellState;
  readonly text: string;
  /** Every parameter of the workbook at that time, as given or defaulted. */
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Grows with every result. */
  readonly version: number;
}

/**
 * Keys of cells whose text, parameters or anything they read has changed since their result. A parameter
 * matters to the cells that name it; one that a cell's result did not know yet counts as changed.
 *
 * @param touched  cells that something else has made stale, such as a new selection on a map
 */
export function findStale(
  reading: ReadReply,
  cells: Readonly<Record<string, ShownCell>>,
  params: Readonly<Record<string, ParamValue>>,
  touched: ReadonlySet<string>
): ReadonlySet<string> {
  const now = givenParams(reading.params, params);
  const byKey = new Map(reading.cells.map((cell) => [cell.key, cell]));
  const known = new Map<string, boolean>();
  const isStale = (key: string): boolean => {
    const earlier = known.get(key);
    if (earlier !== undefined) return earlier;
    // A ring of references is a fault of its cells; here it must only end.
    known.set(key, false);
    const [cell, shown] = [byKey.get(key), cells[key]];
    const stale =
      cell !== undefined &&
      shown?.cell.state === "done" &&
      (shown.text !== cell.text ||
        touched.has(key) ||
        namedParams(cell.text).some((name) => String(now[name]) !== String(shown.params[name])) ||
        cell.reads.some(isStale));
    known.set(key, stale);
    return stale;
  };
  return new Set(reading.cells.map(({ key }) => key).filter(isStale));
}

function namedParams(text: string): readonly string[] {
  return [...text.matchAll(/\$([A-Za-z_]\w*)/g)].map((match) => match[1]!);
}
