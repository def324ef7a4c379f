import type { Cell, Workbook } from "#lib/model/cell.ts";
import { Fault, isFault } from "#lib/model/fault.ts";
import { parseScoreSettings, type ScoreSettings } from "./cell-settings.ts";
import { nameKey } from "./names.ts";

/** A score cell that has a scorer or judge score. */
export interface ScorerUse {
  readonly cell: Cell;
  readonly settings: ScoreSettings;
}

/** The cell of a scorer or judge. @throws Fault `missing` where there is none, `invalid` for a cell of another kind */
export function requireScorer(workbook: Workbook, key: string): Cell {
  const cell = workbook.cells.find((candidate) => nameKey(candidate.key) === nameKey(key));
  if (!cell) throw new Fault("missing", `the workbook has no cell "${key}"`);
  if (cell.kind === "scorer" || cell.kind === "judge") return cell;
  throw new Fault("invalid", `the cell "${cell.key}" is no scorer and no judge`);
}

/** Score cells that name a scorer, in their order; those that cannot be read are left out. */
export function listUses(workbook: Workbook, { key }: Pick<Cell, "key">): readonly ScorerUse[] {
  return workbook.cells.flatMap((cell) => {
    if (cell.kind !== "score") return [];
    try {
      const settings = parseScoreSettings(cell.text);
      return nameKey(settings.scorer) === nameKey(key) ? [{ cell, settings }] : [];
    } catch (error) {
      // It says so itself, at its own place.
      if (isFault(error)) return [];
      throw error;
    }
  });
}

/** The use that was asked for; the first where that is gone, undefined where there is none. */
export function chooseUse(uses: readonly ScorerUse[], wanted: string | null): ScorerUse | undefined {
  return uses.find(({ cell }) => cell.key === wanted) ?? uses[0];
}
