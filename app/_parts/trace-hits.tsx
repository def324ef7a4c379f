// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
"use client";
import { useEffect } from "react";
import { formatCount } from "#lib/browser/format.ts";
import type { SpanTree } from "#lib/browser/span-tree.ts";
import type { HitsReply } from "#lib/wire/trace.ts";
import { Button } from "./button.tsx";
import { useRowWindow } from "./use-row-window.ts";

interface TraceHitsProps {
  readonly words: string;
  readonly reply: HitsReply;
  /** Number of the hit that is shown, -1 before the first. */
  readonly at: number;
  readonly tree: SpanTree;
  readonly onGo: (at: number) => void;
  readonly onClose: () => void;
}

const rowHeight = 28;

/** Where the words were found, in the order of the spans' start; the chosen hit is in sight. */
export function TraceHits({ words, reply, at, tree, onGo, onClose }: TraceHitsProps) {
  const { hits, total } = reply;
  const { box, window, onScroll, reveal } = useRowWindow(hits.length, rowHeight);
  useEffect(() => {
    if (at >= 0) reveal(at);
  }, [at, reveal]);
  return (
    <section className="hits" aria-label="Found in this trace">
      <div className="hits-head">
        <span role="status" className="grow">
          {total === 0
            ? `“${words}” is in no name, input, output, argument, result, document or error of this trace.`
            : `${at < 0 ? "" : `${(at + 1).toLocaleString("en-US")} of `}${formatCount(total, "hit")} for “${words}”${
                hits.length < total ? `; the first ${hits.length.toLocaleString("en-US")} are listed` : ""
              }`}
        </span>
        <Button small disabled={hits.length === 0} onClick={() => onGo((at - 1 + hits.length) % hits.length)}>
          Previous hit <span className="kbd">N</span>
        </Button>
        <Button small disabled={hits.length === 0} onClick={() => onGo((at + 1) % hits.length)}>
          Next hit <span className="kbd">n</span>
        </Button>
        <Button small tone="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
      <div
        ref={box}
        role="listbox"
        aria-label="Hits"
        tabIndex={0}
        onScroll={onScroll}
        className="hits-list"
        hidden={hits.length === 0}
      >
        <div role="presentation" style={{ position: "relative", height: window.bodyHeight }}>
          {hits.slice(window.first, window.end).map((hit, offset) => {
            const number = window.first + offset;
            const span = tree.spans[tree.placeOf(hit.spanId)];
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: n and N go through the hits
              <div
                key={`${hit.spanId} ${hit.field}`}
                role="option"
                aria-selected={number === at}
                tabIndex={-1}
                className="hit"
                style={{ top: window.top + offset * rowHeight, height: rowHeight }}
                onClick={() => onGo(number)}
              >
                <span className="one-line">{span ? (span.toolName ?? span.name) : hit.spanId}</span>
                <span className="soft">{hit.field}</span>
                <span className="one-line">
                  <span className="soft">{hit.before}</span>
                  <mark>{hit.found}</mark>
                  <span className="soft">{hit.after}</span>
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}
