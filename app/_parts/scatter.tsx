// biome-ignore-all lint/a11y/noNoninteractiveTabindex: the map is moved by keys
"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { colourBytes, scatterColours } from "#lib/browser/scatter-colour.ts";
import { ScatterGrid } from "#lib/browser/scatter-grid.ts";
import { pointsInside } from "#lib/browser/scatter-selection.ts";
import {
  type Corner,
  fitView,
  panBy,
  placeLabels,
  type ScatterSize,
  type ScatterView,
  toMap,
  toScreen,
  zoomAt
} from "#lib/browser/scatter-view.ts";
import { Button } from "./button.tsx";
import { ScatterCanvas } from "./scatter-canvas.tsx";
import { type ScatterCluster, ScatterLegend } from "./scatter-legend.tsx";
import { ScatterOverlay } from "./scatter-overlay.tsx";

/** What the map shows and tells. Buffers are borrowed and must not change. */
export interface ScatterProps {
  /** n map coordinates each. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** n categories; negative is noise. */
  readonly category: Int32Array;
  /** Names of the categories for the legend, from 0; clusters name themselves when absent. */
  readonly names?: readonly string[];
  /** Observable 10 when absent; `#rrggbb`. */
  readonly colours?: readonly string[];
  /** The largest first: these labels have the right of way. */
  readonly clusters: readonly ScatterCluster[];
  /** Height in CSS pixels, or any CSS length. */
  readonly height?: number | string;
  /** Index of the point under the pointer; -1 when there is none. */
  readonly onHover?: (index: number) => void;
  /** A point was clicked. */
  readonly onOpen?: (index: number) => void;
  /** Corners of a lasso or box in map coordinates, at least three; null clears the selection. */
  readonly onSelect?: (polygon: readonly Corner[] | null) => void;
  /** What is shown over the point under the pointer. */
  readonly tip?: (index: number) => React.ReactNode;
}

type Tool = "pan" | "lasso" | "box";
const tools: readonly (readonly [Tool, string])[] = [
  ["pan", "Move"],
  ["lasso", "Lasso"],
  ["box", "Box"]
];

