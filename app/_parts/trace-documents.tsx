"use client";
import type { Json, RetrievedDocument } from "#lib/model/span.ts";
import { NumberText } from "./text.tsx";
import { MarkedText, ValueTable } from "./trace-value.tsx";

interface TraceDocumentsProps {
  readonly documents: readonly RetrievedDocument[];
  readonly words: string;
}

/** Characters of a passage that are shown before it is opened. */
const shortText = 320;

/** Passages as cards: rank, score, text and what else is known of them. */
export function TraceDocuments({ documents, words }: TraceDocumentsProps) {
  const scores = documents.map(({ score }) => score ?? 0);
  // Only scores of 0 to 1 have a length of their own; others are compared with the best of them.
  const best = Math.max(1, ...scores);
  return (
    <ol className="document-list" style={{ listStyle: "none", padding: 0 }}>
      {documents.map((document, at) => (
        <li key={`${at.toString()} ${document.id}`} className="document-card">
          <div className="row soft" style={{ fontSize: 12 }}>
            <span className="num">{at + 1}</span>
            {document.id === null ? null : <code className="one-line">{document.id}</code>}
            {document.score === null ? null : (
              <span className="row" style={{ marginLeft: "auto" }}>
                <span aria-hidden="true" className="document-score">
                  <span style={{ width: `${Math.max(0, Math.min(1, document.score / best)) * 100}%` }} />
                </span>
                score <NumberText value={document.score} />
              </span>
            )}
          </div>
          <Passage text={document.content} words={words} />
          {isEmpty(document.metadata) ? null : (
            <details>
              <summary className="soft">More about it</summary>
              <ValueTable value={document.metadata} words={words} />
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

function Passage({ text, words }: { readonly text: string; readonly words: string }) {
  const whole = (
    <p className="said">
      <MarkedText text={text} words={words} />
    </p>
  );
  const isFound = words.trim() !== "" && text.toLowerCase().includes(words.trim().toLowerCase());
  if (text.length <= shortText || isFound) return whole;
  return (
    <details>
      <summary>{text.slice(0, shortText)}…</summary>
      {whole}
    </details>
  );
}

function isEmpty(value: Json): boolean {
  return value === null || value === "" || JSON.stringify(value) === "{}";
}
