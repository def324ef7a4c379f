// biome-ignore-all lint/a11y/useSemanticElements: rows in sight only are placed by hand, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the list takes the keyboard for its rows
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
"use client";
import { useEffect } from "react";
import { formatCount } from "#lib/browser/format.ts";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import { type TraceColumnName, traceColumns } from "#lib/browser/trace-columns.ts";
import type { TraceSummary } from "#lib/model/trace.ts";
import { CostText, DurationText, NumberText, TimeText, ZoneText } from "./text.tsx";
import { StatusChip } from "./trace-status.tsx";
import { useRowWindow } from "./use-row-window.ts";

interface TraceTableProps {
  /** Names of the columns, in their order. */
  readonly columns: readonly TraceColumnName[];
  readonly traces: readonly TraceSummary[];
  readonly total: number;
  readonly chosen: number;
  readonly onChoose: (at: number) => void;
  readonly onOpen: (trace: TraceSummary) => void;
  /** The last row came near: there may be more. */
  readonly onEnd: () => void;
}

const rowHeight = 44;
const gap = 12;
/** Rows of traces; only those in sight are in the page. */
export function TraceTable({ columns, traces, total, chosen, onChoose, onOpen, onEnd }: TraceTableProps) {
  const { box, window, onScroll, reveal } = useRowWindow(traces.length, rowHeight);
  const shown = traceColumns.filter(({ name }) => columns.includes(name));
  const tracks = shown.map(({ width }) => width).join(" ");
  const least = shown.reduce((sum, { leastPx }) => sum + leastPx, 0) + (shown.length - 1) * gap + 32;

  // The head sticks to the top and takes about a row.
  useEffect(() => reveal(chosen, rowHeight), [chosen, reveal]);
  useEffect(() => {
    if (window.end >= traces.length && traces.length < total) onEnd();
  }, [window.end, traces.length, total, onEnd]);

  return (
    <div
      ref={box}
      role="table"
      aria-rowcount={total}
      aria-label="Traces"
      tabIndex={0}
      onScroll={onScroll}
      style={{ flex: 1, minHeight: 0, overflow: "auto", fontSize: 13, outlineOffset: -2 }}
    >
      <div
        role="row"
        style={{
          display: "grid",
          gridTemplateColumns: tracks,
          gap,
          padding: "6px 16px",
          position: "sticky",
          top: 0,
          zIndex: 1,
          minWidth: least,
          background: "var(--ground-raised)",
          borderBottom: "1px solid var(--line)"
        }}
        className="soft"
      >
        {shown.map(({ name, title, isNumber }) => (
          <span
            key={name}
            role="columnheader"
            style={{ whiteSpace: "nowrap", textAlign: isNumber ? "right" : undefined }}
          >
            {title}
            {name === "began" && traces[0] ? (
              <span className="faint">
                {" "}
                <ZoneText atMs={traces[0].startedAtMs} />
              </span>
            ) : null}
          </span>
        ))}
      </div>
      <div role="rowgroup" style={{ position: "relative", height: window.bodyHeight, minWidth: least }}>
        {traces.slice(window.first, window.end).map((trace, offset) => {
          const at = window.first + offset;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on the chosen row is handled by the page
            <div
              key={`${trace.businessUnit}/${trace.traceId}`}
              role="row"
              aria-rowindex={at + 1}
              aria-selected={at === chosen}
              tabIndex={-1}
              onClick={() => {
                onChoose(at);
                onOpen(trace);
              }}
              className="trace-row"
              style={{
                position: "absolute",
                top: window.top + offset * rowHeight,
                left: 0,
                right: 0,
                height: rowHeight,
                display: "grid",
                gridTemplateColumns: tracks,
                gap,
                alignItems: "center",
                padding: "0 16px",
                borderBottom: "1px solid var(--line)",
                cursor: "pointer",
                background: at === chosen ? "var(--accent-ground)" : undefined,
                boxShadow: at === chosen ? "inset 2px 0 0 var(--accent)" : undefined
              }}
            >
              {shown.map(({ name, isNumber }) => (
                <Cut key={name} right={isNumber}>
                  <TraceFact trace={trace} name={name} />
                </Cut>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function TraceFact({ trace, name }: { readonly trace: TraceSummary; readonly name: TraceColumnName }) {
  switch (name) {
    case "began":
      return <TimeText atMs={trace.startedAtMs} short synthesised={trace.timesSynthesised} />;
    case "unit":
      return trace.businessUnit;
    case "status":
      return (
        <StatusChip
          look={
            trace.status !== "error" && trace.errors > 0
              ? { tone: "warn", sign: "!", word: formatCount(trace.errors, "error") }
              : statusLooks[trace.status]
          }
        />
      );
    case "agent":
      return trace.agent ?? trace.name;
    case "version":
      return trace.agentVersion ?? <Nothing />;
    case "input":
      return trace.input ?? <Nothing />;
    case "output":
      return <span className="soft">{trace.output ?? "–"}</span>;
    case "models":
      return trace.models.join(", ") || <Nothing />;
    case "session":
      return trace.sessionId ?? <Nothing />;
    case "duration":
      return trace.timesSynthesised ? (
        <span className="faint" title="The source gave no times">
          –
        </span>
      ) : (
        <DurationText ms={trace.durationMs} />
      );
    case "spans":
      return <NumberText value={trace.spans} />;
    case "llmCalls":
      return <NumberText value={trace.llmCalls} />;
    case "toolCalls":
      return <NumberText value={trace.toolCalls} />;
    case "tokens":
      return (
        <NumberText
          value={
            trace.inputTokens === null && trace.outputTokens === null
              ? null
              : (trace.inputTokens ?? 0) + (trace.outputTokens ?? 0)
          }
        />
      );
    case "cost":
      return <CostText usd={trace.costUsd} />;
    case "traceId":
      return <code>{trace.traceId}</code>;
  }
}

function Nothing() {
  return <span className="faint">–</span>;
}

function Cut({ right = false, children }: { readonly right?: boolean; readonly children: React.ReactNode }) {
  return (
    <span
      role="cell"
      style={{
        overflow: "hidden",
        textOverflow: "ellipsis",
        whiteSpace: "nowrap",
        textAlign: right ? "right" : undefined
      }}
    >
      {children}
    </span>
  );
}
