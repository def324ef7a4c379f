import Link from "next/link";
import { sayMs, sayVerdict } from "#lib/browser/bench-words.ts";
import type { BenchTrace, TriedCall, TryReply } from "#lib/wire/bench.ts";

interface BenchRowsProps {
  readonly traces: readonly BenchTrace[];
  readonly tried: TryReply | null;
  readonly pinned: readonly string[];
  /** What is shown is of an earlier text. */
  readonly isOld: boolean;
  readonly onPin: (pinned: readonly string[]) => void;
}

/** Verdicts of a trace that are shown at once; a scorer of spans may give hundreds. */
const mostShown = 5;

/** What a scorer says of each trace, beside what people said. */
export function BenchRows({ traces, tried, pinned, isOld, onPin }: BenchRowsProps) {
  const calls = Map.groupBy(tried?.calls ?? [], keyOf);
  const known = new Set(traces.map(keyOf));
  // A session is told of its last trace, which may be none of the handful.
  const others = [...calls.entries()].filter(([key]) => !known.has(key)).map(([, [call]]) => call!);
  const rows = [...traces, ...others.map((call) => ({ ...call, input: "", label: null }))];
  if (traces.length === 0) return <p className="soft">There is no trace to try it on.</p>;
  return (
    <table className="table bench-table" aria-label="Traces it is tried on" data-old={isOld}>
      <thead>
        <tr>
          <th>It says</th>
          <th>People say</th>
          <th>Trace</th>
          <th>Why</th>
          <th className="right">Took</th>
          <th>
            <span className="sr-only">Pin</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((trace) => {
          const said = calls.get(keyOf(trace)) ?? [];
          const isPinned = pinned.includes(trace.traceId);
          return (
            <tr key={keyOf(trace)}>
              <td>
                {said.slice(0, mostShown).map((call) => (
                  <Verdict key={call.spanId ?? ""} call={call} />
                ))}
                {said.length > mostShown ? <div className="soft">and {said.length - mostShown} more</div> : null}
                {tried && said.length === 0 ? <span className="soft">{absent(tried)}</span> : null}
              </td>
              <td className="soft">{trace.label ?? "–"}</td>
              <td className="bench-trace">
                <Link href={`/traces/${encodeURIComponent(trace.traceId)}`} title={trace.traceId}>
                  {trace.input === "" ? trace.traceId : trace.input}
                </Link>
              </td>
              <td className="bench-why">
                {said.slice(0, mostShown).map((call) => (
                  <Why key={call.spanId ?? ""} call={call} />
                ))}
              </td>
              <td className="right num soft">{sayTook(said)}</td>
              <td>
                <button
                  type="button"
                  className="button button-quiet button-small"
                  aria-pressed={isPinned}
                  aria-label={`${isPinned ? "Unpin" : "Pin"} ${trace.traceId}`}
                  title={isPinned ? "Unpin" : "Keep this trace here"}
                  onClick={() =>
                    onPin(isPinned ? pinned.filter((id) => id !== trace.traceId) : [...pinned, trace.traceId])
                  }
                >
                  {isPinned ? "Pinned" : "Pin"}
                </button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const keyOf = ({ businessUnit, traceId }: Pick<BenchTrace, "businessUnit" | "traceId">) => `${businessUnit} ${traceId}`;

function Verdict({ call }: { readonly call: TriedCall }) {
  const { said, tone } = sayVerdict(call.score);
  return (
    <div className={`bench-verdict ${tone === "soft" ? "soft" : `status-${tone}`}`}>
      {said}
      {call.score?.kind === "scored" && call.score.label !== null ? (
        <span className="soft"> {call.score.label}</span>
      ) : null}
    </div>
  );
}

function Why({ call }: { readonly call: TriedCall }) {
  const { score, traceId } = call;
  if (score === null) return null;
  const evidence = score.kind === "scored" ? score.evidence : [];
  return (
    <div>
      {score.reason}
      {evidence.map(({ quote, spanId }) => (
        <Link
          key={`${spanId} ${quote}`}
          className="bench-quote"
          href={`/traces/${encodeURIComponent(traceId)}${spanId === null ? "" : `?span=${encodeURIComponent(spanId)}`}`}
          title={spanId === null ? "In the trace's own input or output" : "Open the span it is in"}
        >
          “{quote}”
        </Link>
      ))}
    </div>
  );
}

function absent({ target, missing }: TryReply): string {
  if (target === "session") return "see the last trace of its session";
  return target === "span" ? "no span of its kinds" : missing.length > 0 ? "not in the lake" : "";
}

function sayTook(calls: readonly TriedCall[]): string {
  const measured = calls.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  return measured.length === 0 ? "" : sayMs(measured.reduce((sum, ms) => sum + ms, 0));
}
