import Link from "next/link";
import { outcomeLooks } from "#lib/browser/outcome-words.ts";
import type { RunsReply } from "#lib/wire/home.ts";
import { StateNotice } from "./state-notice.tsx";
import { DurationText, TimeText } from "./text.tsx";
import { StatusChip } from "./trace-status.tsx";

interface RunTableProps {
  readonly runs: RunsReply["runs"];
  /** With the revision and the snapshot that each run stood on. */
  readonly isDetailed?: boolean;
  /** False for who reads published reports alone, and can open no workbook. */
  readonly opensWorkbooks?: boolean;
}

/** Runs, a row each, or what to do where none has run yet. */
export function RunTable({ runs, isDetailed = false, opensWorkbooks = true }: RunTableProps) {
  if (runs.length === 0) {
    return (
      <StateNotice
        notice={
          opensWorkbooks
            ? {
                kind: "empty",
                title: "Nothing has run yet.",
                next: <Link href="/workbooks">Open a workbook and choose Run all</Link>
              }
            : {
                kind: "empty",
                title: "No report has been published for you yet.",
                next: "Reports stand here as soon as somebody of your business units publishes the run of a workbook."
              }
        }
      />
    );
  }
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Outcome</th>
          <th>Workbook</th>
          <th>Began</th>
          <th className="right">Took</th>
          <th>Checks</th>
          <th>By</th>
          {isDetailed ? (
            <>
              <th className="right">Revision</th>
              <th className="right">Snapshot</th>
            </>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
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
            {isDetailed ? (
              <>
                <td className="right">{run.revision ?? <span className="faint">unsaved</span>}</td>
                <td className="right">{run.snapshotId}</td>
              </>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
