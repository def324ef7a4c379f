"use client";
import { useEffect, useState } from "react";
import { Popup } from "./popup.tsx";

interface TraceSearchProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly box: React.RefObject<HTMLInputElement | null>;
}

/** A word that is being typed waits this long for its next letter, in ms. */
const restMs = 250;

/** The search over texts of traces, with what can be written into it. */
export function TraceSearch({ text, onText, box }: TraceSearchProps) {
  const [words, setWords] = useState(text);
  // The address may change by other ways than typing: by a view, by Back, by clearing.
  useEffect(() => setWords(text), [text]);
  useEffect(() => {
    if (words === text) return;
    const timer = setTimeout(() => onText(words), restMs);
    return () => clearTimeout(timer);
  }, [words, text, onText]);
  return (
    <div className="row grow" style={{ maxWidth: 420, gap: 4, marginLeft: "auto" }}>
      <input
        ref={box}
        className="input grow"
        type="search"
        aria-label="Search input and output, or a trace id"
        placeholder="Search input and output, or a trace id ( / )"
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <Popup label="?" title="How to search" isQuiet>
        <dl className="menu-list search-help">
          <dt>
            <code>refund late</code>
          </dt>
          <dd>traces that hold these words</dd>
          <dt>
            <code>"charged twice"</code>
          </dt>
          <dd>just this phrase</dd>
          <dt>
            <code>refu*</code>
          </dt>
          <dd>words that begin so</dd>
          <dt>
            <code>4bf92f35…</code>
          </dt>
          <dd>a whole trace id: that trace</dd>
        </dl>
      </Popup>
    </div>
  );
}
