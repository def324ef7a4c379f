"use client";
import { useMemo, useState } from "react";
import { kindColour } from "#lib/browser/span-colour.ts";
import { spansWith } from "#lib/browser/span-words.ts";
import type { SpanHead } from "#lib/wire/traces.ts";
import { DurationText } from "./text.tsx";
import { useRowWindow } from "./use-row-window.ts";

interface TraceTreeProps {
  /** Parents before children. */
  readonly spans: readonly SpanHead[];
  readonly chosen: string | null;
  readonly words: string;
  readonly durationMs: number;
  readonly onChoose: (spanId: string) => void;
}

const rowHeight = 28;

/** The spans as a tree with a time bar each; only rows in sight are in the page. */
export function TraceTree({ spans, chosen, words, durationMs, onChoose }: TraceTreeProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const depths = useMemo(() => depthsOf(spans), [spans]);
  const parents = useMemo(() => new Set(spans.map(({ parentSpanId }) => parentSpanId)), [spans]);
  const ids = useMemo(() => new Set(spans.map(({ spanId }) => spanId)), [spans]);
  const rows = useMemo(() => {
    if (words.trim() !== "") return spansWith(spans, words);
    const shown: SpanHead[] = [];
    let hiddenBelow = Infinity;
    for (const span of spans) {
      const depth = depths.get(span.spanId) ?? 0;
      if (depth > hiddenBelow) continue;
      hiddenBelow = folded.has(span.spanId) ? depth : Infinity;
      shown.push(span);
    }
    return shown;
  }, [spans, depths, folded, words]);
  const whole = Math.max(durationMs, 0.001);
  const { box, window, onScroll, reveal } = useRowWindow(rows.length, rowHeight);

  const move = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const now = rows.findIndex(({ spanId }) => spanId === chosen);
    const next = Math.max(0, Math.min(rows.length - 1, now + step));
    const span = rows[next];
    if (step === 0 || !span) return;
    event.preventDefault();
    reveal(next);
    onChoose(span.spanId);
  };
  return (
    <div
      ref={box}
      role="tree"
      aria-label="Spans"
      tabIndex={0}
      onKeyDown={move}
      onScroll={onScroll}
      style={{ overflow: "auto", fontSize: 13, outlineOffset: -2 }}
    >
      {rows.length === 0 ? (
        <p className="soft" style={{ padding: 16 }}>
          No span has “{words}” in its name; the conversation may.
        </p>
      ) : null}
      <div style={{ position: "relative", height: window.bodyHeight }}>
        {rows.slice(window.first, window.end).map((span, offset) => {
          const depth = depths.get(span.spanId) ?? 0;
          const isOrphan = span.parentSpanId !== null && !ids.has(span.parentSpanId);
          const isParent = parents.has(span.spanId);
          const isFolded = folded.has(span.spanId);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the arrow keys
            <div
              key={span.spanId}
              role="treeitem"
              aria-level={depth + 1}
              aria-selected={span.spanId === chosen}
              aria-expanded={isParent ? !isFolded : undefined}
              tabIndex={-1}
              onClick={() => onChoose(span.spanId)}
              style={{
                position: "absolute",
                top: window.top + offset * rowHeight,
                left: 0,
                right: 0,
                height: rowHeight,
                display: "grid",
                gridTemplateColumns: "minmax(0,1fr) 76px 24%",
                gap: 8,
                alignItems: "center",
                padding: "0 12px",
                cursor: "pointer",
                background: span.spanId === chosen ? "var(--accent-ground)" : undefined
              }}
            >
              <span className="row" style={{ paddingLeft: Math.min(depth, 12) * 14, gap: 6, minWidth: 0 }}>
                {isParent ? (
                  <button
                    type="button"
                    tabIndex={-1}
                    aria-label={isFolded ? "Unfold" : "Fold"}
                    style={{
                      border: 0,
                      padding: 0,
                      width: 14,
                      background: "none",
                      color: "var(--ink-soft)",
                      cursor: "pointer"
                    }}
                    onClick={(event) => {
                      event.stopPropagation();
                      const now = new Set(folded);
                      if (!now.delete(span.spanId)) now.add(span.spanId);
                      setFolded(now);
                    }}
                  >
                    {isFolded ? "▸" : "▾"}
                  </button>
                ) : (
                  <span style={{ width: 14, flex: "none" }} />
                )}
                <span
                  aria-hidden="true"
                  style={{ width: 8, height: 8, borderRadius: 2, flex: "none", background: kindColour(span.kind) }}
                />
                <span
                  title={`${span.kind}: ${span.name}`}
                  style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}
                >
                  {span.toolName ?? span.name}
                  <span className="faint"> {span.model ?? span.kind}</span>
                </span>
                {span.status === "error" ? <span className="status-bad">✕ error</span> : null}
                {isOrphan ? (
                  <span className="status-warn" title="Its parent is not in the lake">
                    ! no parent
                  </span>
                ) : null}
              </span>
              <span className="soft" style={{ textAlign: "right", whiteSpace: "nowrap" }}>
                <DurationText ms={span.durationMs} />
              </span>
              <span
                aria-hidden="true"
                style={{
                  position: "relative",
                  height: 8,
                  background: "var(--ground-sunk)",
                  borderRadius: 2,
                  overflow: "hidden"
                }}
              >
                <span
                  style={{
                    position: "absolute",
                    top: 0,
                    bottom: 0,
                    left: `${Math.max(0, Math.min(99, (span.startMs / whole) * 100))}%`,
                    width: `${Math.max(0.8, Math.min(100, (span.durationMs / whole) * 100))}%`,
                    background: span.status === "error" ? "var(--bad)" : kindColour(span.kind),
                    borderRadius: 2
                  }}
                />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function depthsOf(spans: readonly SpanHead[]): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const { spanId, parentSpanId } of spans) {
    const above = parentSpanId === null ? undefined : depths.get(parentSpanId);
    depths.set(spanId, above === undefined ? 0 : above + 1);
  }
  return depths;
}
