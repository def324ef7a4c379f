"use client";
import { diffLines } from "#lib/browser/diff-lines.ts";
import { formatExact, formatNumber } from "#lib/browser/format.ts";
import type { StatusLook } from "#lib/browser/outcome-words.ts";
import type { Check, Run } from "#lib/model/run.ts";
import { type CheckChange, compareRuns } from "#lib/work/compare-runs.ts";
import { formatCheckValue } from "#lib/work/report-numbers.ts";
import { TimeText } from "../../../_parts/text.tsx";
import { StatusChip } from "../../../_parts/trace-status.tsx";
import { Verdict } from "./verdict.tsx";

/** Two runs of a workbook side by side: what they found, and what they stood on. */
export function Comparison({ before, after }: { readonly before: Run; readonly after: Run }) {
  const found = compareRuns(before, after);
  const stood: readonly (readonly [string, unknown, unknown])[] = [
    ["Lake snapshot", before.snapshotId, after.snapshotId],
    ["Business units", before.businessUnits.join(", "), after.businessUnits.join(", ")],
    ["Seed", before.seed, after.seed],
    ["Program", before.engine, after.engine],
    ...found.params.map(({ name, before, after }) => [`$${name}`, before, after] as const),
    ...found.scorers.map(({ key, before, after }) => [`Scorer of ${key}`, before, after] as const)
  ];
  return (
    <div className="stack" data-testid="comparison">
      <table className="table" aria-label="Checks of both runs">
        <thead>
          <tr>
            <th>Check</th>
            <th>
              Before · <TimeText atMs={before.startedAtMs} />
            </th>
            <th>
              This run · <TimeText atMs={after.startedAtMs} />
            </th>
            <th className="right">Difference</th>
            <th>Change</th>
          </tr>
        </thead>
        <tbody>
          {found.checks.map((change, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two checks may bear one name
            <tr key={at}>
              <td>{change.name}</td>
              <td>
                <Found check={change.before} />
              </td>
              <td>
                <Found check={change.after} />
              </td>
              <td className="right">
                <Difference change={change} />
              </td>
              <td>
                <StatusChip look={changeLooks[change.verdict]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.checks.length === 0 ? <p className="soft">Neither run has a check.</p> : null}
      <table className="table" aria-label="What both runs stood on">
        <thead>
          <tr>
            <th>Stood on</th>
            <th>Before</th>
            <th>This run</th>
          </tr>
        </thead>
        <tbody>
          {stood.map(([word, was, is]) => (
            <tr key={word}>
              <td>{word}</td>
              <td>{sayValue(was)}</td>
              <td>{Object.is(was, is) ? <span className="faint">the same</span> : <strong>{sayValue(is)}</strong>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {Object.keys(after.params).length > 0 && found.params.length === 0 ? (
        <p className="soft">All parameters are the same.</p>
      ) : null}
      <h3>Changed cells</h3>
      {found.texts.length === 0 ? <p className="soft">The texts of all cells are the same.</p> : null}
      {found.texts.map(({ key, before, after }) => (
        <details key={key} className="card" style={{ padding: "8px 12px" }} open={found.texts.length <= 3}>
          <summary>
            <code>{key}</code>{" "}
            <span className="soft">{before === null ? "added" : after === null ? "removed" : "changed"}</span>
          </summary>
          <TextChange before={before} after={after} />
        </details>
      ))}
    </div>
  );
}

const changeLooks: Readonly<Record<CheckChange["verdict"], StatusLook>> = {
  same: { tone: "busy", sign: "=", word: "same verdict" },
  fixed: { tone: "good", sign: "▲", word: "passes now" },
  broke: { tone: "bad", sign: "▼", word: "passes no more" },
  added: { tone: "warn", sign: "+", word: "new" },
  removed: { tone: "warn", sign: "−", word: "gone" }
};

function Found({ check }: { readonly check: Check | null }) {
  if (check === null) return <span className="faint">no such check</span>;
  return (
    <span className="row" style={{ flexWrap: "wrap" }}>
      <Verdict pass={check.pass} />
      <span className="num" title={check.value === null ? undefined : formatExact(check.value)}>
        {formatCheckValue(check)}
      </span>
    </span>
  );
}

function Difference({ change }: { readonly change: CheckChange }) {
  const { difference } = change;
  if (difference === null) return <span className="faint">–</span>;
  const isRate = change.before?.interval != null && change.after?.interval != null;
  const size = isRate ? `${formatNumber(Number((difference * 100).toPrecision(3)))} points` : formatNumber(difference);
  return (
    <span title={formatExact(difference)}>
      {difference > 0 ? "+" : ""}
      {size.replace(/^-/, "−")}
    </span>
  );
}

function TextChange({ before, after }: { readonly before: string | null; readonly after: string | null }) {
  const lines =
    before === null || after === null
      ? (after ?? before ?? "").split("\n").map((text) => ({ change: after === null ? "removed" : "added", text }))
      : diffLines(before, after);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
    <pre className="diff" tabIndex={0}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a diff have no identity but their place
        <div key={index} data-change={line.change}>
          {line.change === "added" ? "+ " : line.change === "removed" ? "− " : "  "}
          {line.text}
        </div>
      ))}
    </pre>
  );
}

function sayValue(value: unknown): string {
  return value === undefined || value === null ? "not given" : String(value);
}
