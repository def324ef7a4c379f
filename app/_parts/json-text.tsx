"use client";
import { useState } from "react";
import { Button } from "./button.tsx";

/** Longer JSON is shown in one colour: a page with more pieces grows slow. */
const mostColoured = 60_000;

/** A value as JSON, keys and values told apart, with a button that copies it. */
export function JsonText({ value }: { readonly value: unknown }) {
  const [isCopied, setIsCopied] = useState(false);
  const text = JSON.stringify(value, null, 2);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div>
        <Button
          small
          onClick={() => {
            navigator.clipboard.writeText(text).then(
              () => setIsCopied(true),
              () => setIsCopied(false)
            );
          }}
        >
          {isCopied ? "Copied" : "Copy JSON"}
        </Button>
      </div>
      <pre className="json">{text.length > mostColoured ? text : colour(text)}</pre>
    </div>
  );
}

/** A key with its colon, a text, a number or a word of JSON. */
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|\b(true|false|null)\b/gi;

function colour(text: string): readonly React.ReactNode[] {
  const pieces: React.ReactNode[] = [];
  let from = 0;
  for (const found of text.matchAll(token)) {
    const [whole, quoted, colon, number] = found;
    const kind = quoted ? (colon ? "key" : "text") : number ? "number" : "word";
    pieces.push(
      text.slice(from, found.index),
      <span key={found.index} className={`json-${kind}`}>
        {whole}
      </span>
    );
    from = found.index + whole.length;
  }
  return [...pieces, text.slice(from)];
}
