"use client";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { kindColour } from "#lib/browser/span-colour.ts";
import { isOrphan, listAbove, listShown, type SpanTree, type Spent } from "#lib/browser/span-tree.ts";
import { endMs, type TraceClock } from "#lib/browser/trace-clock.ts";
import { isBackward } from "#lib/browser/trace-oddities.ts";
import type { SpanHead } from "#lib/wire/traces.ts";
import { CostText, DurationText, NumberText } from "./text.tsx";
import { ColumnSwitch, type TreeColumn, templateOf, useTreeColumns } from "./trace-tree-columns.tsx";
import { useRowWindow } from "./use-row-window.ts";

interface TraceTreeProps {
  readonly tree: SpanTree;
  readonly clock: TraceClock;
  readonly chosen: string | null;
  readonly onChoose: (spanId: string) => void;
}

const rowHeight = 28;

/** The spans as a tree with a time bar each; only rows in sight are in the page. */
export function TraceTree({ tree, clock, chosen, onChoose }: TraceTreeProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [columns, setColumns] = useTreeColumns();
  const rows = useMemo(() => listShown(tree, new Set([...folded].map(tree.placeOf))), [tree, folded]);
  const { box, window, onScroll, reveal } = useRowWindow(rows.length, rowHeight);
  const unseen = useRef<string | null>(null);

  useEffect(() => {
    unseen.current = chosen;
  }, [chosen]);
  // A span chosen elsewhere is unfolded and scrolled to, once; it may come with the rest of a long trace.
  useEffect(() => {
    const place = unseen.current === null || unseen.current !== chosen ? -1 : tree.placeOf(unseen.current);
    if (place < 0) return;
    const closed = listAbove(tree, place).flatMap((above) => tree.spans[above]?.spanId ?? []);
    if (closed.some((spanId) => folded.has(spanId))) {
      setFolded(new Set([...folded].filter((spanId) => !closed.includes(spanId))));
      return;
    }
    reveal(rows.indexOf(place));
    unseen.current = null;
  }, [chosen, tree, rows, folded, reveal]);

  const fold = useCallback((spanId: string) => {
    setFolded((now) => {
      const next = new Set(now);
      if (!next.delete(spanId)) next.add(spanId);
      return next;
    });
  }, []);
  const choosePlace = (place: number | undefined) => {
    const span = place === undefined ? undefined : tree.spans[place];
    if (span) onChoose(span.spanId);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const place = chosen === null ? -1 : tree.placeOf(chosen);
    const at = rows.indexOf(place);
    const isParent = place >= 0 && (tree.ends[place] ?? 0) > place + 1;
    const isFolded = chosen !== null && folded.has(chosen);
    const last = rows.length - 1;
    if (event.key === "ArrowDown") choosePlace(rows[Math.min(last, at + 1)]);
    else if (event.key === "ArrowUp") choosePlace(rows[Math.max(0, at - 1)]);
    else if (event.key === "Home") choosePlace(rows[0]);
    else if (event.key === "End") choosePlace(rows[last]);
    else if (event.key === "PageDown") choosePlace(rows[Math.min(last, at + 20)]);
    else if (event.key === "PageUp") choosePlace(rows[Math.max(0, at - 20)]);
    else if (event.key === "ArrowLeft" && chosen !== null) {
      if (isParent && !isFolded) fold(chosen);
      else choosePlace(listAbove(tree, place)[0]);
    } else if (event.key === "ArrowRight" && chosen !== null) {
      if (isFolded) fold(chosen);
      else if (isParent) choosePlace(place + 1);
    } else return;
    event.preventDefault();
  };
  const shown = rows.slice(window.first, window.end);
  return (
    <div style={{ display: "flex", flexDirection: "column", minWidth: 0, minHeight: 0 }}>
      <ColumnSwitch columns={columns} onChange={setColumns} />
      <div
        ref={box}
        role="tree"
        aria-label="Spans"
        aria-activedescendant={chosen !== null && shown.includes(tree.placeOf(chosen)) ? `span-${chosen}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={onScroll}
        style={{ flex: 1, minHeight: 0, overflow: "auto", fontSize: 13, outlineOffset: -2 }}
      >
        <div role="none" style={{ position: "relative", height: window.bodyHeight }}>
          {shown.map((place, offset) => {
            const span = tree.spans[place];
            if (!span) return null;
            return (
              <TreeRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a row that left the view is used again for one that came into it, which is cheaper than a new one
                key={(window.first + offset) % shown.length}
                span={span}
                depth={tree.depths[place] ?? 0}
                isParent={(tree.ends[place] ?? 0) > place + 1}
                isFolded={folded.has(span.spanId)}
                isLost={isOrphan(tree, span)}
                isChosen={span.spanId === chosen}
                spent={tree.spentAt(place)}
                clock={clock}
                columns={columns}
                top={window.top + offset * rowHeight}
                onChoose={onChoose}
                onFold={fold}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface TreeRowProps {
  readonly span: SpanHead;
  readonly depth: number;
  readonly isParent: boolean;
  readonly isFolded: boolean;
  /** Its parent is not in the tree. */
  readonly isLost: boolean;
  readonly isChosen: boolean;
  readonly spent: Spent;
  readonly clock: TraceClock;
  readonly columns: readonly TreeColumn[];
  readonly top: number;
  readonly onChoose: (spanId: string) => void;
  readonly onFold: (spanId: string) => void;
}

const TreeRow = memo(
  function TreeRow({ span, depth, isParent, isFolded, isLost, isChosen, spent, ...rest }: TreeRowProps) {
    const { clock, columns, top, onChoose, onFold } = rest;
    const isOn = (column: TreeColumn) => columns.includes(column);
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the arrow keys
      <div
        id={`span-${span.spanId}`}
        role="treeitem"
        aria-level={depth + 1}
        aria-selected={isChosen}
        aria-expanded={isParent ? !isFolded : undefined}
        tabIndex={-1}
        onClick={() => onChoose(span.spanId)}
        className="tree-row"
        style={{ top, height: rowHeight, gridTemplateColumns: templateOf(columns) }}
      >
        <span className="row" style={{ paddingLeft: Math.min(depth, 12) * 14, gap: 6, minWidth: 0 }}>
          {isParent ? (
            <button
              type="button"
              tabIndex={-1}
              aria-label={isFolded ? "Unfold" : "Fold"}
              className="tree-fold"
              onClick={(event) => {
                event.stopPropagation();
                onFold(span.spanId);
              }}
            >
              {isFolded ? "▸" : "▾"}
            </button>
          ) : (
            <span style={{ width: 14, flex: "none" }} />
          )}
          <span aria-hidden="true" className="kind-dot" style={{ background: kindColour(span.kind) }} />
          <span title={`${span.kind}: ${span.name}`} className="one-line">
            {span.toolName ?? span.name}
            <span className="faint"> {span.model ?? span.kind}</span>
          </span>
          {span.status === "error" ? <span className="status-bad tree-mark">✕ error</span> : null}
          {isLost ? (
            <span className="status-warn tree-mark" title="Its parent is not here">
              ! no parent
            </span>
          ) : null}
          {isBackward(span) ? (
            <span className="status-warn tree-mark" title="It ends before it starts">
              ! backward
            </span>
          ) : null}
        </span>
        {isOn("tokens") ? (
          <span className="tree-figure">
            {spent.inputTokens === null && spent.outputTokens === null ? (
              <span className="faint">–</span>
            ) : (
              <NumberText value={(spent.inputTokens ?? 0) + (spent.outputTokens ?? 0)} />
            )}
          </span>
        ) : null}
        {isOn("cost") ? (
          <span className="tree-figure">
            <CostText usd={spent.costUsd} />
          </span>
        ) : null}
        {isOn("duration") ? (
          <span className="tree-figure">
            <DurationText ms={Math.max(0, span.durationMs)} />
          </span>
        ) : null}
        {isOn("time") ? <TimeBar span={span} clock={clock} /> : null}
      </div>
    );
  },
  (before, after) =>
    (Object.keys(after) as (keyof TreeRowProps)[]).every((name) => name === "spent" || before[name] === after[name])
);

function TimeBar({ span, clock }: Pick<TreeRowProps, "span" | "clock">) {
  const from = clock.toPaper(span.startMs) / clock.paperMs;
  const width = clock.toPaper(endMs(span)) / clock.paperMs - from;
  return (
    <span aria-hidden="true" className="tree-time">
      <span
        style={{
          left: `${Math.max(0, Math.min(99, from * 100))}%`,
          width: `${Math.max(0.8, Math.min(100, width * 100))}%`,
          background: span.status === "error" ? "var(--bad)" : kindColour(span.kind)
        }}
      />
    </span>
  );
}
