"use client";
import { useEffect, useRef } from "react";

interface PopupProps {
  readonly label: React.ReactNode;
  /** Where the label is no words. */
  readonly title?: string;
  readonly isQuiet?: boolean;
  readonly isSmall?: boolean;
  readonly children: React.ReactNode;
}

/** A button with a box below it; Escape and a press outside close the box. */
export function Popup({ label, title, isQuiet = false, isSmall = isQuiet, children }: PopupProps) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const details = box.current;
      if (!details?.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        details.querySelector("summary")?.focus();
      } else if (event.target instanceof Node && details.contains(event.target)) return;
      details.open = false;
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, []);
  return (
    <details className="menu" ref={box}>
      <summary
        className={`button${isQuiet ? " button-quiet" : ""}${isSmall ? " button-small" : ""}`}
        style={{ listStyle: "none" }}
        aria-label={title}
      >
        {label}
      </summary>
      {children}
    </details>
  );
}
