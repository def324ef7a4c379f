"use client";
import Link from "next/link";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { readLocally } from "#lib/browser/local-reading.ts";
import { loadMonaco, setKnownTables } from "#lib/browser/monaco.ts";
import type { ParamValue } from "#lib/model/cell.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { ReadReply, RunRequest } from "#lib/wire/workbook.ts";
import { deleteCell, insertCell, moveCell, type NewCell, replaceCell } from "#lib/workbook/edit.ts";
import { Button } from "../../_parts/button.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { AddCell } from "./_parts/add-cell.tsx";
import { CellBox } from "./_parts/cell-box.tsx";
import { Conflict } from "./_parts/conflict.tsx";
import { ParamsBar } from "./_parts/params-bar.tsx";
import { Revisions } from "./_parts/revisions.tsx";
import { OutcomeText, SaveText } from "./_parts/title-state.tsx";
import { useDraft } from "./use-draft.ts";
import { findStale, useRun } from "./use-run.ts";

const readDelayMs = 200;
const autoDelayMs = 700;
/** Above this many cells, editors are made only where they are about to be seen. */
const mostEagerCells = 40;

/** A workbook: its title bar, its parameters, its cells. */
export function WorkbookView({ slug }: { readonly slug: string }) {
  const draft = useDraft(slug);
  const running = useRun(slug);
  const [reading, setReading] = useState<{ readonly text: string; readonly reply: ReadReply } | null>(null);
  const [params, setParams] = useState<Readonly<Record<string, ParamValue>>>({});
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [view, setView] = useState<"cells" | "source" | "revisions">("cells");
  const [auto, setAuto] = useState(false);
  const [undo, setUndo] = useState<Undo | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const dragged = useRef<number | null>(null);
  const { text, change } = draft;

  useEffect(() => {
    const query = new URLSearchParams(location.search);
    setParams(
      Object.fromEntries(
        [...query].filter(([name]) => name.startsWith("p.")).map(([name, value]) => [name.slice(2), parseParam(value)])
      )
    );
  }, []);

  useEffect(() => {
    if (!draft.stored) return;
    let live = true;
    const timer = setTimeout(() => {
      api.readText(slug, text).then(
        (reply) => live && setReading({ text, reply }),
        (error: unknown) => live && setFault(reportOf(error))
      );
    }, readDelayMs);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [slug, text, draft.stored]);

  useEffect(() => {
    setKnownTables(
      Object.values(running.cells).flatMap(({ cell }) =>
        cell.state === "done" && "columns" in cell.result
          ? [{ name: cell.result.table, columns: cell.result.columns.map(({ name }) => name) }]
          : []
      )
    );
  }, [running.cells]);

  const load = useCallback(async () => {
    const [schema, contract] = await Promise.all([api.schema(), api.contract()]);
    return loadMonaco(schema.views, contract);
  }, []);

  const reply = reading?.reply ?? null;
  const stale = useMemo(
    () => (reply ? findStale(reply, running.cells, params, touched) : new Set<string>()),
    [reply, running.cells, params, touched]
  );

  const latest = useRef({ text, params });
  latest.current = { text, params };
  /** Runs the text as it stands this moment, read anew: the last keystroke may not have been read yet. */
  const run = async (asked: RunRequest["cells"]) => {
    const now = latest.current;
    try {
      const fresh = reading?.text === now.text ? reading.reply : await api.readText(slug, now.text);
      setReading({ text: now.text, reply: fresh });
      if (fresh.fault) return;
      setTouched(new Set());
      await running.run(fresh, now.text, asked, now.params);
    } catch (error) {
      setFault(reportOf(error));
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: run is made anew at every drawing; what matters is what is stale
  useEffect(() => {
    if (!auto || running.running || stale.size === 0) return;
    const timer = setTimeout(() => void run("stale"), autoDelayMs);
    return () => clearTimeout(timer);
  }, [auto, stale, running.running]);

  const setParam = (name: string, value: ParamValue) => {
    const next = { ...params, [name]: value };
    setParams(next);
    const query = new URLSearchParams(Object.entries(next).map(([key, item]) => [`p.${key}`, String(item)]));
    history.replaceState(null, "", `?${query}`);
  };
  /** Takes a new text at once; the server's reading of it follows when typing pauses. */
  const take = (next: string, keep: Undo | null) => {
    setUndo(keep);
    latest.current = { ...latest.current, text: next };
    change(next);
    const local = reading && readLocally(reading.reply, next);
    if (local) setReading({ text: next, reply: local });
    // A text that cannot be read is mended in the source view, which stays until it is left.
    if (local?.fault) setView("source");
  };
  const edit = (make: () => string, keep: Undo | null = null) => {
    try {
      take(make(), keep);
    } catch (error) {
      setFault(reportOf(error));
    }
  };

  if (draft.fault) return <StateNotice notice={{ kind: "fault", fault: draft.fault }} />;
  if (!draft.stored || !reply) return <StateNotice notice={{ kind: "waiting", label: "Opening the workbook" }} />;
  const taken = new Set(reply.cells.flatMap(({ name }) => (name === null ? [] : [name])));
  const add = (index: number, cell: NewCell) => edit(() => insertCell(text, index, withFreeName(cell, taken)));
  return (
    <>
      <header className="title-bar">
        <h1>{reply.title || draft.stored.title}</h1>
        <SaveText save={draft.save} revision={draft.stored.revision} />
        <span className="row" style={{ marginLeft: "auto", gap: 8 }}>
          {running.outcome ? <OutcomeText outcome={running.outcome} /> : null}
          <label className="row soft" style={{ gap: 4 }}>
            <input type="checkbox" checked={auto} onChange={({ target }) => setAuto(target.checked)} /> automatic
          </label>
          <Button small onClick={() => setView(view === "revisions" ? "cells" : "revisions")}>
            Revisions
          </Button>
          <Button small onClick={() => setView(view === "source" ? "cells" : "source")}>
            {view === "source" ? "Cells" : "Source"}
          </Button>
          <Button small onClick={() => saveAsFile(`${slug}.md`, text)}>
            Download
          </Button>
          {running.running ? (
            <Button tone="main" icon="stop" onClick={running.stop}>
              Stop
            </Button>
          ) : (
            <>
              <Button small disabled={stale.size === 0} onClick={() => void run("stale")}>
                Run stale{stale.size > 0 ? ` (${stale.size})` : ""}
              </Button>
              <Button tone="main" icon="play" onClick={() => void run("all")}>
                Run all
              </Button>
            </>
          )}
        </span>
      </header>
      <div className="content workbook">
        <div aria-live="polite">
          {running.moved && !running.running ? (
            <StateNotice
              notice={{ kind: "partial", sentence: "Traces have arrived since these results. Run all reads them too." }}
            />
          ) : null}
          {[fault, running.fault].map((found) =>
            found ? <StateNotice key={found.message} notice={{ kind: "fault", fault: found }} /> : null
          )}
          {draft.save.kind === "failed" ? <StateNotice notice={{ kind: "fault", fault: draft.save.fault }} /> : null}
          {undo === null ? null : (
            <div className="notice">
              <span className="grow">{undo.said}</span>
              <Button small onClick={() => take(undo.text, null)}>
                {undo.action}
              </Button>
            </div>
          )}
        </div>
        {draft.save.kind === "conflict" ? (
          <Conflict
            mine={text}
            theirs={draft.save.current.text}
            revision={draft.save.current.revision}
            onSettle={(mine) => {
              if (!mine)
                setUndo({ text, said: "Their text is shown now; yours is not lost.", action: "Bring mine back" });
              draft.settle(mine);
            }}
          />
        ) : null}
        {Object.keys(reply.params).length > 0 ? (
          <ParamsBar specs={reply.params} choices={reply.choices} values={params} onChange={setParam} />
        ) : null}
        {view === "revisions" ? (
          <Revisions
            slug={slug}
            text={text}
            onRestore={(earlier) => take(earlier, { text, said: "The earlier text was restored.", action: "Undo" })}
          />
        ) : null}
        {reply.fault ? <StateNotice notice={{ kind: "fault", fault: reply.fault }} /> : null}
        {view === "source" || reply.fault ? (
          <textarea
            className="source"
            aria-label="The whole workbook as text"
            spellCheck={false}
            value={text}
            onChange={({ target }) => take(target.value, null)}
          />
        ) : (
          <>
            <AddCell taken={taken} onAdd={(cell) => add(0, cell)} />
            {reply.cells.map((cell, index) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop; Alt+Up and Alt+Down do the same
              <div
                key={`${cell.kind}:${cell.key}`}
                onDragOver={(event) => {
                  if (dragged.current !== null) event.preventDefault();
                }}
                onDrop={(event) => {
                  const from = dragged.current;
                  dragged.current = null;
                  if (from === null || from === index) return;
                  event.preventDefault();
                  edit(() => moveCell(text, from, index));
                }}
              >
                <CellBox
                  slug={slug}
                  cell={cell}
                  shown={running.cells[cell.key]}
                  stale={stale.has(cell.key)}
                  version={[cell.key, ...cell.reads].map((key) => running.cells[key]?.version ?? 0).join("-")}
                  eager={reply.cells.length <= mostEagerCells}
                  load={load}
                  onChange={(body) => edit(() => replaceCell(latest.current.text, index, body))}
                  onRun={(moveOn) => {
                    void run([cell.key]);
                    if (moveOn) focusAfter(index);
                  }}
                  onStop={running.stop}
                  onMove={(by) => {
                    const to = index + by;
                    if (to >= 0 && to < reply.cells.length) edit(() => moveCell(text, index, to));
                  }}
                  onDrag={(begins) => {
                    dragged.current = begins ? index : null;
                  }}
                  onDelete={() =>
                    edit(() => deleteCell(text, index), { text, said: "The cell was deleted.", action: "Undo" })
                  }
                  onAdd={(made) => add(index + 1, made)}
                  onSelected={() =>
                    setTouched(
                      (now) =>
                        new Set([
                          ...now,
                          ...reply.cells
                            .filter(({ text: body }) => body.includes(`${cell.name}_selection`))
                            .map(({ key }) => key)
                        ])
                    )
                  }
                />
                <AddCell taken={taken} onAdd={(made) => add(index + 1, made)} />
              </div>
            ))}
          </>
        )}
        <p className="soft">
          <Link href={`/runs?workbook=${encodeURIComponent(slug)}`}>Runs of this workbook</Link>
        </p>
      </div>
    </>
  );
}

/** A text that can be brought back, and how that is said. */
interface Undo {
  readonly text: string;
  readonly said: string;
  readonly action: string;
}

/** The cell under a name that no other has: `by_day`, `by_day_2`, … */
function withFreeName(cell: NewCell, taken: ReadonlySet<string>): NewCell {
  if (cell.kind === "prose" || cell.name === null) return cell;
  const stem = cell.name;
  let name = stem;
  for (let count = 2; taken.has(name); count += 1) name = `${stem}_${count}`;
  return { ...cell, name };
}

/** Hands the text out as a file. */
function saveAsFile(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
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

function parseParam(value: string): ParamValue {
  if (value === "true" || value === "false") return value === "true";
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}
