import { categoryColour } from "#lib/browser/scatter-colour.ts";
import type { PlacedLabel } from "#lib/browser/scatter-labels.ts";
import { type Corner, type ScatterSize, type ScatterView, toScreen } from "#lib/browser/scatter-view.ts";
import type { Outline } from "#lib/map/outline.ts";
import type { ScatterCluster } from "./scatter-legend.tsx";

interface ScatterOverlayProps {
  readonly view: ScatterView;
  readonly size: ScatterSize;
  /** Corners of the selection in map coordinates. */
  readonly picked: readonly Corner[] | null;
  readonly outlines: readonly Outline[];
  readonly clusters: readonly ScatterCluster[];
  /** Cluster that stands out; -1 for none. */
  readonly chosen: number;
  readonly labels: readonly PlacedLabel<ScatterCluster>[];
  readonly colours: readonly string[];
}

/** What lies over the points: selection, outlines, and words of clusters on a ground that keeps them readable. */
export function ScatterOverlay(props: ScatterOverlayProps) {
  const { view, size, picked, outlines, clusters, chosen, labels, colours } = props;
  const trace = (ring: readonly Corner[]) =>
    `M${ring
      .map((corner) =>
        toScreen(view, size, ...corner)
          .map((place) => place.toFixed(1))
          .join(" ")
      )
      .join("L")}Z`;
  return (
    <>
      <svg aria-hidden="true" className="scatter-shapes" width="100%" height="100%">
        {clusters.map(({ id }) => {
          const rings = outlines[id]?.rings ?? [];
          if (rings.length === 0) return null;
          return (
            <path
              key={id}
              data-chosen={id === chosen}
              className="scatter-outline"
              d={rings.map(trace).join("")}
              stroke={categoryColour(id, colours)}
              fill={categoryColour(id, colours)}
            />
          );
        })}
        {picked ? <path className="scatter-picked" d={trace(picked)} /> : null}
      </svg>
      {labels.map(({ item, text, left, top }) => (
        <span key={item.id} className="scatter-label" data-chosen={item.id === chosen} style={{ left, top }}>
          <span aria-hidden="true" className="scatter-dot" style={{ background: categoryColour(item.id, colours) }} />
          {text}
        </span>
      ))}
    </>
  );
}
