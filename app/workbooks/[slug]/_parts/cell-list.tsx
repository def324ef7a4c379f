"use client";
import type * as Monaco from "monaco-editor";
import { useContext, useRef } from "react";
import { changeKind, changeName, duplicateCell, withFreeName } from "#lib/browser/cell-edits.ts";
import type { ShownCell } from "#lib/browser/stale-cells.ts";
import type { CellForecastReply } from "#lib/wire/cell-forecast.ts";
import type { CellReading } from "#lib/wire/workbook.ts";
import { deleteCell, insertCell, moveCell, type NewCell, replaceCell } from "#lib/workbook/edit.ts";
import { AddCell } from "./add-cell.tsx";
import { CellBox } from "./cell-box.tsx";
import { kindLabels } from "./cell-menu.tsx";
import { MayEdit } from "./may-edit.ts";
import type { BenchActions } from "./use-bench.ts";

/** Above this many cells, editors are made only where they are about to be seen. */
const mostEagerCells = 40;

interface CellListProps {
  readonly slug: string;
  readonly cells: readonly CellReading[];
  readonly shown: Readonly<Record<string, ShownCell>>;
  readonly stale: ReadonlySet<string>;
  readonly load: () => Promise<typeof Monaco>;
  /** Makes a new text of the one that stands; with a sentence, the earlier one can be brought back. */
  readonly onEdit: (make: (text: string) => string, said?: string) => void;
  readonly onRun: (keys: readonly string[]) => void;
  readonly onRunAll: () => void;
  readonly onStop: () => void;
  readonly onSelected: (map: CellReading) => void;
  readonly onCopyLink: (cell: CellReading) => void;
  readonly onForecast: (cell: CellReading) => Promise<CellForecastReply>;
  readonly bench: BenchActions;
}

/** The cells of a workbook, with a place for a new one between each two. */
export function CellList(props: CellListProps) {
  const { slug, cells, shown, stale, load, onEdit, onRun } = props;
  const dragged = useRef<number | null>(null);
  const mayEdit = useContext(MayEdit);
  const taken = new Set(cells.flatMap(({ name }) => (name === null ? [] : [name])));
  const add = (index: number, cell: NewCell) => onEdit((text) => insertCell(text, index, withFreeName(cell, taken)));
  const move = (from: number, to: number) => {
    if (to >= 0 && to < cells.length && to !== from) onEdit((text) => moveCell(text, from, to));
  };
  return (
    <>
      {mayEdit ? <AddCell onAdd={(cell) => add(0, cell)} /> : null}
      {cells.map((cell, index) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop; Alt+Up and Alt+Down do the same
        <div
          key={`${cell.kind}:${cell.key}`}
          onDragOver={(event) => {
            if (dragged.current !== null) event.preventDefault();
          }}
          onDrop={(event) => {
            if (dragged.current === null) return;
            event.preventDefault();
            move(dragged.current, index);
            dragged.current = null;
          }}
        >
          <CellBox
            slug={slug}
            cell={cell}
            shown={shown[cell.key]}
            stale={stale.has(cell.key)}
            version={[cell.key, ...cell.reads].map((key) => shown[key]?.version ?? 0).join("-")}
            eager={cells.length <= mostEagerCells}
            load={load}
            onChange={(body) => onEdit((text) => replaceCell(text, index, body))}
            onRun={(moveOn) => {
              onRun([cell.key]);
              if (moveOn) focusAfter(index);
            }}
            onRunAll={props.onRunAll}
            onStop={props.onStop}
            onDrag={(begins) => {
              dragged.current = begins ? index : null;
            }}
            onAdd={(made) => add(index + 1, made)}
            onRename={(name) =>
              onEdit((text) => changeName(text, index, cell, name, taken), renamed(cell, name, cells))
            }
            onSelected={() => props.onSelected(cell)}
            onForecast={() => props.onForecast(cell)}
            usedBy={usersOf(cell, cells)}
            bench={props.bench}
            actions={{
              onMove: (by) => move(index, index + by),
              onDuplicate: () => onEdit((text) => duplicateCell(text, index, cell, taken)),
              onKind: (kind) =>
                onEdit((text) => changeKind(text, index, cell, kind, taken), `The cell is now: ${kindLabels[kind]}.`),
              onCopyLink: () => props.onCopyLink(cell),
              onDelete: () => onEdit((text) => deleteCell(text, index), "The cell was deleted.")
            }}
          />
          {mayEdit ? <AddCell onAdd={(made) => add(index + 1, made)} /> : <div className="cell-gap" />}
        </div>
      ))}
    </>
  );
}

/** Texts of the score cells that have a scorer score. */
function usersOf({ key }: CellReading, cells: readonly CellReading[]): string {
  return cells
    .flatMap(({ kind, reads, text }) => (kind === "score" && reads.includes(key) ? [text] : []))
    .join("\n---\n");
}

/** What a new name means for the cells that read the old one. */
function renamed(cell: CellReading, name: string, cells: readonly CellReading[]): string {
  const readers = cells.filter(({ reads }) => reads.includes(cell.key)).map(({ key }) => key);
  const said = `"${cell.name ?? cell.key}" is now called "${name}".`;
  return readers.length === 0 ? said : `${said} Still reading the old name: ${readers.join(", ")}.`;
}

/** Puts the caret into the next cell that has an editor. */
function focusAfter(index: number): void {
  const boxes = [...document.querySelectorAll(".workbook .cell")].slice(index + 1);
  for (const box of boxes) {
    const input = box.querySelector<HTMLElement>(".native-edit-context, textarea.inputarea");
    if (!input) continue;
    input.focus();
    box.scrollIntoView({ block: "nearest" });
    return;
  }
}
