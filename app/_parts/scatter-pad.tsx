// biome-ignore-all lint/a11y/noNoninteractiveTabindex: the map is moved by keys
"use client";
import { useEffect, useRef, useState } from "react";
import { addCorner, isOutline, type ScatterTool, scatterTools } from "#lib/browser/scatter-tools.ts";
import { type Corner, type ScatterSize, type ScatterView, toMap, toScreen } from "#lib/browser/scatter-view.ts";

interface ScatterPadProps {
  readonly label: string;
  readonly tool: ScatterTool;
  /** Whether points can be picked here. */
  readonly picks: boolean;
  readonly view: ScatterView;
  readonly size: ScatterSize;
  readonly hovered: number;
  readonly onTool: (tool: ScatterTool) => void;
  readonly onPan: (right: number, down: number) => void;
  readonly onZoom: (left: number, top: number, factor: number) => void;
  readonly onShowAll: () => void;
  /** The pointer is here in CSS pixels, or has left. */
  readonly onPoint: (place: Corner | null) => void;
  readonly onOpen: () => void;
  /** Corners in map coordinates; null drops the selection. */
  readonly onPick: (polygon: readonly Corner[] | null) => void;
  /** To the next cluster, or back. */
  readonly onStep: (by: 1 | -1) => void;
  /** Something happened that eyes see and ears should hear. */
  readonly onSay: (sentence: string) => void;
}

/** Width of the last side of a polygon that closes it, in CSS pixels. */
const closeBy = 10;
const arrows: Readonly<Record<string, Corner>> = {
  ArrowLeft: [40, 0],
  ArrowRight: [-40, 0],
  ArrowUp: [0, 40],
  ArrowDown: [0, -40]
};

/** Hears pointer and keys over the map, and shows what is being drawn. */
export function ScatterPad(props: ScatterPadProps) {
  const { tool, picks, view, size, hovered, onTool, onPan, onZoom, onPoint, onOpen, onPick, onSay } = props;
  const [corners, setCorners] = useState<readonly Corner[]>([]);
  const [pointer, setPointer] = useState<Corner | null>(null);
  const drag = useRef<{ left: number; top: number; moved: boolean } | null>(null);
  const middle: Corner = [size.width / 2, size.height / 2];
  const near = 3 / view.scale;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another tool begins anew
  useEffect(() => setCorners([]), [tool]);

  const finish = (drawn: readonly Corner[]) => {
    setCorners([]);
    if (isOutline(drawn)) onPick(drawn);
  };
  const place = (event: React.PointerEvent): Corner => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const put = (at: Corner) => {
    const first = corners[0] && toScreen(view, size, ...corners[0]);
    const isClosing = first && isOutline(corners) && Math.hypot(first[0] - at[0], first[1] - at[1]) < closeBy;
    if (isClosing) return finish(corners);
    const drawn = addCorner(tool, corners, toMap(view, size, ...at), near);
    if (tool === "box" && isOutline(drawn)) return finish(drawn);
    setCorners(drawn);
    onSay(`${drawn.length} ${drawn.length === 1 ? "corner" : "corners"}`);
  };
  const onMove = (event: React.PointerEvent) => {
    const [left, top] = place(event);
    setPointer([left, top]);
    const from = drag.current;
    if (!from) return onPoint([left, top]);
    if (Math.hypot(left - from.left, top - from.top) > 2) from.moved = true;
    if (!from.moved) return;
    if (tool === "lasso" || tool === "box") {
      const start = corners[0] ?? toMap(view, size, from.left, from.top);
      setCorners(
        addCorner(tool, tool === "box" || !corners[0] ? [start] : corners, toMap(view, size, left, top), near)
      );
    } else {
      onPan(left - from.left, top - from.top);
      from.left = left;
      from.top = top;
    }
  };
  const onUp = () => {
    const from = drag.current;
    drag.current = null;
    if (!from) return;
    if (tool === "polygon" && !from.moved) put([from.left, from.top]);
    else if (from.moved && (tool === "lasso" || tool === "box")) finish(corners);
    else if (!from.moved && hovered >= 0) onOpen();
    else if (!from.moved && tool !== "pan") onPick(null);
  };
  const act = (key: string): boolean => {
    const arrow = arrows[key];
    const asked = picks ? scatterTools.find((candidate) => candidate.key === key.toLowerCase()) : undefined;
    if (arrow) onPan(...arrow);
    else if (key === "+" || key === "=") onZoom(...middle, 1.3);
    else if (key === "-") onZoom(...middle, 1 / 1.3);
    else if (key === "0") props.onShowAll();
    else if (key === "]") props.onStep(1);
    else if (key === "[") props.onStep(-1);
    else if (asked) {
      onTool(asked.tool);
      onSay(`${asked.label} tool`);
    } else if (key === " " && (tool === "polygon" || tool === "box")) put(middle);
    else if (key === "Enter" && corners.length > 0) finish(corners);
    else if (key === "Escape" && corners.length > 0) setCorners([]);
    else if (key === "Escape") onPick(null);
    else return false;
    return true;
  };

  const loose = tool === "polygon" && pointer && corners.length > 0 ? [toMap(view, size, ...pointer)] : [];
  const path = [...corners, ...loose].map((corner) => toScreen(view, size, ...corner).join(" ")).join("L");
  return (
    <>
      <div
        role="application"
        tabIndex={0}
        className="scatter-pad"
        data-tool={tool}
        aria-label={props.label}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + - 0 [ ] L B P M Space Enter Escape"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const [left, top] = place(event);
          drag.current = { left, top, moved: false };
        }}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={() => {
          drag.current = null;
          setCorners([]);
        }}
        onPointerLeave={() => {
          setPointer(null);
          onPoint(null);
        }}
        onDoubleClick={() => tool === "polygon" && finish(corners)}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (act(event.key)) event.preventDefault();
        }}
      />
      <svg aria-hidden="true" className="scatter-draft" width="100%" height="100%">
        {path ? <path d={`M${path}${tool === "polygon" ? "" : "Z"}`} /> : null}
        {tool === "polygon"
          ? corners.map((corner) => {
              const [left, top] = toScreen(view, size, ...corner);
              return <circle key={`${corner[0]} ${corner[1]}`} cx={left} cy={top} r={4} />;
            })
          : null}
        {tool === "polygon" || tool === "box" ? (
          <path className="scatter-cross" d={`M${middle[0] - 7} ${middle[1]}h14M${middle[0]} ${middle[1] - 7}v14`} />
        ) : null}
      </svg>
    </>
  );
}
