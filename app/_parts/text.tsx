"use client";
import { useSyncExternalStore } from "react";
import {
  formatCost,
  formatDuration,
  formatExact,
  formatNumber,
  formatRate,
  formatShortTime,
  formatTime,
  formatZone
} from "#lib/browser/format.ts";

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

interface TimeTextProps {
  readonly atMs: number;
  /** Day, month and time only, for narrow columns. */
  readonly short?: boolean;
  /** The instant was made up to keep the order: it bears "~" and says so. */
  readonly synthesised?: boolean;
}

/** An instant in the viewer's zone, the UTC instant on hover; the server draws UTC until the page knows the zone. */
export function TimeText({ atMs, short = false, synthesised = false }: TimeTextProps) {
  const zone = useZone();
  const iso = new Date(atMs).toISOString();
  const format = short ? formatShortTime : formatTime;
  return (
    <time
      className="num"
      dateTime={iso}
      title={synthesised ? `The source gave no times: this one (${iso}) is made up to keep the order` : iso}
    >
      {synthesised ? "~ " : ""}
      {format(atMs, zone)}
    </time>
  );
}

/** The name of the viewer's zone, for the head of a column of short times. */
export function ZoneText({ atMs }: { readonly atMs: number }) {
  return <>{formatZone(atMs, useZone())}</>;
}

/** IANA name, or undefined for the browser's own. */
function useZone(): string | undefined {
  const zone = useSyncExternalStore(
    never,
    () => "",
    () => "UTC"
  );
  return zone === "" ? undefined : zone;
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
