import Link from "next/link";
import { sayVerdict } from "#lib/browser/bench-words.ts";
import { formatCount, formatDuration } from "#lib/browser/format.ts";
import type { Score } from "#lib/model/score.ts";
import type { ChangedScore } from "#lib/model/scorer-comparison.ts";
import type { ComparisonEvent, PromotionHead } from "#lib/wire/promotion.ts";
import { describeVersions, sayChanges, sayPaired } from "#lib/work/comparison-words.ts";
import { StateNotice } from "../../../_parts/state-notice.tsx";

interface PromoteResultProps {
  readonly compared: Extract<ComparisonEvent, { kind: "compared" }>;
  readonly head: PromotionHead | null;
}

/** Two versions beside each other: how they do against people, what changes, and the traces to read. */
export function PromoteResult({ compared, head }: PromoteResultProps) {
  const { comparison, changed, durationMs } = compared;
  const { labelled, random, changes, paired, warnings } = comparison;
  return (
    <section className="stack promote-result" aria-label="Comparison" data-testid="comparison">
      <p className="soft">
        {formatCount(labelled, "labelled trace")} and {random.toLocaleString("en-US")} by chance, in{" "}
        {formatDuration(durationMs)}.
      </p>
      <table className="table" aria-label="Versions side by side">
        <thead>
          <tr>
            <td />
            {head ? <th>Version {head.version}</th> : null}
            <th>This text</th>
          </tr>
        </thead>
        <tbody>
          {describeVersions(comparison).map(({ name, next, base }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {head ? <td className="num">{base}</td> : null}
              <td className="num">{next}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {paired ? (
        <p data-testid="paired">
          <strong>Against people:</strong> {sayPaired(paired)}.
        </p>
      ) : null}
      {changes ? (
        <p>
          <strong>Scores:</strong> labelled traces: {sayChanges(changes.labelled)}; others: {sayChanges(changes.random)}
          .
        </p>
      ) : null}
      {warnings.map((sentence) => (
        <StateNotice key={sentence} notice={{ kind: "partial", sentence }} />
      ))}
      {changed.length > 0 ? <Changed changed={changed} /> : null}
    </section>
  );
}

function Changed({ changed }: { readonly changed: readonly ChangedScore[] }) {
  return (
    <details open>
      <summary>{formatCount(changed.length, "changed score")} to read</summary>
      <table className="table promote-changed" aria-label="Changed scores">
        <thead>
          <tr>
            <th>Trace</th>
            <th>People</th>
            <th>Before</th>
            <th>Now</th>
          </tr>
        </thead>
        <tbody>
          {changed.map(({ traceId, spanId, businessUnit, truth, before, after }) => (
            <tr key={`${businessUnit} ${traceId} ${spanId}`}>
              <td>
                <Link
                  className="mono"
                  target="_blank"
                  href={`/traces/${encodeURIComponent(traceId)}${spanId === null ? "" : `?span=${encodeURIComponent(spanId)}`}`}
                >
                  {traceId.slice(0, 12)}
                </Link>
              </td>
              <td className="soft">{truth === null ? "–" : truth ? "pass" : "fail"}</td>
              <td>
                <Said score={before} />
              </td>
              <td>
                <Said score={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Said({ score }: { readonly score: Score }) {
  const { said, tone } = sayVerdict(score);
  return (
    <>
      <span className={tone === "soft" ? "soft" : `status-${tone}`}>{said}</span> {score.reason}
    </>
  );
}
