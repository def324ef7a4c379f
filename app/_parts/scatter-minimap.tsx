"use client";
import { useEffect, useRef } from "react";
import {
  fitView,
  type MapBounds,
  type ScatterSize,
  type ScatterView,
  toMap,
  toScreen
} from "#lib/browser/scatter-view.ts";
import { drawPoints, type RasterPoints } from "#lib/map/raster.ts";

interface ScatterMinimapProps {
  readonly points: RasterPoints;
  readonly bounds: MapBounds;
  readonly view: ScatterView;
  readonly size: ScatterSize;
  readonly onMove: (x: number, y: number) => void;
}

/** Of the whole map in small, in CSS pixels. */
export const minimapSize: ScatterSize = { width: 132, height: 96 };

/** The whole map in small, with the part that is seen; dragging moves it. Keys move the map itself. */
export function ScatterMinimap({ points, bounds, view, size, onMove }: ScatterMinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const whole = fitView(bounds, minimapSize);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [minimapSize.width * ratio, minimapSize.height * ratio].map(Math.round) as [number, number];
    context.canvas.width = width;
    context.canvas.height = height;
    const image = new ImageData(width, height);
    const own = fitView(bounds, { width, height });
    const [left, top] = [own.x - width / 2 / own.scale, own.y + height / 2 / own.scale];
    const small = { width, height, left, top, scale: own.scale, pointSize: ratio };
    drawPoints({ ...points, sizes: null }, small, new Uint32Array(image.data.buffer));
    context.putImageData(image, 0, 0);
  }, [points, bounds]);
  const [left, top] = toScreen(whole, minimapSize, ...toMap(view, size, 0, 0));
  const [right, bottom] = toScreen(whole, minimapSize, ...toMap(view, size, size.width, size.height));
  const go = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    onMove(...toMap(whole, minimapSize, event.clientX - box.left, event.clientY - box.top));
  };
  return (
    <div
      aria-hidden="true"
      className="scatter-minimap"
      style={minimapSize}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons > 0) go(event);
      }}
    >
      <canvas ref={canvas} style={minimapSize} />
      <svg aria-hidden="true" width={minimapSize.width} height={minimapSize.height}>
        <rect x={left} y={top} width={Math.max(4, right - left)} height={Math.max(4, bottom - top)} />
      </svg>
    </div>
  );
}
