"use client";
import { useState } from "react";

interface CellNameProps {
  readonly name: string;
  readonly onRename: (name: string) => void;
  readonly onLeave: () => void;
}

/** A field for another name: Enter takes it, Escape leaves the old one. */
export function CellName({ name, onRename, onLeave }: CellNameProps) {
  const [typed, setTyped] = useState(name);
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the person has just asked to type here
      autoFocus
      className="input input-small mono"
      aria-label={`New name of ${name}`}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onFocus={({ target }) => target.select()}
      onBlur={onLeave}
      onKeyDown={(event) => {
        if (event.key === "Escape") onLeave();
        if (event.key !== "Enter") return;
        onLeave();
        onRename(typed.trim());
      }}
    />
  );
}
