"use client";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { formatShortTime, formatZone } from "#lib/browser/format.ts";
import { sliceTimes, stepRange, type TimeRange, type TimeSlices } from "#lib/browser/scatter-time.ts";
import { Button } from "./button.tsx";

interface ScatterTimeProps {
  /** In ms since 1970 UTC, NaN without one. */
  readonly times: Float64Array;
  readonly label: string;
  readonly range: TimeRange | null;
  /** null shows all times again. */
  readonly onRange: (range: TimeRange | null) => void;
}

const slices = 72;
/** Between two steps of the playback. */
const stepMs = 140;
/** A range that nobody chose is this many slices long. */
const usualSlices = 9;

/** Points over time below the map: a part is chosen by dragging or by keys, and played through unless motion is unwanted. */
export const ScatterTime = memo(function ScatterTime({ times, label, range, onRange }: ScatterTimeProps) {
  const [isPlaying, setPlaying] = useState(false);
  const start = useRef<number | null>(null);
  const isStill = useStillness();
  const sliced = useMemo(() => sliceTimes(times, slices), [times]);
  const stepOf = sliced ? (sliced.toMs - sliced.fromMs) / slices : 0;
  const move = (by: number) => {
    if (!sliced) return;
    const { fromMs } = sliced;
    onRange(range ? stepRange(range, sliced, by * stepOf) : { fromMs, toMs: fromMs + usualSlices * stepOf });
  };
  const latest = useRef(move);
  latest.current = move;
  useEffect(() => {
    if (!isPlaying || isStill) return;
    const timer = setInterval(() => latest.current(1), stepMs);
    return () => clearInterval(timer);
  }, [isPlaying, isStill]);
  const bars = useMemo(() => (sliced ? listBars(sliced) : []), [sliced]);
  if (!sliced) return null;
  const { fromMs, toMs } = sliced;
  const share = (ms: number) => ((ms - fromMs) / (toMs - fromMs)) * 100;
  const place = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return fromMs + Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * (toMs - fromMs);
  };
  const words = range
    ? `${formatShortTime(range.fromMs)} to ${formatShortTime(range.toMs)}`
    : `${formatShortTime(fromMs)} to ${formatShortTime(toMs)}`;
  return (
    <section className="scatter-time" aria-label="Time">
      {isStill ? null : (
        <Button
          small
          icon={isPlaying ? "stop" : "play"}
          aria-label={isPlaying ? "Stop the playback" : "Play through time"}
          onClick={() => {
            if (!isPlaying && !range) move(1);
            setPlaying(!isPlaying);
          }}
        />
      )}
      <Button small aria-label="Earlier" onClick={() => move(-1)}>
        ‹
      </Button>
      <Button small aria-label="Later" onClick={() => move(1)}>
        ›
      </Button>
      <div
        className="scatter-slices"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = place(event);
          setPlaying(false);
        }}
        onPointerMove={(event) => {
          const from = start.current;
          const to = place(event);
          if (from !== null && from !== to) onRange({ fromMs: Math.min(from, to), toMs: Math.max(from, to) });
        }}
        onPointerUp={(event) => {
          if (start.current !== null && Math.abs(place(event) - start.current) < stepOf / 4) onRange(null);
          start.current = null;
        }}
      >
        {bars.map(({ at, title, height }) => (
          <span key={at} title={title} style={{ height }} />
        ))}
        {range ? (
          <span
            className="scatter-range"
            style={{ left: `${share(range.fromMs)}%`, width: `${share(range.toMs) - share(range.fromMs)}%` }}
          />
        ) : null}
      </div>
      <span className="num soft scatter-when" title={`${label}, ${formatZone(fromMs)}`}>
        {words}
      </span>
      <Button
        small
        disabled={!range}
        onClick={() => {
          setPlaying(false);
          onRange(null);
        }}
      >
        All times
      </Button>
    </section>
  );
});

/** The slices as bars with their words. */
function listBars({ fromMs, toMs, counts }: TimeSlices) {
  const most = Math.max(1, ...counts);
  return Array.from(counts, (count, slice) => {
    const at = fromMs + ((toMs - fromMs) * slice) / counts.length;
    const title = `${count.toLocaleString("en-US")} from ${formatShortTime(at)}`;
    return { at, title, height: count > 0 ? `${Math.max(8, (100 * count) / most)}%` : 1 };
  });
}

/** Whether the system asks for no motion. */
function useStillness(): boolean {
  const [isStill, setStill] = useState(false);
  useEffect(() => {
    const media = matchMedia("(prefers-reduced-motion: reduce)");
    const tell = () => setStill(media.matches);
    tell();
    media.addEventListener("change", tell);
    return () => media.removeEventListener("change", tell);
  }, []);
  return isStill;
}
