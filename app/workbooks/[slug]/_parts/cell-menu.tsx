import { useContext } from "react";
import type { CellKind } from "#lib/model/cell.ts";
import type { CellReading } from "#lib/wire/workbook.ts";
import { Menu } from "../../../_parts/menu.tsx";
import { MayEdit } from "./may-edit.ts";

/** What can be done with a cell as a whole. */
export interface CellActions {
  readonly onMove: (by: -1 | 1) => void;
  readonly onDuplicate: () => void;
  readonly onKind: (kind: CellKind) => void;
  readonly onCopyLink: () => void;
  readonly onDelete: () => void;
}

/** Kinds of cells as a person reads them. */
export const kindLabels: Readonly<Record<CellKind, string>> = {
  prose: "Text",
  sql: "SQL",
  chart: "Chart",
  scorer: "Scorer",
  judge: "Judge",
  score: "Score",
  map: "Map",
  calibration: "Calibration",
  check: "Check"
};

interface CellMenuProps {
  readonly cell: CellReading;
  readonly actions: CellActions;
  readonly onRename: () => void;
}

/** The `⋯` of a cell. */
export function CellMenu({ cell, actions, onRename }: CellMenuProps) {
  const { onMove, onDuplicate, onKind, onCopyLink, onDelete } = actions;
  const kinds = Object.keys(kindLabels) as CellKind[];
  const label = `More for ${cell.name ?? cell.key}`;
  if (!useContext(MayEdit)) return <Menu label={label} items={[{ label: "Copy link", onChoose: onCopyLink }]} />;
  return (
    <Menu
      label={label}
      items={[
        { label: "Move up", keys: "Alt+↑", onChoose: () => onMove(-1) },
        { label: "Move down", keys: "Alt+↓", onChoose: () => onMove(1) },
        { label: "Duplicate", onChoose: onDuplicate },
        { label: "Rename", disabled: cell.kind === "prose", onChoose: onRename },
        { label: "Copy link", onChoose: onCopyLink },
        { label: "Delete", danger: true, onChoose: onDelete },
        { heading: "Change into" },
        ...kinds
          .filter((kind) => kind !== cell.kind)
          .map((kind) => ({ label: kindLabels[kind], onChoose: () => onKind(kind) }))
      ]}
    />
  );
}
