"use client";
import { useRef, useState } from "react";
import type { TracesReply } from "#lib/wire/traces.ts";
import { Button } from "./button.tsx";
import { TimeText } from "./text.tsx";

interface TraceHistogramProps {
  readonly histogram: TracesReply["histogram"];
  readonly brushed: boolean;
  readonly onRange: (fromMs: number | null, toMs: number | null) => void;
}

/** Traces over time; dragging across it narrows the list to that time. */
export function TraceHistogram({ histogram, brushed, onRange }: TraceHistogramProps) {
  const { counts, fromMs, toMs } = histogram;
  const [brush, setBrush] = useState<readonly [number, number] | null>(null);
  const start = useRef<number | null>(null);
  const most = Math.max(1, ...counts);
  const share = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
  };
  const at = (part: number) => Math.round(fromMs + (toMs - fromMs) * part);
  return (
    <figure style={{ padding: "12px 16px 8px", borderBottom: "1px solid var(--line)" }}>
      <div
        role="img"
        aria-label={`Traces over time, most in one slice: ${most}. Drag to narrow.`}
        style={{
          position: "relative",
          height: 44,
          cursor: "crosshair",
          touchAction: "none",
          display: "flex",
          alignItems: "flex-end",
          gap: 1
        }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = share(event);
        }}
        onPointerMove={(event) => {
          if (start.current !== null)
            setBrush([Math.min(start.current, share(event)), Math.max(start.current, share(event))]);
        }}
        onPointerUp={() => {
          start.current = null;
          if (brush && brush[1] - brush[0] > 0.005) onRange(at(brush[0]), at(brush[1]));
          setBrush(null);
        }}
      >
        {counts.map((count, slice) => (
          <span
            key={`${fromMs}-${slice.toString()}`}
            title={`${count.toLocaleString("en-US")} traces from ${new Date(at(slice / counts.length)).toLocaleString()}`}
            style={{
              flex: 1,
              height: count === 0 ? 1 : Math.max(2, (44 * count) / most),
              background: count === 0 ? "var(--line)" : "var(--mark)",
              borderRadius: 1
            }}
          />
        ))}
        {brush ? (
          <span
            style={{
              position: "absolute",
              top: 0,
              bottom: 0,
              left: `${brush[0] * 100}%`,
              width: `${(brush[1] - brush[0]) * 100}%`,
              background: "var(--accent)",
              opacity: 0.2
            }}
          />
        ) : null}
      </div>
      <figcaption className="row faint" style={{ fontSize: 12, marginTop: 4 }}>
        <TimeText atMs={fromMs} />
        <span className="grow" style={{ textAlign: "center" }}>
          {brushed ? (
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
