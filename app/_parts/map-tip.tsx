import { categoryColour } from "#lib/browser/scatter-colour.ts";
import type { MapPoints } from "#lib/browser/scatter-rows.ts";

/** What a map says about the trace under the pointer. */
export function MapTip({ points, at }: { readonly points: MapPoints; readonly at: number }) {
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
        <strong>{points.text(at, "cluster_label") ?? "in no cluster"}</strong>
      </div>
      <div className="soft">{whose.join(" · ")}</div>
      <div className="faint">
        <code>{points.text(at, "trace_id")?.slice(0, 12)}</code>
        {novelty === null ? "" : ` · novelty ${novelty.toPrecision(2)}`} · click to open
      </div>
    </>
  );
}
