"use client";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { formatCount, formatTime } from "#lib/browser/format.ts";
import { outcomeLooks } from "#lib/browser/outcome-words.ts";
import type { CellState, Check, Run } from "#lib/model/run.ts";
import type { RunsReply } from "#lib/wire/home.ts";
import { paths } from "#lib/wire/paths.ts";
import type { RunReply } from "#lib/wire/sharing.ts";
import { Button } from "../../_parts/button.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { DurationText, NumberText, TimeText } from "../../_parts/text.tsx";
import { useAnswer } from "../../_parts/trace-answer.tsx";
import { StatusChip } from "../../_parts/trace-status.tsx";
import { Comparison } from "./_parts/comparison.tsx";
import { PublishDialog } from "./_parts/publish-dialog.tsx";
import { Verdict } from "./_parts/verdict.tsx";

/** What a run found, what it stood on, and how long its cells took. */
export function RunView({ runId }: { readonly runId: string }) {
  const { value: run, fault } = useAnswer<RunReply>(paths.runRecord(runId));
  const others = useAnswer<RunsReply>(run ? `${paths.runs()}?workbook=${encodeURIComponent(run.workbook)}` : null);
  const router = useRouter();
  const against = useSearchParams().get("with") ?? "";
  const other = useAnswer<Run>(against === "" ? null : paths.runRecord(against));
  const [report, setReport] = useState(false);
  const [publishes, setPublishes] = useState(false);
  const [publishedNow, setPublishedNow] = useState<RunReply["published"] | undefined>(undefined);
  if (fault)
    return (
      <div className="content">
        <StateNotice
          notice={{
            kind: "fault",
            fault,
            action: (
              <Link className="button" href="/runs">
                All runs
              </Link>
            )
          }}
        />
      </div>
    );
  if (!run)
    return (
      <div className="content">
        <StateNotice notice={{ kind: "waiting", label: "Opening the run" }} />
      </div>
    );
  const published = publishedNow === undefined ? run.published : publishedNow;
  const download = (format: string) => `${paths.report(runId)}?format=${format}`;
  return (
    <>
      <header className="title-bar">
        <Link href="/runs" className="soft">
          Runs
        </Link>
        <span className="faint" aria-hidden="true">
          /
        </span>
        <h1>{run.title}</h1>
        <StatusChip look={outcomeLooks[run.outcome]} />
        {published ? <span className="chip">published</span> : null}
        <span className="row" style={{ marginLeft: "auto" }}>
          {run.mayPublish && run.endedAtMs !== null && run.outcome !== "stopped" ? (
            <Button onClick={() => setPublishes(true)}>Publish…</Button>
          ) : null}
          <Button aria-pressed={report} onClick={() => setReport(!report)}>
            {report ? "Figures" : "Report"}
          </Button>
          {["html", "json", "junit"].map((format) => (
            <a
              key={format}
              className="button button-small"
              href={download(format)}
              download={`${run.workbook}-${runId}.${format === "junit" ? "xml" : format}`}
            >
              {format}
            </a>
          ))}
        </span>
      </header>
      {publishes ? (
        <PublishDialog runId={runId} title={run.title} onClose={() => setPublishes(false)} onChange={setPublishedNow} />
      ) : null}
      {report ? (
        <iframe
          title={`Report of ${run.title}`}
          src={download("html")}
          sandbox=""
          style={{ flex: 1, minHeight: "calc(100vh - 57px)", border: 0, background: "#fff" }}
        />
      ) : (
        <div className="content stack" style={{ gap: 24, maxWidth: 1248 }}>
          <dl
            style={{
              display: "grid",
              gridTemplateColumns: "repeat(auto-fit, minmax(190px, 1fr))",
              gap: 12,
              fontSize: 13
            }}
          >
            <Fact word="Began">
              <TimeText atMs={run.startedAtMs} />
            </Fact>
            <Fact word="Took">
              <DurationText ms={run.endedAtMs === null ? null : run.endedAtMs - run.startedAtMs} />
            </Fact>
            <Fact word="Started by">
              {run.trigger}, {run.ranAs}
            </Fact>
            <Fact word="Lake snapshot">{run.snapshotId}</Fact>
            <Fact word="Revision">
              {run.seesWorkbook ? (
                <Link href={`/workbooks/${run.workbook}`}>{run.revision ?? "unsaved text"}</Link>
              ) : (
                (run.revision ?? "unsaved text")
              )}
            </Fact>
            <Fact word="Seed">{run.seed}</Fact>
            <Fact word="With the rights of">
              {run.ranAs}
              {run.roles && run.roles.length > 0 ? <span className="soft"> {run.roles.join(", ")}</span> : null}
            </Fact>
            <Fact word="Business units">{run.businessUnits.join(", ") || "none"}</Fact>
            {published ? (
              <Fact word="Published by">
                {published.by}, <TimeText short atMs={published.atMs} />
              </Fact>
            ) : null}
            <Fact word="Program">{run.engine}</Fact>
            {Object.entries(run.params).map(([name, value]) => (
              <Fact key={name} word={`$${name}`}>
                {String(value)}
              </Fact>
            ))}
          </dl>
          {run.ending === undefined ? null : <StateNotice notice={{ kind: "partial", sentence: run.ending }} />}
          <section>
            <h2>Checks</h2>
            <Checks checks={run.checks} />
          </section>
          <section>
            <h2>Cells</h2>
            <table className="table">
              <thead>
                <tr>
                  <th>Cell</th>
                  <th>Kind</th>
                  <th>Result</th>
                  <th className="right">Took</th>
                </tr>
              </thead>
              <tbody>
                {run.cells
                  .filter(({ kind }) => kind !== "prose")
                  .map((cell) => (
                    <tr key={cell.key}>
                      <td>
                        <details>
                          <summary>
                            <code>{cell.key}</code>
                          </summary>
                          <pre style={{ whiteSpace: "pre-wrap" }}>{cell.text}</pre>
                        </details>
                      </td>
                      <td>{cell.kind}</td>
                      <td>{sayState(cell.state)}</td>
                      <td className="right">
                        {"durationMs" in cell.state ? <DurationText ms={cell.state.durationMs} /> : "–"}
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </section>
          <section className="stack" style={{ gap: 8 }}>
            <h2>Compare</h2>
            <label className="field">
              with the run of
              <select
                className="select"
                value={against}
                onChange={({ target }) =>
                  router.replace(target.value === "" ? `/runs/${runId}` : `/runs/${runId}?with=${target.value}`, {
                    scroll: false
                  })
                }
              >
                <option value="">choose a run</option>
                {(others.value?.runs ?? [])
                  .filter((one) => one.runId !== runId)
                  .map((one) => (
                    <option key={one.runId} value={one.runId}>
                      {formatTime(one.startedAtMs)} · {outcomeLooks[one.outcome].word}
                    </option>
                  ))}
              </select>
            </label>
            {against !== "" && other.fault ? <StateNotice notice={{ kind: "fault", fault: other.fault }} /> : null}
            {against !== "" && other.value?.runId !== against && !other.fault ? (
              <StateNotice notice={{ kind: "waiting", label: "Opening the other run" }} />
            ) : null}
            {other.value?.runId === against ? <Comparison before={other.value} after={run} /> : null}
          </section>
        </div>
      )}
    </>
  );
}

function Fact({ word, children }: { readonly word: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="faint">{word}</dt>
      <dd style={{ overflowWrap: "anywhere" }}>{children}</dd>
    </div>
  );
}

function Checks({ checks }: { readonly checks: readonly Check[] }) {
  if (checks.length === 0) return <p className="soft">This workbook has no check.</p>;
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Verdict</th>
          <th>Check</th>
          <th className="right">Value</th>
          <th className="right">Threshold</th>
          <th className="right">95 % interval</th>
          <th className="right">n</th>
        </tr>
      </thead>
      <tbody>
        {checks.map((check) => (
          <tr key={check.name}>
            <td>
              <Verdict pass={check.pass} />
            </td>
            <td>{check.name}</td>
            <td className="right">
              <NumberText value={check.value} />
            </td>
            <td className="right">
              <NumberText value={check.threshold} />
            </td>
            <td className="right">
              {check.interval ? (
                <>
                  [<NumberText value={check.interval[0]} />, <NumberText value={check.interval[1]} />]
                </>
              ) : (
                "–"
              )}
            </td>
            <td className="right">
              <NumberText value={check.n} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sayState(state: CellState): React.ReactNode {
  switch (state.state) {
    case "done": {
      const { result } = state;
      if (result.kind === "table" || result.kind === "scores") return formatCount(result.rows, "row");
      if (result.kind === "calibration") return `${formatCount(result.calibration.n, "trace")} judged by both`;
      if (result.kind === "map")
        return `${formatCount(result.points, "point")}, ${formatCount(result.clusters.length, "cluster")}`;
      if (result.kind === "checks") return formatCount(result.checks.length, "check");
      return "done";
    }
    case "failed":
      return <span className="status-bad">✕ {state.fault.message}</span>;
    case "blocked":
      return <span className="status-warn">! blocked by {state.by.join(", ")}</span>;
    default:
      return state.state;
  }
}
