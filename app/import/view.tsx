"use client";
import Link from "next/link";
import { useEffect, useState } from "react";
import { takeCarriedFiles } from "#lib/browser/carried-files.ts";
import { formatCount } from "#lib/browser/format.ts";
import type { PickedFile } from "#lib/browser/upload.ts";
import type { ColumnMapping } from "#lib/formats/column-mapping.ts";
import { isBusinessUnit } from "#lib/model/scope.ts";
import type { PreviewReply } from "#lib/wire/import.ts";
import { Button } from "../_parts/button.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";
import { UnitBox } from "../_parts/unit-box.tsx";
import { DropArea } from "./drop-area.tsx";
import "./import.css";
import { MappingTable } from "./mapping-table.tsx";
import { Losses, Outcome } from "./outcome.tsx";
import { PreviewTraces } from "./preview-traces.tsx";
import { usePreview } from "./use-preview.ts";
import { useRun } from "./use-run.ts";
import { type UploadState, useUpload } from "./use-upload.ts";

/** Drop files, see what they would be, say what is not known, import. */
export function ImportView({ formats }: { readonly formats: readonly string[] }) {
  const { state: upload, choose } = useUpload();
  const { state: run, run: start, stop, reset } = useRun();
  const [unit, setUnit] = useState<string | null>(null);
  const [environment, setEnvironment] = useState("");
  const [mapping, setMapping] = useState<ColumnMapping | null>(null);
  const units = upload.ready?.businessUnits ?? [];
  const chosen = unit ?? (units.length === 1 ? units[0]! : "");
  const asked = {
    businessUnit: isBusinessUnit(chosen) ? chosen : (units[0] ?? "preview"),
    environment: environment || null,
    mapping
  };
  const uploadId = run.kind === "done" ? null : (upload.ready?.uploadId ?? null);
  const preview = usePreview(uploadId, asked);
  const running = run.kind === "running";
  const shown = run.kind === "done" ? null : preview.value;

  const take = (files: readonly PickedFile[]) => {
    setMapping(null);
    reset();
    void choose(files);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for files that were dropped on another page
  useEffect(() => {
    const carried = takeCarriedFiles();
    if (carried.length > 0) take(carried);
  }, []);
  const given = mapping ?? (shown?.needsMapping ? plain(shown.mapping) : null);

  return (
    <>
      <header className="title-bar">
        <h1>Import</h1>
        <span className="soft">{upload.files.length > 0 ? describeFiles(upload) : null}</span>
        {shown && upload.ready ? (
          <div className="row" style={{ marginLeft: "auto" }}>
            <UnitBox units={units} mayName={upload.ready.mayName} value={chosen} onChange={setUnit} />
            <label className="field">
              Environment
              <input
                className="input input-small"
                style={{ width: 130 }}
                placeholder="as the files say"
                value={environment}
                onChange={({ target }) => setEnvironment(target.value)}
              />
            </label>
            {running ? (
              <Button icon="stop" onClick={stop}>
                Stop
              </Button>
            ) : (
              <Button
                tone="main"
                title={isBusinessUnit(chosen) ? undefined : "Choose a business unit first"}
                disabled={!isBusinessUnit(chosen) || shown.traces.length === 0 || preview.waiting}
                onClick={() => void start(upload.ready!.uploadId, { ...asked, businessUnit: chosen, mapping: given })}
              >
                Import
              </Button>
            )}
          </div>
        ) : null}
      </header>
      <div className="content content-prose stack">
        {running ? <RunProgress state={run} /> : null}
        {run.kind === "done" ? <Outcome {...run} /> : null}
        {run.kind === "fault" ? <StateNotice notice={{ kind: "fault", fault: run.fault }} /> : null}
        {upload.fault ? <StateNotice notice={{ kind: "fault", fault: upload.fault }} /> : null}
        {preview.fault ? <StateNotice notice={{ kind: "fault", fault: preview.fault }} /> : null}
        <DropArea disabled={running} onFiles={take} />
        {upload.files.length === 0 && run.kind !== "done" ? <Understood formats={formats} /> : null}
        {upload.files.length > 0 && !upload.ready && !upload.fault ? <Sending upload={upload} /> : null}
        {uploadId !== null && !shown && !preview.fault ? (
          <StateNotice notice={{ kind: "waiting", label: "Looking at the files" }} />
        ) : null}
        {shown ? <PreviewParts preview={shown} waiting={preview.waiting} onMapping={setMapping} /> : null}
      </div>
    </>
  );
}

interface PreviewPartsProps {
  readonly preview: PreviewReply;
  readonly waiting: boolean;
  readonly onMapping: (mapping: ColumnMapping | null) => void;
}

function PreviewParts({ preview, waiting, onMapping }: PreviewPartsProps) {
  const { files, fileCount, records, isAll, columns, mapping, needsMapping, notes, traces } = preview;
  const formats = [...new Set(files.map(({ format }) => format ?? (columns.length > 0 ? "columns" : "unknown")))];
  return (
    <>
      <section aria-label="What was found" className="stack" style={{ gap: 4 }}>
        <h2>
          {formats.map((format) => (
            <span key={format} className="chip" style={{ marginRight: 6 }}>
              {format === "columns" ? "a table of no known format" : format === "unknown" ? "no records" : format}
            </span>
          ))}
          <span className="soft import-found">
            {formatCount(records, "record")} looked at{isAll ? ", which are all" : ""} ·{" "}
            {formatCount(fileCount, "file")}
          </span>
        </h2>
        {notes.map((note) => (
          <p key={note} className="soft">
            {note}
          </p>
        ))}
      </section>
      {columns.length > 0 ? (
        <section aria-label="Columns" className="stack" style={{ gap: 8 }}>
          <div className="row">
            <h2>What the columns are</h2>
            <span className="soft">{needsMapping ? "guessed; correct what is wrong" : "as you chose"}</span>
            {needsMapping ? null : (
              <Button tone="quiet" small onClick={() => onMapping(null)}>
                Guess again
              </Button>
            )}
          </div>
          <div className="card import-scroll">
            <MappingTable columns={columns} mapping={mapping} records={records} onChange={onMapping} />
          </div>
        </section>
      ) : null}
      <section aria-label="First traces" aria-busy={waiting} className="stack" style={{ gap: 8 }}>
        <h2>The first traces as they would be</h2>
        {traces.length > 0 ? (
          <div className="card import-scroll">
            <PreviewTraces traces={traces} />
          </div>
        ) : (
          <StateNotice
            notice={{ kind: "empty", title: "No trace can be read from these files.", next: preview.reasons[0] }}
          />
        )}
      </section>
      <section aria-label="What would be lost" className="stack" style={{ gap: 8 }}>
        <h2>What would be lost</h2>
        <Losses losses={preview.losses} rejected={preview.rejected} reasons={preview.reasons} />
      </section>
    </>
  );
}

/** What can be dropped here, and other ways in. */
function Understood({ formats }: { readonly formats: readonly string[] }) {
  return (
    <section aria-label="What is understood" className="stack soft" style={{ gap: 6 }}>
      <p>
        Understood by themselves: {formats.join(", ")}. Of any other table you say what its columns are, and see what
        comes of it before anything is imported.
      </p>
      <p>
        From the command line: <code>npx tracebook import traces.jsonl --business-unit support</code>. For programs that
        send traces as they happen: <Link href="/keys">ingest keys</Link>.
      </p>
    </section>
  );
}

function Sending({ upload }: { readonly upload: UploadState }) {
  const share = upload.bytes === 0 ? 0 : upload.sentBytes / upload.bytes;
  return <Progress share={share} words={`sending ${upload.sent} of ${formatCount(upload.files.length, "file")}`} />;
}

function RunProgress({ state }: { readonly state: Extract<ReturnType<typeof useRun>["state"], { kind: "running" }> }) {
  const { share = 0, traces = 0, spans = 0 } = state.progress ?? {};
  return <Progress share={share} words={`importing: ${formatCount(traces, "trace")}, ${formatCount(spans, "span")}`} />;
}

function Progress({ share, words }: { readonly share: number; readonly words: string }) {
  return (
    <div className="row" role="status">
      <div className="progress" style={{ width: 240 }}>
        <span style={{ width: `${Math.round(share * 100)}%` }} />
      </div>
      <span className="soft num">
        {Math.round(share * 100)} % · {words}
      </span>
    </div>
  );
}

function plain(mapping: PreviewReply["mapping"]): ColumnMapping | null {
  return mapping.length === 0 ? null : mapping.map(({ target, column, range }) => ({ target, column, range }));
}

function describeFiles({ files, bytes }: UploadState): string {
  const name = files.length === 1 ? files[0]!.name : formatCount(files.length, "file");
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3).toLocaleString("en-US")} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  return `${name} · ${size}`;
}
