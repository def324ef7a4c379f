"use client";
import type * as Monaco from "monaco-editor";
import { useContext, useMemo, useRef, useState } from "react";
import type { ShownCell } from "#lib/browser/stale-cells.ts";
import { suggestChart } from "#lib/chart/suggest-chart.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import type { CellForecastReply } from "#lib/wire/cell-forecast.ts";
import type { CellReading } from "#lib/wire/workbook.ts";
import type { NewCell } from "#lib/workbook/edit.ts";
import { withClusterSize } from "#lib/workbook/map-setting.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { Bench } from "./bench.tsx";
import { CellComments, CommentButton } from "./cell-comments.tsx";
import { CellEditor } from "./cell-editor.tsx";
import { CellForecast } from "./cell-forecast.tsx";
import { type CellActions, CellMenu, kindLabels } from "./cell-menu.tsx";
import { CellName } from "./cell-name.tsx";
import { CellResultView } from "./cell-result.tsx";
import { CellStateText } from "./cell-state.tsx";
import { MayEdit } from "./may-edit.ts";
import { ProseCell } from "./prose-cell.tsx";
import type { BenchActions } from "./use-bench.ts";

interface CellBoxProps {
  readonly slug: string;
  readonly cell: CellReading;
  readonly shown: ShownCell | undefined;
  readonly stale: boolean;
  /** Results of what it reads, as one text that changes with them. */
  readonly version: string;
  /** False in a workbook of many cells: editors are made as they come into view. */
  readonly eager: boolean;
  readonly load: () => Promise<typeof Monaco>;
  readonly onChange: (text: string) => void;
  readonly onRun: (moveOn: boolean) => void;
  readonly onRunAll: () => void;
  readonly onStop: () => void;
  /** A drag of this cell begins or ends. */
  readonly onDrag: (begins: boolean) => void;
  readonly onAdd: (cell: NewCell) => void;
  readonly onRename: (name: string) => void;
  readonly onSelected: () => void;
  /** Asks what running the cell would cost. */
  readonly onForecast: () => Promise<CellForecastReply>;
  /** Texts of the score cells that use it, where it is a scorer or judge. */
  readonly usedBy: string;
  readonly bench: BenchActions;
  readonly actions: CellActions;
}

/** One cell: its head, its text, what it gave. */
export function CellBox(props: CellBoxProps) {
  const {
    slug,
    cell,
    shown,
    stale,
    version,
    eager,
    load,
    onChange,
    onRun,
    onRunAll,
    onStop,
    onDrag,
    onAdd,
    onRename,
    onSelected,
    onForecast,
    usedBy,
    bench,
    actions
  } = props;
  const mayEdit = useContext(MayEdit);
  const [folded, setFolded] = useState(false);
  const [talks, setTalks] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const [tryFault, setTryFault] = useState<FaultReport | null>(null);
  const [editing, setEditing] = useState(mayEdit && cell.text.trim() === "");
  const state = shown?.cell;
  const fault = cell.fault ?? (state?.state === "failed" ? state.fault : null);
  const marked = tryFault?.position ? tryFault : fault;
  const isProse = cell.kind === "prose";
  const name = cell.name ?? cell.key;
  const moves = (event: React.KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    actions.onMove(event.key === "ArrowUp" ? -1 : 1);
  };
  const suggest = () => {
    if (state?.state !== "done" || !("columns" in state.result)) return;
    onAdd({
      kind: "chart",
      name: `${name}_chart`,
      text: `${suggestChart(state.result.table, state.result.columns)}\n`
    });
  };
  const suggestNow = useRef(suggest);
  suggestNow.current = suggest;
  const suggestButton = useMemo(
    () => (
      <Button tone="quiet" small icon="chart" onClick={() => suggestNow.current()}>
        Suggest a chart
      </Button>
    ),
    []
  );
  return (
    <section
      className={`cell cell-${cell.kind}`}
      id={name}
      data-cell={name}
      aria-label={`${kindLabels[cell.kind]} cell ${cell.name ?? ""}`}
      onKeyDown={moves}
    >
      <header className="cell-head">
        <button
          type="button"
          className="cell-fold"
          aria-expanded={!folded}
          aria-label={folded ? "Unfold" : "Fold"}
          onClick={() => setFolded(!folded)}
        >
          {folded ? "▸" : "▾"}
        </button>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the menu and Alt+Up, Alt+Down do the same by keyboard */}
        <span
          className={mayEdit ? "cell-kind cell-grip" : "cell-kind"}
          title={mayEdit ? "Drag to move (Alt+Up, Alt+Down)" : undefined}
          draggable={mayEdit}
          onDragStart={(event) => {
            event.dataTransfer.setData("text/plain", name);
            onDrag(true);
          }}
          onDragEnd={() => onDrag(false)}
        >
          {kindLabels[cell.kind].toLowerCase()}
        </span>
        {renaming ? (
          <CellName name={name} onRename={onRename} onLeave={() => setRenaming(false)} />
        ) : cell.name ? (
          <span className="mono cell-name">{cell.name}</span>
        ) : null}
        <span className="grow" />
        {isProse ? null : <CellStateText cell={state} stale={stale} />}
        <span className="cell-tools">
          <CommentButton place={name} isOpen={talks} onOpen={setTalks} />
          {isProse ? (
            mayEdit ? (
              <Button tone="quiet" small onClick={() => setEditing(!editing)}>
                {editing ? "Done" : "Edit"}
              </Button>
            ) : null
          ) : state?.state === "running" || state?.state === "waiting" ? (
            <Button tone="quiet" small icon="stop" aria-label={`Stop ${name}`} onClick={onStop} />
          ) : (
            <Button
              tone="quiet"
              small
              icon="play"
              aria-label={`Run ${name}`}
              title="Run (Ctrl+Enter)"
              onClick={() => onRun(false)}
            />
          )}
          <CellMenu cell={cell} actions={actions} onRename={() => setRenaming(true)} />
        </span>
      </header>
      {talks ? <CellComments place={name} /> : null}
      {folded ? null : (
        <>
          {isProse && !editing ? <ProseCell text={cell.text} onEdit={() => setEditing(mayEdit)} /> : null}
          {!isProse || editing ? (
            <CellEditor
              id={`${slug}/${cell.kind}-${name}`}
              kind={cell.kind}
              text={cell.text}
              label={`Text of ${name}`}
              eager={eager}
              load={load}
              check={cell.kind === "scorer" ? bench.check : undefined}
              mark={marked?.position ? { message: marked.message, position: marked.position } : null}
              onChange={onChange}
              onRun={onRun}
              onRunAll={onRunAll}
            />
          ) : null}
          <CellForecast key={`${version} ${cell.text}`} cell={cell} onAsk={onForecast} />
          {cell.kind === "scorer" || cell.kind === "judge" ? (
            <Bench slug={slug} cell={cell} usedBy={usedBy} actions={bench} onFault={setTryFault} />
          ) : null}
          {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
          {state?.state === "done" ? (
            <>
              {state.notes.map((note) => (
                <StateNotice key={note} notice={{ kind: "partial", sentence: note }} />
              ))}
              <CellResultView
                slug={slug}
                name={name}
                code={shown?.text || cell.text}
                result={state.result}
                version={version}
                onSelected={onSelected}
                onClusterSize={(size) => {
                  onChange(withClusterSize(cell.text, size));
                  onRun(false);
                }}
                onUse={(table) => onAdd({ kind: "sql", name: null, text: `select *\nfrom ${table}\n` })}
                actions={suggestButton}
              />
            </>
          ) : null}
        </>
      )}
    </section>
  );
}
