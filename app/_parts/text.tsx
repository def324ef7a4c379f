"use client";
import { useSyncExternalStore } from "react";
import { formatCost, formatDuration, formatExact, formatNumber, formatRate, formatTime } from "#lib/browser/format.ts";

const never = () => () => undefined;

/** A number in tabular figures, every digit on hover; a dash where there is none. */
export function NumberText({ value, unit }: { readonly value: number | null; readonly unit?: string }) {
  if (value === null) return <span className="faint">–</span>;
  return (
    <span className="num" title={formatExact(value)}>
      {formatNumber(value)}
      {unit ? ` ${unit}` : ""}
    </span>
  );
}

interface RateTextProps {
  readonly rate: number | null;
  readonly interval: readonly [number, number] | null;
  readonly n: number;
}

/** A rate with its 95 % interval and n: `82 % [76, 87] n = 214`. Shares in 0..1. */
export function RateText({ rate, interval, n }: RateTextProps) {
  return (
    <span className="num" title={rate === null ? undefined : `${formatExact(rate * 100)} %, 95 % interval, n = ${n}`}>
      {formatRate(rate, interval, n)}
    </span>
  );
}

/** An instant in the viewer's zone; the server draws UTC until the page knows the zone. */
export function TimeText({ atMs }: { readonly atMs: number }) {
  const zone = useSyncExternalStore(
    never,
    () => "",
    () => "UTC"
  );
  const iso = new Date(atMs).toISOString();
  return (
    <time className="num" dateTime={iso} title={iso}>
      {zone === "UTC" ? formatTime(atMs, "UTC") : formatTime(atMs)}
    </time>
  );
}

/** How long something took. */
export function DurationText({ ms }: { readonly ms: number | null }) {
  if (ms === null) return <span className="faint">–</span>;
  return (
    <span className="num" title={`${formatExact(ms)} ms`}>
      {formatDuration(ms)}
    </span>
  );
}

/** Money in US dollars. */
export function CostText({ usd }: { readonly usd: number | null }) {
  if (usd === null) return <span className="faint">–</span>;
  return (
    <span className="num" title={`$${formatExact(usd)}`}>
      {formatCost(usd)}
    </span>
  );
}
