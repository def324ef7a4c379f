"use client";
import { useMemo } from "react";
import { categoryColour } from "#lib/browser/scatter-colour.ts";
import type { PlacedLabel } from "#lib/browser/scatter-labels.ts";
import type { Corner, ScatterSize, ScatterView } from "#lib/browser/scatter-view.ts";
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
  /** Of clusters; null while the points have the colours of something else. */
  readonly colours: readonly string[] | null;
}

/** Outlines that are drawn, those of the largest clusters: thousands would keep the page busy, and say nothing more. */
const mostOutlines = 300;

/** What lies over the points: selection, outlines, and words of clusters that let the points shine through. */
export function ScatterOverlay(props: ScatterOverlayProps) {
  const { view, size, picked, outlines, clusters, chosen, labels, colours } = props;
  const outlined = useMemo(
    () => clusters.slice(0, mostOutlines).map(({ id }) => [id, traceOutline(outlines[id])] as const),
    [clusters, outlines]
  );
  const isOutlined = outlined.some(([id]) => id === chosen);
  const shown = isOutlined || chosen < 0 ? outlined : [...outlined, [chosen, traceOutline(outlines[chosen])] as const];
  const colourOf = (id: number) => (colours ? categoryColour(id, colours) : "var(--ink-faint)");
  const lasso = useMemo(() => (picked ? trace(picked) : null), [picked]);
  // Traced once in map coordinates, relative to where they are seen: the browser moves them with the view.
  const place = `matrix(${view.scale} 0 0 ${-view.scale} ${size.width / 2 - view.x * view.scale} ${size.height / 2 + view.y * view.scale})`;
  return (
    <>
      <svg aria-hidden="true" className="scatter-shapes" width="100%" height="100%">
        <g transform={place}>
          {shown.map(([id, path]) =>
            path ? (
              <path
                key={id}
                data-chosen={id === chosen}
                className="scatter-outline"
                d={path}
                stroke={colourOf(id)}
                fill={colourOf(id)}
              />
            ) : null
          )}
          {lasso ? <path className="scatter-picked" d={lasso} /> : null}
        </g>
      </svg>
      {labels.map(({ item, text, left, top }) => (
        <span key={item.id} className="scatter-label" data-chosen={item.id === chosen} style={{ left, top }}>
          {colours ? (
            <span aria-hidden="true" className="scatter-dot" style={{ background: colourOf(item.id) }} />
          ) : null}
          {text}
        </span>
      ))}
    </>
  );
}

function traceOutline(outline: Outline | undefined): string {
  return outline?.rings.map(trace).join("") ?? "";
}

/** A closed path in map coordinates. */
function trace(ring: readonly Corner[]): string {
  return `M${ring.map(([x, y]) => `${x.toPrecision(7)} ${y.toPrecision(7)}`).join("L")}Z`;
}
