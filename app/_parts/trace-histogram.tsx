"use client";
import { useEffect, useRef, useState } from "react";
import { formatCount, formatShortTime } from "#lib/browser/format.ts";
import type { FacetsReply } from "#lib/wire/traces.ts";
import { Button } from "./button.tsx";
import { TimeText } from "./text.tsx";

interface TraceHistogramProps {
  readonly histogram: FacetsReply["histogram"];
  readonly isBrushed: boolean;
  readonly onRange: (fromMs: number | null, toMs: number | null) => void;
}

const tallPx = 48;
/** A key that is held moves an end many times: the list waits until it rests. */
const restMs = 350;

/** Traces over time, those with errors apart; a part of it is chosen by dragging, or by the two ends with arrow keys. */
export function TraceHistogram({ histogram, isBrushed, onRange }: TraceHistogramProps) {
  const { counts, errors, fromMs, toMs } = histogram;
  const slices = counts.length;
  const [brush, setBrush] = useState<readonly [number, number] | null>(null);
  const [ends, setEnds] = useState<readonly [number, number]>([0, slices]);
  const start = useRef<number | null>(null);
  const most = Math.max(1, ...counts);
  const at = (slice: number) => Math.round(fromMs + ((toMs - fromMs) * slice) / slices);
  const place = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * slices;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another range has ends of its own
  useEffect(() => setEnds([0, slices]), [fromMs, toMs, slices]);
  useEffect(() => {
    if (ends[0] === 0 && ends[1] === slices) return;
    const timer = setTimeout(() => onRange(at(ends[0]), at(ends[1])), restMs);
    return () => clearTimeout(timer);
  });
  const shown = brush ?? (ends[0] > 0 || ends[1] < slices ? ends : null);
  const bad = errors.reduce((sum, n) => sum + n, 0);
  return (
    <figure style={{ padding: "12px 16px 8px", borderBottom: "1px solid var(--line)" }}>
      <div
        className="brush"
        role="img"
        aria-label={`Traces over time, at most ${formatCount(most, "trace")} in one slice`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = place(event);
        }}
        onPointerMove={(event) => {
          if (start.current !== null)
            setBrush([Math.min(start.current, place(event)), Math.max(start.current, place(event))]);
        }}
        onPointerUp={() => {
          start.current = null;
          if (brush && brush[1] - brush[0] > slices / 200) onRange(at(brush[0]), at(brush[1]));
          setBrush(null);
        }}
        onPointerCancel={() => {
          start.current = null;
          setBrush(null);
        }}
      >
        {counts.map((count, slice) => (
          <span
            key={`${fromMs}-${slice.toString()}`}
            className="brush-slice"
            title={`${formatCount(count, "trace")}, ${errors[slice] ?? 0} with errors, from ${formatShortTime(at(slice))} to ${formatShortTime(at(slice + 1))}`}
          >
            <span style={{ height: heightOf(count - (errors[slice] ?? 0), most), background: "var(--mark)" }} />
            <span style={{ height: heightOf(errors[slice] ?? 0, most), background: "var(--bad)" }} />
            {count === 0 ? <span style={{ height: 1, background: "var(--line)" }} /> : null}
          </span>
        ))}
        {shown ? (
          <span
            className="brush-range"
            style={{
              left: `${(shown[0] / slices) * 100}%`,
              width: `${((shown[1] - shown[0]) / slices) * 100}%`
            }}
          />
        ) : null}
      </div>
      <div className="brush-ends">
        <input
          type="range"
          aria-label="Begin of the time range"
          aria-valuetext={formatShortTime(at(ends[0]))}
          min={0}
          max={slices}
          value={ends[0]}
          onChange={({ target }) => setEnds([Math.min(Number(target.value), ends[1] - 1), ends[1]])}
        />
        <input
          type="range"
          aria-label="End of the time range"
          aria-valuetext={formatShortTime(at(ends[1]))}
          min={0}
          max={slices}
          value={ends[1]}
          onChange={({ target }) => setEnds([ends[0], Math.max(Number(target.value), ends[0] + 1)])}
        />
      </div>
      <figcaption className="row faint" style={{ fontSize: 12, flexWrap: "wrap" }}>
        <TimeText atMs={fromMs} />
        <span className="row grow" style={{ justifyContent: "center" }}>
          <span>
            <Key colour="var(--mark)" /> without errors
          </span>
          <span>
            <Key colour="var(--bad)" /> with errors <span className="num">{bad.toLocaleString("en-US")}</span>
          </span>
          {isBrushed ? (
            <Button small tone="quiet" onClick={() => onRange(null, null)}>
              Show all times
            </Button>
          ) : null}
        </span>
        <TimeText atMs={toMs} />
      </figcaption>
    </figure>
  );
}

function heightOf(count: number, most: number): number {
  return count <= 0 ? 0 : Math.max(2, (tallPx * count) / most);
}

function Key({ colour }: { readonly colour: string }) {
  return (
    <span
      aria-hidden="true"
      style={{ display: "inline-block", width: 9, height: 9, borderRadius: 2, background: colour }}
    />
  );
}
