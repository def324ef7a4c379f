"use client";
import { useId, useLayoutEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";
import "./menu.css";

/** One line of a menu: something to choose, or a heading over what follows. */
export type MenuItem =
  | { readonly heading: string }
  | {
      readonly label: string;
      /** Keys that do the same. */
      readonly keys?: string;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly onChoose: () => void;
    };

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
}

/** A `⋯` button that opens a menu: arrows, Home and End move, Enter chooses, Escape goes back to the button. */
export function Menu({ label, items }: MenuProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLSpanElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const [box, anchor] = [list.current, button.current?.getBoundingClientRect()];
    if (!open || !box || !anchor) return;
    // The top layer, because cells clip what stands out of them.
    if (!box.matches(":popover-open")) box.showPopover();
    const below = anchor.bottom + 4;
    const above = anchor.top - 4 - box.offsetHeight;
    box.style.left = `${Math.max(8, anchor.right - box.offsetWidth)}px`;
    box.style.top = `${below + box.offsetHeight > innerHeight && above > 0 ? above : below}px`;
    box.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.querySelector("button")?.focus();
  };
  const move = (event: React.KeyboardEvent) => {
    if (event.key === "Tab" || event.key === "Escape") {
      event.preventDefault();
      close();
      return;
    }
    const choices = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]:not(:disabled)") ?? [])];
    const at = choices.indexOf(document.activeElement as HTMLElement);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % choices.length,
      ArrowUp: (at - 1 + choices.length) % choices.length,
      Home: 0,
      End: choices.length - 1
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    choices[place]?.focus();
  };
  return (
    <>
      <span ref={button}>
        <Button
          tone="quiet"
          small
          icon="more"
          aria-label={label}
          aria-haspopup="menu"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => setOpen(!open)}
        />
      </span>
      {open ? (
        <div
          ref={list}
          id={id}
          className="menu-box"
          role="menu"
          tabIndex={-1}
          aria-label={label}
          popover="auto"
          onKeyDown={move}
          onToggle={(event) => event.newState === "closed" && setOpen(false)}
        >
          {items.map((item) =>
            "heading" in item ? (
              <div key={item.heading} className="menu-heading" role="presentation">
                {item.heading}
              </div>
            ) : (
              <button
                key={item.label}
                type="button"
                role="menuitem"
                className={item.danger ? "menu-item status-bad" : "menu-item"}
                disabled={item.disabled}
                onClick={() => {
                  close();
                  item.onChoose();
                }}
              >
                <span>{item.label}</span>
                {item.keys ? <kbd>{item.keys}</kbd> : null}
              </button>
            )
          )}
        </div>
      ) : null}
    </>
  );
}
