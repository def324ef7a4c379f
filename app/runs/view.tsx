"use client";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { outcomeLooks } from "#lib/browser/outcome-words.ts";
import type { RunsReply } from "#lib/wire/home.ts";
import { paths } from "#lib/wire/paths.ts";
import type { WorkbooksReply } from "#lib/wire/workbook.ts";
import { StateNotice } from "../_parts/state-notice.tsx";
import { DurationText, TimeText } from "../_parts/text.tsx";
import { useAnswer } from "../_parts/trace-answer.tsx";
import { StatusChip } from "../_parts/trace-status.tsx";

/** Runs, newest first, of one workbook or all; two chosen ones are compared. */
export function RunsView() {
  const router = useRouter();
  const query = useSearchParams();
  const workbook = query.get("workbook") ?? "";
  const { value, fault } = useAnswer<RunsReply>(`${paths.runs()}?${query}`);
  const books = useAnswer<WorkbooksReply>(paths.workbooks());
  return (
    <>
      <header className="title-bar">
        <h1>Runs</h1>
        <label className="field" style={{ marginLeft: "auto" }}>
          Workbook
          <select
            className="select"
            value={workbook}
            onChange={({ target }) =>
              router.replace(target.value === "" ? "/runs" : `/runs?workbook=${encodeURIComponent(target.value)}`)
            }
          >
            <option value="">all</option>
            {(books.value?.workbooks ?? []).map(({ slug, title }) => (
              <option key={slug} value={slug}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </header>
      <div className="content">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading runs" }} /> : null}
        {value?.runs.length === 0 ? (
          <StateNotice
            notice={{
              kind: "empty",
              title: "Nothing has run yet.",
              next: <Link href="/workbooks">Open a workbook and choose Run all</Link>
            }}
          />
        ) : null}
        {value && value.runs.length > 0 ? (
          <table className="table">
            <thead>
              <tr>
                <th>Outcome</th>
                <th>Workbook</th>
                <th>Began</th>
                <th className="right">Took</th>
                <th>Checks</th>
                <th>By</th>
                <th className="right">Revision</th>
                <th className="right">Snapshot</th>
              </tr>
            </thead>
            <tbody>
              {value.runs.map((run) => (
                <tr key={run.runId}>
                  <td>
                    <Link href={`/runs/${run.runId}`}>
                      <StatusChip look={outcomeLooks[run.outcome]} />
                    </Link>
                  </td>
                  <td>
                    <Link href={`/runs/${run.runId}`}>{run.title}</Link>
                  </td>
                  <td>
                    <TimeText atMs={run.startedAtMs} />
                  </td>
                  <td className="right">
                    <DurationText ms={run.endedAtMs === null ? null : run.endedAtMs - run.startedAtMs} />
                  </td>
                  <td>
                    {run.checks.length === 0
                      ? "none"
                      : `${run.checks.filter(({ pass }) => pass === true).length} of ${run.checks.length} pass`}
                  </td>
                  <td>{run.trigger}</td>
                  <td className="right">{run.revision ?? <span className="faint">unsaved</span>}</td>
                  <td className="right">{run.snapshotId}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        {value?.next ? (
          <p style={{ marginTop: 16 }}>
            <Link
              className="button"
              href={`/runs?${new URLSearchParams({ ...(workbook ? { workbook } : {}), before: value.next })}`}
            >
              Older runs
            </Link>
          </p>
        ) : null}
      </div>
    </>
  );
}
