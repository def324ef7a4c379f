"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import {
  boundPoints,
  fitView,
  type MapBounds,
  panBy,
  type ScatterSize,
  type ScatterView,
  viewAround,
  zoomAt
} from "#lib/browser/scatter-view.ts";

/**
 * Which part of a map is seen, in a frame that is measured; the wheel zooms. Points that join the same map do not move it.
 *
 * @param identity  of the map; another is seen whole first
 */
export function useScatterView(x: Float32Array, y: Float32Array, identity: unknown) {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<ScatterSize>({ width: 0, height: 0 });
  const [view, setView] = useState<ScatterView | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what joins the map does not move what is seen
  const bounds = useMemo(() => boundPoints(x, y), [identity]);
  const whole = useMemo(() => fitBelowTools(bounds, size.width > 0 ? size : { width: 1, height: 1 }), [bounds, size]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () =>
      setSize((now) =>
        now.width === element.clientWidth && now.height === element.clientHeight
          ? now
          : { width: element.clientWidth, height: element.clientHeight }
      );
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another map is seen whole first
  useEffect(() => setView(null), [identity]);

  const zoom = useCallback(
    (left: number, top: number, factor: number) => setView((now) => zoomAt(now ?? whole, size, left, top, factor)),
    [whole, size]
  );
  const pan = useCallback((right: number, down: number) => setView((now) => panBy(now ?? whole, right, down)), [whole]);
  const showAll = useCallback(() => setView(null), []);
  const moveTo = useCallback(
    (mapX: number, mapY: number) => setView((now) => ({ ...(now ?? whole), x: mapX, y: mapY })),
    [whole]
  );
  const showBox = useCallback((box: MapBounds) => setView(viewAround(box, size)), [size]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    // React listens to wheel passively, so the page would scroll as well.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom(event.clientX - box.left, event.clientY - box.top, Math.exp(-event.deltaY * 0.0015));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [zoom]);

  return { frame, size, bounds, view: view ?? whole, whole, zoom, pan, showAll, moveTo, showBox };
}

/** Height of the tools at the top of a map, in CSS pixels. */
const toolsHeight = 40;

/** The view that shows all of a box, and none of it under the tools. */
function fitBelowTools(bounds: MapBounds, size: ScatterSize): ScatterView {
  const view = fitView(bounds, { ...size, height: Math.max(1, size.height - toolsHeight) });
  return { ...view, y: view.y + toolsHeight / 2 / view.scale };
}