/** A map of points: wheel zooms, dragging moves or picks, keys do both; the list of clusters says the same in words. */
export function Scatter(props: ScatterProps) {
  const { x, y, category, clusters, names, height = 480, onHover, onOpen, onSelect, tip } = props;
  const colours = props.colours ?? scatterColours;
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<ScatterSize>({ width: 0, height: 0 });
  const [view, setView] = useState<ScatterView | null>(null);
  const [tool, setTool] = useState<Tool>("pan");
  const [trail, setTrail] = useState<readonly Corner[]>([]);
  const [picked, setPicked] = useState<readonly Corner[] | null>(null);
  const [hovered, setHovered] = useState(-1);
  const [pointer, setPointer] = useState<Corner>([0, 0]);
  const drag = useRef<{ left: number; top: number; moved: boolean } | null>(null);
  const grid = useMemo(() => new ScatterGrid(x, y), [x, y]);
  const selected = useMemo(() => (picked ? pointsInside(x, y, picked) : null), [x, y, picked]);
  const bytes = useMemo(() => colourBytes(category, selected, colours), [category, selected, colours]);
  const shown = view ?? fitView(x, y, size.width > 0 ? size : { width: 1, height: 1 });

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another map is seen whole first
  useEffect(() => {
    setView(null);
    setPicked(null);
  }, [x, y]);

  const zoom = useCallback(
    (left: number, top: number, factor: number) =>
      setView((now) => zoomAt(now ?? fitView(x, y, size), size, left, top, factor)),
    [x, y, size]
  );

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

  const place = (event: React.PointerEvent): Corner => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const hover = (at: number) => {
    if (at === hovered) return;
    setHovered(at);
    onHover?.(at);
  };
  const onMove = (event: React.PointerEvent) => {
    const [left, top] = place(event);
    setPointer([left, top]);
    const from = drag.current;
    if (!from) {
      const [mx, my] = toMap(shown, size, left, top);
      hover(grid.find(mx, my, 8 / shown.scale));
      return;
    }
    if (Math.hypot(left - from.left, top - from.top) > 2) from.moved = true;
    if (tool === "pan") {
      setView(panBy(shown, left - from.left, top - from.top));
      from.left = left;
      from.top = top;
    } else if (tool === "lasso") setTrail([...trail, [left, top]]);
    else
      setTrail([
        [from.left, from.top],
        [left, from.top],
        [left, top],
        [from.left, top]
      ]);
  };
  const pick = (polygon: readonly Corner[] | null) => {
    setPicked(polygon);
    onSelect?.(polygon);
  };
  const onUp = () => {
    const from = drag.current;
    drag.current = null;
    if (from && !from.moved && hovered >= 0) onOpen?.(hovered);
    else if (from?.moved && tool !== "pan" && trail.length >= 3) {
      pick(trail.map(([left, top]) => toMap(shown, size, left, top)));
    } else if (from && !from.moved && tool !== "pan") pick(null);
    setTrail([]);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const arrows: Readonly<Record<string, Corner>> = {
      ArrowLeft: [40, 0],
      ArrowRight: [-40, 0],
      ArrowUp: [0, 40],
      ArrowDown: [0, -40]
    };
    const arrow = arrows[event.key];
    if (arrow) setView(panBy(shown, ...arrow));
    else if (event.key === "+" || event.key === "=") zoom(size.width / 2, size.height / 2, 1.3);
    else if (event.key === "-") zoom(size.width / 2, size.height / 2, 1 / 1.3);
    else if (event.key === "0") setView(null);
    else if (event.key === "Escape") pick(null);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className="scatter"
      style={{ display: "grid", gridTemplateColumns: "minmax(0,1fr) minmax(200px,280px)", gap: 12, height }}
    >
      <div
        ref={frame}
        style={{
          position: "relative",
          minHeight: 0,
          border: "1px solid var(--line)",
          borderRadius: 6,
          overflow: "hidden"
        }}
      >
        <ScatterCanvas x={x} y={y} colours={bytes} view={shown} size={size} />
        <div
          role="application"
          tabIndex={0}
          aria-label={`Map of ${x.length.toLocaleString("en-US")} points in ${clusters.length} clusters. Arrow keys move, plus and minus zoom, 0 shows all. The clusters are listed beside it.`}
          style={{
            position: "absolute",
            inset: 0,
            touchAction: "none",
            cursor: tool === "pan" ? (drag.current ? "grabbing" : "grab") : "crosshair"
          }}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            const [left, top] = place(event);
            drag.current = { left, top, moved: false };
            setTrail(tool === "lasso" ? [[left, top]] : []);
          }}
          onPointerMove={onMove}
          onPointerUp={onUp}
          onPointerCancel={onUp}
          onPointerLeave={() => hover(-1)}
          onKeyDown={onKey}
        />
        <ScatterOverlay
          lasso={trail.length > 0 ? trail : (picked ?? []).map(([px, py]) => toScreen(shown, size, px, py))}
          labels={size.width > 0 ? placeLabels(clusters, shown, size) : []}
          colours={colours}
        />
        {hovered >= 0 && tip ? (
          <div
            className="card"
            style={{
              position: "absolute",
              left: Math.min(pointer[0] + 14, Math.max(8, size.width - 300)),
              top: Math.min(pointer[1] + 14, Math.max(8, size.height - 120)),
              width: 280,
              padding: "8px 12px",
              pointerEvents: "none",
              fontSize: 13
            }}
          >
            {tip(hovered)}
          </div>
        ) : null}
        <div className="row" role="toolbar" aria-label="Map" style={{ position: "absolute", left: 8, top: 8, gap: 4 }}>
          {onSelect
            ? tools.map(([name, label]) => (
                <Button
                  key={name}
                  small
                  aria-pressed={tool === name}
                  className={tool === name ? "button-main" : ""}
                  onClick={() => setTool(name)}
                >
                  {label}
                </Button>
              ))
            : null}
          <Button small aria-label="Zoom in" onClick={() => zoom(size.width / 2, size.height / 2, 1.4)}>
            +
          </Button>
          <Button small aria-label="Zoom out" onClick={() => zoom(size.width / 2, size.height / 2, 1 / 1.4)}>
            −
          </Button>
          <Button small onClick={() => setView(null)}>
            Fit
          </Button>
          {picked ? (
            <Button small onClick={() => pick(null)}>
              Clear selection
            </Button>
          ) : null}
        </div>
      </div>
      <ScatterLegend
        category={category}
        clusters={clusters}
        names={names}
        colours={colours}
        onGo={(cluster) => setView({ x: cluster.x, y: cluster.y, scale: fitView(x, y, size).scale * 4 })}
      />
    </div>
  );
}
