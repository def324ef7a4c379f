"use client";
import Link from "next/link";
import { formatCount } from "#lib/browser/format.ts";
import type { FieldLoss } from "#lib/formats/imported.ts";
import { allTraces, formatTraceFilter } from "#lib/wire/trace-filter.ts";
import type { RunState } from "./use-run.ts";

/** What came in, and where it is. */
export function Outcome({ summary, businessUnit }: Extract<RunState, { readonly kind: "done" }>) {
  const [fromMs, toMs] = summary.startsMs ? [summary.startsMs[0], summary.startsMs[1] + 1] : [null, null];
  const query = formatTraceFilter({ ...allTraces, units: [businessUnit], fromMs, toMs });
  return (
    <section aria-label="Summary" role="status" className="notice stack" style={{ gap: 8 }}>
      <h2>
        <span className="status-good">✓ imported</span> {formatCount(summary.traces, "trace")}
      </h2>
      <p>
        {formatCount(summary.spans, "span")}: {summary.spansAdded.toLocaleString("en-US")} new,{" "}
        {summary.spansReplaced.toLocaleString("en-US")} replaced, {summary.spansUnchanged.toLocaleString("en-US")} known
        already. {formatCount(summary.scores, "score")}, {formatCount(summary.annotations, "label")}.{" "}
        {summary.rejected.toLocaleString("en-US")} rejected.
      </p>
      {summary.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      <Losses losses={summary.losses} rejected={summary.rejected} reasons={summary.reasons} />
      {summary.traces > 0 ? (
        <p>
          <Link className="button button-main" href={`/traces?${query}`}>
            Show the imported traces
          </Link>
        </p>
      ) : null}
    </section>
  );
}

interface LossesProps {
  readonly losses: readonly FieldLoss[];
  readonly rejected: number;
  readonly reasons: readonly string[];
}

/** What no column holds, and what is no trace at all. */
export function Losses({ losses, rejected, reasons }: LossesProps) {
  const kept = losses.filter(({ fate }) => fate === "attribute");
  const lost = losses.filter(({ fate }) => fate === "dropped");
  const list = (fields: readonly FieldLoss[]) =>
    fields.map(({ field, count }) => `${field} (${count.toLocaleString("en-US")})`).join(", ");
  if (kept.length + lost.length + rejected === 0) return <p className="soft">Nothing is lost.</p>;
  return (
    <ul className="import-losses">
      {kept.length > 0 ? <li>Kept as attributes, because no column holds them: {list(kept)}</li> : null}
      {lost.length > 0 ? (
        <li>
          <span className="status-warn">▲ not carried over:</span> {list(lost)}
        </li>
      ) : null}
      {rejected > 0 ? (
        <li>
          <span className="status-bad">✕ rejected:</span> {rejected.toLocaleString("en-US")}
          <ul>
            {reasons.slice(0, 20).map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </li>
      ) : null}
    </ul>
  );
}
