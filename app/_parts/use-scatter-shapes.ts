"use client";
import { useEffect, useRef, useState } from "react";
import { ScatterGrid } from "#lib/browser/scatter-grid.ts";
import type { MapBounds } from "#lib/browser/scatter-view.ts";
import { type Outline, outlineGroups } from "#lib/map/outline.ts";
import type { ScatterCluster } from "./scatter-legend.tsx";

/** What is needed to point at things. */
export interface Shapes {
  readonly grid: ScatterGrid | null;
  readonly outlines: readonly Outline[];
}
const noShapes: Shapes = { grid: null, outlines: [] };

/** From the points to their shapes, and from these to a rehearsal of the lasso, in ms: the picture goes first. */
const [shapesAfterMs, rehearsalAfterMs] = [30, 300];

/**
 * Built after the points are on screen. Points that join the same map leave its outlines as they are.
 *
 * @param identity  of the map
 */
export function useScatterShapes(x: Float32Array, y: Float32Array, category: Int32Array, identity: unknown): Shapes {
  const [shapes, setShapes] = useState(noShapes);
  const shown = useRef<unknown>(null);
  const built = useRef<{ readonly x: Float32Array; readonly y: Float32Array; readonly grid: ScatterGrid } | null>(null);
  useEffect(() => {
    const isSame = shown.current === identity;
    if (!isSame) setShapes(noShapes);
    let rehearsal = 0;
    const timer = window.setTimeout(() => {
      // Other clusters of the same points stand in the same grid.
      if (built.current?.x !== x || built.current.y !== y) built.current = { x, y, grid: new ScatterGrid(x, y) };
      const { grid } = built.current;
      shown.current = identity;
      setShapes((now) => {
        if (!isSame) return { grid, outlines: outlineGroups(x, y, category) };
        return now.grid === grid ? now : { ...now, grid };
      });
      if (isSame) return;
      rehearsal = window.setTimeout(() => {
        grid.sortPlaces();
        rehearsal = window.setTimeout(() => grid.rehearse(), rehearsalAfterMs);
      }, rehearsalAfterMs);
    }, shapesAfterMs);
    return () => {
      clearTimeout(timer);
      clearTimeout(rehearsal);
    };
  }, [x, y, category, identity]);
  return shapes;
}

/** What to look at for a cluster: its largest part, or a tenth of the map around its middle. */
export function boxOf({ x, y }: ScatterCluster, outline: Outline | undefined, whole: MapBounds): MapBounds {
  const ring = outline?.rings[0];
  const reach = ring ? 0 : 0.05 * (whole.right - whole.left);
  const [across, up] = [(ring ?? [[x, y]]).map(([cx = x]) => cx), (ring ?? [[x, y]]).map(([, cy = y]) => cy)];
  return {
    left: Math.min(...across) - reach,
    right: Math.max(...across) + reach,
    low: Math.min(...up) - reach,
    high: Math.max(...up) + reach
  };
}

let ruler: CanvasRenderingContext2D | null = null;
const widths = new Map<string, number>();

/** Width of a label's words in CSS pixels. */
export function measureLabel(text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return text.length * 7;
  ruler.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
  const width = ruler.measureText(text).width;
  widths.set(text, width);
  return width;
}
