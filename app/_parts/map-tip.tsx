"use client";
import { useEffect, useState } from "react";
import { categoryColour } from "#lib/browser/scatter-colour.ts";
import type { MapPoints } from "#lib/browser/scatter-rows.ts";
import { reportOf } from "#lib/model/fault.ts";

/** A pointer that only passes over a point asks for nothing. */
const restMs = 60;

/** What a map says about the trace under the pointer, which is read when the pointer rests. */
export function MapTip({ points, at }: { readonly points: MapPoints; readonly at: number }) {
  const [, setRead] = useState(-1);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    setFailure(null);
    let isGone = false;
    const timer = setTimeout(() => {
      points.row(at).then(
        () => isGone || setRead(at),
        (error: unknown) => isGone || setFailure(reportOf(error).message)
      );
    }, restMs);
    return () => {
      isGone = true;
      clearTimeout(timer);
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
      <div className="faint">
        <code>{points.text(at, "trace_id")?.slice(0, 12)}</code>
        {novelty === null ? "" : ` · novelty ${novelty.toPrecision(2)}`} · click to open
      </div>
    </>
  );
}
