"use client";
import Link from "next/link";
import { outcomeLooks } from "#lib/browser/outcome-words.ts";
import type { HomeReply } from "#lib/wire/home.ts";
import { StateNotice } from "./state-notice.tsx";
import { DurationText, TimeText } from "./text.tsx";
import { StatusChip } from "./trace-status.tsx";

/** What ran last, and whether it passed. */
export function HomeRuns({ runs }: { readonly runs: HomeReply["runs"] }) {
  return (
    <section aria-label="Recent runs">
      <h2 style={{ marginBottom: 8 }}>Recent runs</h2>
      {runs.length === 0 ? (
        <StateNotice
          notice={{
            kind: "empty",
            title: "Nothing has run yet.",
            next: <Link href="/workbooks">Open a workbook and choose Run all</Link>
          }}
        />
      ) : (
        <>
          <table className="table">
            <thead>
              <tr>
                <th>Outcome</th>
                <th>Workbook</th>
                <th>Began</th>
                <th className="right">Took</th>
                <th>Checks</th>
                <th>By</th>
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
                  <td>{run.title}</td>
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
                </tr>
              ))}
            </tbody>
          </table>
          <p style={{ marginTop: 8 }}>
            <Link href="/runs">All runs</Link>
          </p>
        </>
      )}
    </section>
  );
}
