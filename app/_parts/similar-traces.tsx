"use client";
import Link from "next/link";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import { paths } from "#lib/wire/paths.ts";
import type { SimilarReply } from "#lib/wire/traces.ts";
import { Button } from "./button.tsx";
import { StateNotice } from "./state-notice.tsx";
import { TimeText } from "./text.tsx";
import { useAnswer } from "./trace-answer.tsx";
import { StatusChip } from "./trace-status.tsx";

interface SimilarTracesProps {
  readonly traceId: string;
  readonly unit: string;
  readonly onClose: () => void;
}

/** Traces that ask alike, and by what they were found. */
export function SimilarTraces({ traceId, unit, onClose }: SimilarTracesProps) {
  const { value, fault } = useAnswer<SimilarReply>(paths.similar(traceId));
  return (
    <div className="stack" style={{ gap: 12, maxWidth: 860 }}>
      <div>
        <Button small tone="quiet" onClick={onClose}>
          ← Conversation <span className="kbd">Esc</span>
        </Button>
      </div>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Comparing first messages" }} /> : null}
      {value ? (
        <>
          <div>
            <h2>
              {value.traces.length.toLocaleString("en-US")} similar {value.traces.length === 1 ? "trace" : "traces"}
            </h2>
            <p className="soft">
              By the words their first messages share, rare words weighing more, among the newest{" "}
              {value.among.toLocaleString("en-US")} of {unit}. No model; other words for the same thing are missed.
            </p>
          </div>
          {value.traces.length === 0 ? (
            <StateNotice
              notice={{
                kind: "empty",
                title: "No other first message shares a word with this one.",
                next: "A map cell in a workbook groups traces by more than their first words."
              }}
            />
          ) : (
            <ol className="stack" style={{ listStyle: "none", padding: 0, gap: 8 }}>
              {value.traces.map((trace) => (
                <li key={trace.traceId} className="card" style={{ padding: "8px 14px 10px" }}>
                  <div className="row" style={{ fontSize: 13, flexWrap: "wrap" }}>
                    <Link href={`/traces/${trace.traceId}`}>{trace.agent ?? trace.traceId.slice(0, 8)}</Link>
                    <StatusChip look={statusLooks[trace.status]} />
                    <span className="soft">
                      <TimeText atMs={trace.startedAtMs} />
                    </span>
                    <span className="soft num" style={{ marginLeft: "auto" }} title="Cosine of the weighted words">
                      {Math.round(trace.likeness * 100)} % alike
                    </span>
                  </div>
                  <p className="clamp">{trace.input}</p>
                </li>
              ))}
            </ol>
          )}
        </>
      ) : null}
    </div>
  );
}
