"use client";
import { useEffect, useState } from "react";
import { formatNumber } from "#lib/browser/format.ts";
import { categoryColour } from "#lib/browser/scatter-colour.ts";
import type { MapPoints } from "#lib/browser/scatter-rows.ts";
import { readSummary } from "#lib/browser/trace-summaries.ts";
import { reportOf } from "#lib/model/fault.ts";

/** A pointer that only passes over a point asks for nothing; what was said in the trace is read when it stays. */
const [restMs, stayMs] = [60, 200];

interface MapTipProps {
  readonly points: MapPoints;
  readonly at: number;
  /** What the colour of the point says; null where that is its cluster. */
  readonly said?: string | null;
}

/** What a map says about the trace under the pointer, which is read when the pointer rests. */
export function MapTip({ points, at, said = null }: MapTipProps) {
  const [, setRead] = useState(-1);
  const [words, setWords] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    setFailure(null);
    setWords(null);
    let isGone = false;
    const fail = (error: unknown) => isGone || setFailure(reportOf(error).message);
    const row = async () => {
      await points.row(at);
      if (!isGone) setRead(at);
    };
    const readWords = async () => {
      await row();
      const traceId = points.text(at, "trace_id");
      if (isGone || traceId === null) return;
      const { input, output } = await readSummary(traceId);
      if (!isGone) setWords(input || output || "no text");
    };
    const timers = [setTimeout(() => row().catch(fail), restMs), setTimeout(() => readWords().catch(fail), stayMs)];
    return () => {
      isGone = true;
      for (const timer of timers) clearTimeout(timer);
    };
  }, [points, at]);
  const cluster = points.cluster[at] ?? -1;
  const novelty = points.novelty(at);
  const whose = [points.text(at, "business_unit"), points.text(at, "agent")].filter((word) => word !== null);
  return (
    <>
      <div className="row" style={{ gap: 6, alignItems: "baseline" }}>
        <span
          aria-hidden="true"
          style={{ width: 8, height: 8, borderRadius: 4, flex: "none", background: categoryColour(cluster) }}
        />
        <strong>{points.text(at, "cluster_label") ?? (cluster < 0 ? "in no cluster" : "…")}</strong>
      </div>
      <div className="soft">{failure ?? (whose.length > 0 ? whose.join(" · ") : "…")}</div>
      {said === null ? null : <div className="num">{said}</div>}
      <p className="scatter-words">{words ?? "…"}</p>
      <div className="faint">
        <code>{points.text(at, "trace_id")?.slice(0, 12)}</code>
        {novelty === null ? "" : ` · novelty ${formatNumber(novelty)}`} · click to open
      </div>
    </>
  );
}
