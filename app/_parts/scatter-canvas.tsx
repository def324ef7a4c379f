// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus; the map over it does
"use client";
import { useEffect, useRef, useState } from "react";
import { openPainter, type ScatterPainter } from "#lib/browser/scatter-painter.ts";
import type { ScatterSize, ScatterView } from "#lib/browser/scatter-view.ts";

interface ScatterCanvasProps {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** RGBA per point. */
  readonly colours: Uint8Array;
  readonly view: ScatterView;
  readonly size: ScatterSize;
}

/** The points themselves. A graphics context that the browser takes away is asked back and drawn anew. */
export function ScatterCanvas({ x, y, colours, view, size }: ScatterCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<ScatterPainter | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [restored, setRestored] = useState(0);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const open = () => {
      try {
        painter.current = openPainter(element);
        setFailure(null);
      } catch (error) {
        setFailure(error instanceof Error ? error.message : String(error));
      }
    };
    const onLost = (event: Event) => {
      // Without this the browser never gives the context back.
      event.preventDefault();
      painter.current = null;
      setFailure("The graphics card dropped the picture. It is drawn again as soon as the card is back.");
    };
    const onRestored = () => {
      open();
      setRestored((times) => times + 1);
    };
    element.addEventListener("webglcontextlost", onLost);
    element.addEventListener("webglcontextrestored", onRestored);
    open();
    return () => {
      element.removeEventListener("webglcontextlost", onLost);
      element.removeEventListener("webglcontextrestored", onRestored);
      painter.current?.close();
      painter.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a context that came back is empty
  useEffect(() => {
    painter.current?.load({ x, y, colours });
  }, [x, y, colours, restored]);

  useEffect(() => {
    const element = canvas.current;
    if (!element || !painter.current || size.width === 0) return;
    const request = requestAnimationFrame(() => {
      const ratio = window.devicePixelRatio || 1;
      const [width, tall] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (element.width !== width || element.height !== tall) {
        element.width = width;
        element.height = tall;
      }
      const radius = x.length > 50_000 ? 1.6 : x.length > 5_000 ? 2.4 : 3.6;
      painter.current?.draw(view, size, ratio, radius);
    });
    return () => cancelAnimationFrame(request);
  });

  return (
    <>
      <canvas
        ref={canvas}
        aria-hidden="true"
        style={{ position: "absolute", inset: 0, width: "100%", height: "100%" }}
      />
      {failure ? (
        <p
          role="alert"
          className="card"
          style={{ position: "absolute", left: 12, bottom: 12, padding: "8px 12px", zIndex: 1 }}
        >
          {failure}
        </p>
      ) : null}
    </>
  );
}
