"use client";
import { useEffect, useRef } from "react";
import { paintDensity } from "#lib/browser/scatter-density.ts";
import { type ScatterSize, type ScatterView, toScreen } from "#lib/browser/scatter-view.ts";
import type { DensityDifference, DensityGrid } from "#lib/map/density-difference.ts";

/** Where two populations differ in density, on the squares of a grid. */
export interface ScatterDensityLayer extends DensityDifference {
  readonly grid: DensityGrid;
}

interface ScatterDensityProps {
  readonly layer: ScatterDensityLayer;
  readonly view: ScatterView;
  readonly size: ScatterSize;
  readonly dark: boolean;
}

/** The difference in density under the points. It is painted once, a pixel for each square; the browser moves it with the view. */
export function ScatterDensity({ layer, view, size, dark }: ScatterDensityProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { grid, difference, most } = layer;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = new ImageData(grid.columns, grid.rows);
    paintDensity({ difference, most }, grid, dark, image.data);
    context.putImageData(image, 0, 0);
  }, [grid, difference, most, dark]);
  const [left, top] = toScreen(view, size, grid.left, grid.low + grid.rows * grid.cell);
  return (
    <div
      aria-hidden="true"
      className="scatter-density"
      style={{ transform: `translate(${left}px, ${top}px) scale(${grid.cell * view.scale})` }}
    >
      <canvas ref={canvas} width={grid.columns} height={grid.rows} />
    </div>
  );
}
