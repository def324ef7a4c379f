"use client";
import { useState } from "react";
import { formatDuration } from "#lib/browser/format.ts";
import type { PassCounts, ScoringLog } from "#lib/model/scoring-rule.ts";
import { CostText, NumberText, TimeText } from "../../_parts/text.tsx";

/** Passes that are shown at once. */
const shown = 50;

/** What a rule did: the last passes, and all of them by day; folded until somebody asks. */
export function RuleLog({ log: { passes, days } }: { readonly log: ScoringLog }) {
  const [isOpen, setOpen] = useState(false);
  const [last] = passes;
  if (!last) return <p className="faint">It has not done anything yet.</p>;
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Log: last pass <TimeText atMs={last.endedAtMs} />
        {last.behindMs === null ? "" : `, ${formatDuration(last.behindMs)} after the traces came`}
      </summary>
      {isOpen ? (
        <div className="stack" style={{ gap: 16, paddingTop: 8 }}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Pass</th>
                <th scope="col">Of</th>
                <th scope="col">Version</th>
                <Counts />
                <th scope="col" className="right">
                  Took
                </th>
                <th scope="col" className="right">
                  Behind
                </th>
                <th scope="col">Fault</th>
              </tr>
            </thead>
            <tbody>
              {passes.slice(0, shown).map((pass) => (
                <tr key={pass.passId}>
                  <td>
                    <TimeText atMs={pass.startedAtMs} short />
                  </td>
                  <td>{pass.kind === "backfill" ? "older" : "arrived"}</td>
                  <td>{pass.version ?? "–"}</td>
                  <CountCells counts={pass} />
                  <td className="right num">{formatDuration(pass.endedAtMs - pass.startedAtMs)}</td>
                  <td className="right num">{pass.behindMs === null ? "–" : formatDuration(pass.behindMs)}</td>
                  <td>{pass.fault ?? ""}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Day (UTC)</th>
                <th scope="col" className="right">
                  Passes
                </th>
                <Counts />
                <th scope="col" className="right">
                  Faults
                </th>
              </tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <tr key={day.day}>
                  <td>{day.day}</td>
                  <td className="right">
                    <NumberText value={day.passes} />
                  </td>
                  <CountCells counts={day} />
                  <td className="right">
                    <NumberText value={day.faults} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </details>
  );
}

function Counts() {
  return ["Matched", "Sampled", "Scored", "Unscored", "Cost"].map((word) => (
    <th key={word} scope="col" className="right">
      {word}
    </th>
  ));
}

function CountCells({ counts }: { readonly counts: PassCounts }) {
  const { seen, sampled, scored, unscored, costUsd } = counts;
  return (
    <>
      {Object.entries({ seen, sampled, scored, unscored }).map(([name, value]) => (
        <td key={name} className="right">
          <NumberText value={value} />
        </td>
      ))}
      <td className="right">
        <CostText usd={costUsd} />
      </td>
    </>
  );
}
