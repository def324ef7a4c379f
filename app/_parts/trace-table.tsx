// biome-ignore-all lint/a11y/useSemanticElements: rows in sight only are placed by hand, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the list takes the keyboard for its rows
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
"use client";
import { useEffect, useRef, useState } from "react";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import type { TraceSummary } from "#lib/model/trace.ts";
import { CostText, DurationText, NumberText, TimeText } from "./text.tsx";
import { StatusChip } from "./trace-status.tsx";

interface TraceTableProps {
  readonly traces: readonly TraceSummary[];
  readonly total: number;
  readonly chosen: number;
  readonly onChoose: (at: number) => void;
  readonly onOpen: (trace: TraceSummary) => void;
  /** The last row came near: there may be more. */
  readonly onEnd: () => void;
}

const rowHeight = 44;
const columns = "160px 92px 108px minmax(120px, 2fr) minmax(90px, 1.4fr) 68px 48px 58px 62px";
const titles = ["Began", "Status", "Agent", "Input", "Output", "Duration", "Spans", "Tokens", "Cost"];

/** Rows of traces; only those in sight are in the page. */
export function TraceTable({ traces, total, chosen, onChoose, onOpen, onEnd }: TraceTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [tall, setTall] = useState(800);
  const first = Math.max(0, Math.floor(top / rowHeight) - 8);
  const last = Math.min(traces.length, Math.ceil((top + tall) / rowHeight) + 8);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setTall(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const place = chosen * rowHeight;
    if (place < element.scrollTop) element.scrollTop = place;
    else if (place + rowHeight * 2 > element.scrollTop + element.clientHeight) {
      element.scrollTop = place + rowHeight * 2 - element.clientHeight;
    }
  }, [chosen]);
  useEffect(() => {
    if (last >= traces.length && traces.length < total) onEnd();
  }, [last, traces.length, total, onEnd]);

  return (
    <div
      ref={box}
      role="table"
      aria-rowcount={total}
      aria-label="Traces"
      tabIndex={0}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      style={{ flex: 1, minHeight: 0, overflow: "auto", fontSize: 13, outlineOffset: -2 }}
    >
      <div
        role="row"
        style={{
          display: "grid",
          gridTemplateColumns: columns,
          gap: 12,
          padding: "6px 16px",
          position: "sticky",
          top: 0,
          zIndex: 1,
          minWidth: 930,
          background: "var(--ground-raised)",
          borderBottom: "1px solid var(--line)"
        }}
        className="soft"
      >
        {titles.map((title, at) => (
          <span key={title} role="columnheader" style={at > 4 ? { textAlign: "right" } : undefined}>
            {title}
          </span>
        ))}
      </div>
      <div role="rowgroup" style={{ position: "relative", height: traces.length * rowHeight, minWidth: 930 }}>
        {traces.slice(first, last).map((trace, offset) => {
          const at = first + offset;
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
                top: at * rowHeight,
                left: 0,
                right: 0,
                height: rowHeight,
                display: "grid",
                gridTemplateColumns: columns,
                gap: 12,
                alignItems: "center",
                padding: "0 16px",
                borderBottom: "1px solid var(--line)",
                cursor: "pointer",
                background: at === chosen ? "var(--accent-ground)" : undefined,
                boxShadow: at === chosen ? "inset 2px 0 0 var(--accent)" : undefined
              }}
            >
              <Cut>
                <TimeText atMs={trace.startedAtMs} />
              </Cut>
              <Cut>
                <StatusChip
                  look={
                    trace.status !== "error" && trace.errors > 0
                      ? { tone: "warn", sign: "!", word: `${trace.errors} error${trace.errors === 1 ? "" : "s"}` }
                      : statusLooks[trace.status]
                  }
                />
              </Cut>
              <Cut>{trace.agent ?? trace.name}</Cut>
              <Cut>{trace.input ?? <span className="faint">–</span>}</Cut>
              <Cut>
                <span className="soft">{trace.output ?? "–"}</span>
              </Cut>
              <Cut right>
                <DurationText ms={trace.durationMs} />
              </Cut>
              <Cut right>
                <NumberText value={trace.spans} />
              </Cut>
              <Cut right>
                <NumberText
                  value={
                    trace.inputTokens === null && trace.outputTokens === null
                      ? null
                      : (trace.inputTokens ?? 0) + (trace.outputTokens ?? 0)
                  }
                />
              </Cut>
              <Cut right>
                <CostText usd={trace.costUsd} />
              </Cut>
            </div>
          );
        })}
      </div>
    </div>
  );
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
