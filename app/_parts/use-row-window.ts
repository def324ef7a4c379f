"use client";
import { type RefObject, type UIEvent, useCallback, useEffect, useRef, useState } from "react";
import { type RowWindow, rowWindow } from "#lib/browser/row-window.ts";

/** A scrolled box of rows of one height, of which only those in sight are in the page. */
export interface RowBox {
  /** Goes on the element that scrolls. */
  readonly box: RefObject<HTMLDivElement | null>;
  readonly window: RowWindow;
  /** Goes on the same element. */
  onScroll(event: UIEvent<HTMLElement>): void;
  /**
   * Scrolls as little as brings a row into sight.
   *
   * @param coveredPx  height that a head stuck to the top of the box takes of the view
   */
  reveal(row: number, coveredPx?: number): void;
  toTop(): void;
}

/** Follows a box's scrolling and height. `rowHeight` in pixels. */
export function useRowWindow(total: number, rowHeight: number): RowBox {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [tall, setTall] = useState(800);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setTall(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const reveal = useCallback(
    (row: number, coveredPx = 0) => {
      const element = box.current;
      if (!element) return;
      const place = row * rowHeight;
      const view = element.clientHeight - coveredPx;
      if (place < element.scrollTop) element.scrollTop = place;
      else if (place + rowHeight > element.scrollTop + view) element.scrollTop = place + rowHeight - view;
    },
    [rowHeight]
  );
  return {
    box,
    window: rowWindow(total, rowHeight, top, tall),
    onScroll: (event) => setTop(event.currentTarget.scrollTop),
    reveal,
    toTop() {
      setTop(0);
      if (box.current) box.current.scrollTop = 0;
    }
  };
}
