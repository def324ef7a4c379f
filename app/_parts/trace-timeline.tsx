// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
"use client";
import { useEffect, useMemo, useState } from "react";
import { formatDuration } from "#lib/browser/format.ts";
import { kindColour } from "#lib/browser/span-colour.ts";
import type { SpanTree } from "#lib/browser/span-tree.ts";
import { barOf, shiftRange, spansIn, type TimeRange, timeTicks, zoomRange } from "#lib/browser/time-range.ts";
import { endMs, type Fold, type TraceClock } from "#lib/browser/trace-clock.ts";
import type { SpanHead } from "#lib/wire/traces.ts";
import { Button } from "./button.tsx";
import { DurationText, NumberText } from "./text.tsx";
import { useRowWindow } from "./use-row-window.ts";

interface TraceTimelineProps {
  readonly tree: SpanTree;
  readonly clock: TraceClock;
  readonly chosen: string | null;
  readonly onChoose: (spanId: string) => void;
}

const rowHeight = 24;
const columns = "minmax(140px, 240px) minmax(0, 1fr) 72px";

/** All spans on one time axis. Dragging over the axis zooms; only rows in sight are in the page. */
export function TraceTimeline({ tree, clock, chosen, onChoose }: TraceTimelineProps) {
  const whole = useMemo<TimeRange>(() => ({ fromMs: 0, toMs: clock.paperMs }), [clock]);
  const [chosenRange, setRange] = useState<TimeRange | null>(null);
  const range = chosenRange ?? whole;
  /** Spans as they lie on paper. */
  const bars = useMemo(
    () =>
      tree.spans.map((span) => {
        const startMs = clock.toPaper(span.startMs);
        return { ...span, startMs, durationMs: clock.toPaper(endMs(span)) - startMs };
      }),
    [tree, clock]
  );
  const rows = useMemo(() => spansIn(bars, range), [bars, range]);
  const { box, window, onScroll, reveal, toTop } = useRowWindow(rows.length, rowHeight);
  useEffect(() => {
    const at = chosen === null ? -1 : rows.findIndex(({ spanId }) => spanId === chosen);
    if (at >= 0) reveal(at);
  }, [chosen, rows, reveal]);
  const isWhole = range.fromMs <= whole.fromMs && range.toMs >= whole.toMs;
  const change = (next: TimeRange) => {
    setRange(next);
    toTop();
  };
  return (
    <section
      aria-label="Timeline"
      style={{ display: "flex", flexDirection: "column", minWidth: 0, minHeight: 0, fontSize: 13 }}
    >
      <div className="row" style={{ padding: "6px 12px", flexWrap: "wrap" }}>
        <Button small aria-label="Earlier" disabled={isWhole} onClick={() => change(shiftRange(range, -0.5, whole))}>
          ←
        </Button>
        <Button small aria-label="Later" disabled={isWhole} onClick={() => change(shiftRange(range, 0.5, whole))}>
          →
        </Button>
        <Button small onClick={() => change(zoomRange(range, 0.25, whole))}>
          Zoom in
        </Button>
        <Button small disabled={isWhole} onClick={() => change(zoomRange(range, 4, whole))}>
          Zoom out
        </Button>
        <Button small disabled={isWhole} onClick={() => change(whole)}>
          Whole trace
        </Button>
        <span className="soft">
          <NumberText value={rows.length} /> {rows.length === 1 ? "span" : "spans"} from{" "}
          {formatInstant(clock.toTime(range.fromMs))} to {formatInstant(clock.toTime(range.toMs))}; drag over the axis
          to zoom
        </span>
      </div>
      <Axis range={range} clock={clock} onRange={change} />
      <div
        ref={box}
        role="listbox"
        aria-label="Spans by time"
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={(event) => {
          const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (step === 0) return;
          event.preventDefault();
          const now = rows.findIndex(({ spanId }) => spanId === chosen);
          const at = Math.max(0, Math.min(rows.length - 1, now + step));
          const next = rows[at];
          if (!next) return;
          onChoose(next.spanId);
        }}
        style={{ flex: 1, minHeight: 0, overflow: "auto", outlineOffset: -2 }}
      >
        <div role="presentation" style={{ position: "relative", height: window.bodyHeight }}>
          {rows.slice(window.first, window.end).map((span, offset) => (
            <SpanBar
              key={span.spanId}
              span={span}
              durationMs={Math.max(0, tree.spans[tree.placeOf(span.spanId)]?.durationMs ?? 0)}
              range={range}
              top={window.top + offset * rowHeight}
              isChosen={span.spanId === chosen}
              onChoose={onChoose}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

interface SpanBarProps {
  /** With its times on paper. */
  readonly span: SpanHead;
  /** What it really took. */
  readonly durationMs: number;
  readonly range: TimeRange;
  readonly top: number;
  readonly isChosen: boolean;
  readonly onChoose: (spanId: string) => void;
}

function SpanBar({ span, durationMs, range, top, isChosen, onChoose }: SpanBarProps) {
  const { left, width } = barOf(span, range);
  const isError = span.status === "error";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the arrow keys
    <div
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      onClick={() => onChoose(span.spanId)}
      style={{
        position: "absolute",
        top,
        left: 0,
        right: 0,
        height: rowHeight,
        display: "grid",
        gridTemplateColumns: columns,
        gap: 8,
        alignItems: "center",
        padding: "0 12px",
        cursor: "pointer",
        background: isChosen ? "var(--accent-ground)" : undefined
      }}
    >
      <span
        title={`${span.kind}: ${span.name}`}
        style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}
      >
        {isError ? <span className="status-bad">✕ </span> : null}
        {span.toolName ?? span.name} <span className="faint">{span.kind}</span>
      </span>
      <span style={{ position: "relative", height: 12 }}>
        <span
          style={{
            position: "absolute",
            top: 0,
            bottom: 0,
            left: `${left * 100}%`,
            width: `max(2px, ${width * 100}%)`,
            background: isError ? "var(--bad)" : kindColour(span.kind),
            borderRadius: 2
          }}
        />
      </span>
      <span className="soft" style={{ textAlign: "right" }}>
        <DurationText ms={durationMs} />
      </span>
    </div>
  );
}

interface AxisProps {
  readonly range: TimeRange;
  readonly clock: TraceClock;
  readonly onRange: (range: TimeRange) => void;
}

function Axis({ range, clock, onRange }: AxisProps) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const shareAt = (event: React.PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const instant = (share: number) => range.fromMs + share * (range.toMs - range.fromMs);
  return (
    <div
      className="soft"
      style={{
        display: "grid",
        gridTemplateColumns: columns,
        gap: 8,
        padding: "0 12px",
        borderBottom: "1px solid var(--line)",
        fontSize: 12
      }}
    >
      <span>Span</span>
      <span
        data-testid="time-axis"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: shareAt(event), to: shareAt(event) });
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, to: shareAt(event) })}
        onPointerUp={() => {
          if (drag && Math.abs(drag.to - drag.from) > 0.005) {
            const ends = [instant(drag.from), instant(drag.to)].sort((a, b) => a - b);
            onRange({ fromMs: ends[0]!, toMs: ends[1]! });
          }
          setDrag(null);
        }}
        style={{
          position: "relative",
          height: 20,
          cursor: "ew-resize",
          overflow: "hidden",
          userSelect: "none",
          touchAction: "none"
        }}
      >
        {timeTicks(range, 7).map((tick) => (
          <span
            key={tick}
            style={{
              position: "absolute",
              left: `${((tick - range.fromMs) / (range.toMs - range.fromMs)) * 100}%`,
              paddingLeft: 4,
              borderLeft: "1px solid var(--line-strong)",
              whiteSpace: "nowrap"
            }}
          >
            {formatInstant(clock.toTime(tick))}
          </span>
        ))}
        {clock.folds.map((fold) => (
          <FoldMark key={fold.fromMs} fold={fold} clock={clock} range={range} />
        ))}
        {drag ? (
          <span
            style={{
              position: "absolute",
              top: 0,
              bottom: 0,
              left: `${Math.min(drag.from, drag.to) * 100}%`,
              width: `${Math.abs(drag.to - drag.from) * 100}%`,
              background: "var(--accent)",
              opacity: 0.25
            }}
          />
        ) : null}
      </span>
      <span style={{ textAlign: "right" }}>Duration</span>
    </div>
  );
}

/** Where time was left out. */
function FoldMark({
  fold,
  clock,
  range
}: {
  readonly fold: Fold;
  readonly clock: TraceClock;
  readonly range: TimeRange;
}) {
  const [from, to] = [clock.toPaper(fold.fromMs), clock.toPaper(fold.toMs)];
  const share = (paperMs: number) => (paperMs - range.fromMs) / (range.toMs - range.fromMs);
  if (to < range.fromMs || from > range.toMs) return null;
  const left = Math.max(0, share(from));
  return (
    <span
      className="time-fold"
      title={`${formatDuration(fold.toMs - fold.fromMs)} in which nothing happens`}
      style={{ left: `${left * 100}%`, width: `max(3px, ${(Math.min(1, share(to)) - left) * 100}%)` }}
    />
  );
}

function formatInstant(ms: number): string {
  return ms <= 0 ? "0 s" : formatDuration(ms);
}
