import { useRef } from "react";

interface DataGripProps {
  /** In pixels. */
  readonly width: number;
  readonly onWidth: (width: number) => void;
  /** The column's name. */
  readonly name: string;
}

/** The edge of a column's head, which is drawn or moved by arrow keys to change its width. */
export function DataGrip({ width, onWidth, name }: DataGripProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  return (
    <button
      type="button"
      className="data-grip"
      aria-label={`Width of ${name}; arrow keys change it`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (start.current) onWidth(Math.max(48, start.current.width + event.clientX - start.current.x));
      }}
      onPointerUp={() => {
        start.current = null;
      }}
      onKeyDown={(event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        event.preventDefault();
        onWidth(Math.max(48, width + (event.key === "ArrowLeft" ? -16 : 16)));
      }}
    />
  );
}
