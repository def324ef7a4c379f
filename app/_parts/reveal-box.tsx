"use client";
import { useState } from "react";
import { Button } from "./button.tsx";
import { Popup } from "./popup.tsx";
import "./masked.css";

interface RevealBoxProps {
  /** Null while nothing is revealed. */
  readonly purpose: string | null;
  readonly onReveal: (purpose: string | null) => void;
}

const [leastWords, mostWords] = [10, 500];

/** Asks why something hidden has to be seen, and says that it is. */
export function RevealBox({ purpose, onReveal }: RevealBoxProps) {
  const [typed, setTyped] = useState("");
  if (purpose !== null) {
    return (
      <span className="row">
        <span role="status" className="chip status-warn" title={purpose}>
          ▲ revealed until you leave
        </span>
        <Button small onClick={() => onReveal(null)}>
          Hide again
        </Button>
      </span>
    );
  }
  const { length } = typed.trim();
  return (
    <Popup label="Reveal…" isSmall>
      <form
        className="menu-list stack reveal-box"
        onSubmit={(event) => {
          event.preventDefault();
          onReveal(typed.trim());
          setTyped("");
        }}
      >
        <label className="stack" style={{ gap: 4 }}>
          Why do you have to see what is hidden?
          <textarea
            className="input"
            rows={3}
            required
            minLength={leastWords}
            maxLength={mostWords}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </label>
        <p className="soft">The audit trail keeps it, with your name. What you see is stored nowhere else.</p>
        <div>
          <button type="submit" className="button button-main button-small" disabled={length < leastWords}>
            Reveal
          </button>
        </div>
      </form>
    </Popup>
  );
}
