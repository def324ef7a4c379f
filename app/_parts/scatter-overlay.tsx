import { categoryColour } from "#lib/browser/scatter-colour.ts";
import { type Corner, type PlacedLabel, shortLabel } from "#lib/browser/scatter-view.ts";
import type { ScatterCluster } from "./scatter-legend.tsx";

interface ScatterOverlayProps {
  /** Corners on screen; fewer than two draw nothing. */
  readonly lasso: readonly Corner[];
  readonly labels: readonly PlacedLabel<ScatterCluster>[];
  readonly colours: readonly string[];
}

/** What lies over the points: the lasso, and the words of clusters on a ground that keeps them readable. */
export function ScatterOverlay({ lasso, labels, colours }: ScatterOverlayProps) {
  const path = lasso.map(([left, top], at) => `${at === 0 ? "M" : "L"}${left} ${top}`).join("");
  return (
    <>
      <svg
        aria-hidden="true"
        width="100%"
        height="100%"
        style={{ position: "absolute", inset: 0, pointerEvents: "none" }}
      >
        {path ? (
          <path d={`${path}Z`} fill="var(--accent)" fillOpacity={0.1} stroke="var(--accent)" strokeWidth={1.5} />
        ) : null}
      </svg>
      {labels.map(({ item, left, top }) => (
        <span
          key={item.id}
          style={{
            position: "absolute",
            left,
            top,
            transform: "translate(-50%,-50%)",
            display: "inline-flex",
            alignItems: "center",
            gap: 5,
            padding: "1px 6px",
            borderRadius: 4,
            whiteSpace: "nowrap",
            pointerEvents: "none",
            font: "600 12px/16px var(--sans)",
            color: "var(--ink)",
            background: "color-mix(in srgb, var(--ground) 82%, transparent)"
          }}
        >
          <span
            aria-hidden="true"
            style={{ width: 7, height: 7, borderRadius: 4, flex: "none", background: categoryColour(item.id, colours) }}
          />
          {shortLabel(item.label)}
        </span>
      ))}
    </>
  );
}
