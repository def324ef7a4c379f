"use client";
import { useEffect, useRef, useState } from "react";
import { openGlPainter } from "#lib/browser/scatter-gl.ts";
import { ScatterStage } from "#lib/browser/scatter-painter.ts";
import { openRasterPainter } from "#lib/browser/scatter-raster.ts";
import type { ScatterSize, ScatterView } from "#lib/browser/scatter-view.ts";
import type { RasterPoints } from "#lib/map/raster.ts";
import { reportOf } from "#lib/model/fault.ts";

interface ScatterCanvasProps {
  readonly points: RasterPoints;
  readonly view: ScatterView;
  readonly size: ScatterSize;
  /** Of a point, in CSS pixels. */
  readonly radius: number;
}

/** The points themselves, drawn by whichever of processor and graphics card is faster. */
export function ScatterCanvas({ points, view, size, radius }: ScatterCanvasProps) {
  const host = useRef<HTMLDivElement>(null);
  const stage = useRef<ScatterStage | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    try {
      stage.current = new ScatterStage(
        {
          raster: () => openRasterPainter(document.createElement("canvas")),
          webgl2: (onLost) => openGlPainter(document.createElement("canvas"), onLost)
        },
        ({ canvas, kind }) => {
          element.replaceChildren(canvas);
          element.dataset["painter"] = kind;
        },
        () => performance.now()
      );
      setFailure(null);
    } catch (error) {
      setFailure(reportOf(error).message);
    }
    return () => {
      stage.current?.close();
      stage.current = null;
    };
  }, []);

  useEffect(() => stage.current?.load(points), [points]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other points are another picture
  useEffect(() => {
    if (size.width === 0) return;
    let idle = 0;
    const request = requestAnimationFrame(() => {
      stage.current?.draw({ view, size, ratio: window.devicePixelRatio || 1, radius });
      if (stage.current?.wantsTrial) idle = window.setTimeout(() => stage.current?.tryCard(), 200);
    });
    return () => {
      cancelAnimationFrame(request);
      clearTimeout(idle);
    };
  }, [points, view, size, radius]);

  return (
    <>
      <div ref={host} aria-hidden="true" className="scatter-canvas" />
      {failure ? (
        <p role="alert" className="card scatter-failure">
          {failure}
        </p>
      ) : null}
    </>
  );
}
