"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { readLocally } from "#lib/browser/local-reading.ts";
import { loadMonaco, setKnownTables } from "#lib/browser/monaco.ts";
import { findStale } from "#lib/browser/stale-cells.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { allows } from "#lib/model/share.ts";
import { sharingPaths } from "#lib/wire/sharing-paths.ts";
import type { CellReading, RunRequest } from "#lib/wire/workbook.ts";
import { copyText } from "#lib/workbook/copy-text.ts";
import { Button } from "../../_parts/button.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { useComments } from "../../_parts/use-comments.ts";
import { WorkbookTalk } from "./_parts/cell-comments.tsx";
import { CellList } from "./_parts/cell-list.tsx";
import { Conflict } from "./_parts/conflict.tsx";
import { MayEdit } from "./_parts/may-edit.ts";
import { ParamsBar } from "./_parts/params-bar.tsx";
import { Revisions } from "./_parts/revisions.tsx";
import { ShareDialog } from "./_parts/share-dialog.tsx";
import { TitleBar, type WorkbookPane } from "./_parts/title-bar.tsx";
import { useDraft } from "./use-draft.ts";
import { useGivenParams } from "./use-given-params.ts";
import { useReading } from "./use-reading.ts";
import { useRun } from "./use-run.ts";
import { useScorerActions } from "./use-scorer-actions.ts";
import "./workbook.css";

const autoDelayMs = 700;

/** A text that can be brought back, and how that is said. */
interface Undo {
  readonly text: string;
  readonly said: string;
  readonly action: string;
}

/** A workbook: its title bar, its parameters, its cells. */
export function WorkbookView({ slug }: { readonly slug: string }) {
  const router = useRouter();
  const draft = useDraft(slug);
  const running = useRun(slug);
  const [params, setParam] = useGivenParams();
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [pane, setPane] = useState<WorkbookPane>("cells");
  const [auto, setAuto] = useState(false);
  const [undo, setUndo] = useState<Undo | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const { text, change } = draft;
  const [shares, setShares] = useState(false);
  const mayEdit = draft.stored !== null && allows(draft.stored.access, "edit");
  const talk = useComments(draft.stored ? sharingPaths.workbookComments(slug) : null);
  const [reading, setReading] = useReading(slug, draft.stored ? text : null, setFault);
  const reply = reading?.reply ?? null;

  useEffect(() => {
    setKnownTables(
      Object.values(running.cells).flatMap(({ cell }) =>
        cell.state === "done" && "columns" in cell.result
          ? [{ name: cell.result.table, columns: cell.result.columns.map(({ name }) => name) }]
          : []
      )
    );
  }, [running.cells]);

  const loading = useRef<ReturnType<typeof loadMonaco> | null>(null);
  const load = useCallback(() => {
    loading.current ??= Promise.all([api.schema(), api.contract()]).then(([schema, contract]) =>
      loadMonaco(schema, contract, api.packageTypes)
    );
    return loading.current;
  }, []);

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
  const bench = useScorerActions(slug, latest, draft);
  const runNow = useRef(run);
  runNow.current = run;

  useEffect(() => {
    if (!auto || running.running || stale.size === 0) return;
    const timer = setTimeout(() => void runNow.current("stale"), autoDelayMs);
    return () => clearTimeout(timer);
  }, [auto, stale, running.running]);

  // The same keys as in an editor, for when none has the caret.
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void runNow.current("all");
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, []);

  // Cells are drawn long after the browser has looked for the place that the address names.
  const opened = reply !== null;
  useEffect(() => {
    if (opened && location.hash !== "")
      document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }, [opened]);

  /** Takes a new text at once; the server's reading of it follows when typing pauses. */
  const take = (next: string, keep: Undo | null) => {
    if (!mayEdit) return;
    setUndo(keep);
    setSaid(null);
    setFault(null);
    latest.current = { ...latest.current, text: next };
    change(next);
    const local = reading && readLocally(reading.reply, next);
    if (local) setReading({ text: next, reply: local });
    // A text that cannot be read is mended in the source view, which stays until it is left.
    if (local?.fault) setPane("source");
  };
  const edit = (make: (text: string) => string, said?: string) => {
    const before = latest.current.text;
    try {
      take(make(before), said === undefined ? null : { text: before, said, action: "Undo" });
    } catch (error) {
      setFault(reportOf(error));
    }
  };
  const copyLink = (cell: CellReading) => {
    const link = `${location.origin}${location.pathname}${location.search}#${encodeURIComponent(cell.name ?? cell.key)}`;
    navigator.clipboard.writeText(link).then(
      () => setSaid(`The link to ${cell.name ?? "the cell"} is copied.`),
      () => setSaid(`This browser does not let a page copy. The link: ${link}`)
    );
  };

  const copy = () => {
    const title = `Copy of ${reply?.title || draft.stored?.title}`;
    api.createWorkbook({ title, text: copyText(text, title) }).then(
      (made) => router.push(`/workbooks/${made.slug}`),
      (error: unknown) => setFault(reportOf(error))
    );
  };

  if (draft.fault) return <StateNotice notice={{ kind: "fault", fault: draft.fault }} />;
  if (!draft.stored || !reply) {
    if (fault) return <StateNotice notice={{ kind: "fault", fault }} />;
    return <StateNotice notice={{ kind: "waiting", label: "Opening the workbook" }} />;
  }
  const faults = [fault, running.fault, draft.save.kind === "failed" ? draft.save.fault : null];
  return (
    <MayEdit value={mayEdit}>
      {shares ? <ShareDialog slug={slug} title={draft.stored.title} onClose={() => setShares(false)} /> : null}
      <TitleBar
        access={draft.stored.access}
        owner={draft.stored.owner}
        onShare={() => setShares(true)}
        onCopy={copy}
        title={reply.title || draft.stored.title}
        save={draft.save}
        revision={draft.stored.revision}
        outcome={running.outcome}
        running={running.running}
        stale={stale.size}
        auto={auto}
        pane={pane}
        onAuto={setAuto}
        onPane={setPane}
        onDownload={() => saveAsFile(`${slug}.md`, text)}
        onRuns={() => router.push(`/runs?workbook=${encodeURIComponent(slug)}`)}
        onRun={(asked) => void run(asked)}
        onStop={running.stop}
      />
      <div className="content workbook">
        <div aria-live="polite">
          {running.moved && !running.running ? (
            <StateNotice
              notice={{
                kind: "partial",
                sentence: "Traces or scores have arrived since these results. Run all reads them too."
              }}
            />
          ) : null}
          {faults.map((found) =>
            found ? <StateNotice key={found.message} notice={{ kind: "fault", fault: found }} /> : null
          )}
          {undo === null ? null : (
            <div className="notice">
              <span className="grow">{undo.said}</span>
              <Button small onClick={() => take(undo.text, null)}>
                {undo.action}
              </Button>
            </div>
          )}
          {said === null ? null : (
            <div className="notice">
              <span className="grow">{said}</span>
              <Button small onClick={() => setSaid(null)}>
                Close
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
        {pane === "revisions" ? (
          <Revisions
            slug={slug}
            text={text}
            onRestore={(earlier) => take(earlier, { text, said: "The earlier text was restored.", action: "Undo" })}
          />
        ) : null}
        {reply.fault ? <StateNotice notice={{ kind: "fault", fault: reply.fault }} /> : null}
        {pane === "source" || reply.fault ? (
          <textarea
            className="source"
            aria-label="The whole workbook as text"
            spellCheck={false}
            readOnly={!mayEdit}
            value={text}
            onChange={({ target }) => take(target.value, null)}
          />
        ) : (
          <WorkbookTalk value={talk}>
            <CellList
              slug={slug}
              cells={reply.cells}
              shown={running.cells}
              stale={stale}
              load={load}
              onEdit={edit}
              onRun={(keys) => void run(keys)}
              onRunAll={() => void run("all")}
              onStop={running.stop}
              onCopyLink={copyLink}
              onForecast={({ key }) => api.forecastCell(slug, key, latest.current)}
              bench={bench}
              onSelected={(map) =>
                setTouched((now) => new Set([...now, ...readersOf(`${map.name}_selection`, reply.cells)]))
              }
            />
          </WorkbookTalk>
        )}
      </div>
    </MayEdit>
  );
}

/** Keys of cells whose text holds a word. */
function readersOf(word: string, cells: readonly CellReading[]): readonly string[] {
  return cells.filter(({ text }) => text.includes(word)).map(({ key }) => key);
}

/** Hands the text out as a file. */
function saveAsFile(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
