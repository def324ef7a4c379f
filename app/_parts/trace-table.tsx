// biome-ignore-all lint/a11y/useSemanticElements: rows in sight only are placed by hand, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the list takes the keyboard for its rows
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
"use client";
import { useEffect } from "react";
import { formatCount } from "#lib/browser/format.ts";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import { columnTracks, type ShownColumn, type TraceColumnName, traceColumn } from "#lib/browser/trace-columns.ts";
import type { TraceSort } from "#lib/wire/trace-filter.ts";
import type { TraceRow } from "#lib/wire/traces.ts";
import { DataGrip } from "./data-grip.tsx";
import { CostText, DurationText, NumberText, TimeText, ZoneText } from "./text.tsx";
import { TraceExcerpt } from "./trace-excerpt.tsx";
import { StatusChip } from "./trace-status.tsx";
import { useRowWindow } from "./use-row-window.ts";

interface TraceTableProps {
  readonly columns: readonly ShownColumn[];
  readonly onColumns: (columns: readonly ShownColumn[]) => void;
  readonly sort: TraceSort;
  readonly onSort: (sort: TraceSort) => void;
  readonly traces: readonly TraceRow[];
  /** Rows in all, -1 while nobody knows. */
  readonly total: number;
  /** Place of the row that the keyboard is at. */
  readonly at: number;
  readonly onOpen: (at: number) => void;
  /** Keys (`unit/traceId`) of rows that are selected, and of those that have just come. */
  readonly selected: ReadonlySet<string>;
  readonly fresh: ReadonlySet<string>;
  readonly onSelect: (key: string) => void;
  /** The last row came near: there may be more. */
  readonly onEnd: () => void;
  readonly onTop: (isTop: boolean) => void;
  /** Changes when the list is to be seen from its top. */
  readonly topped: number;
}

const rowHeight = 44;
const gap = 12;
const selectPx = 20;
const headPx = 32;

/** What tells a row from all others. */
export function rowKey({ businessUnit, traceId }: Pick<TraceRow, "businessUnit" | "traceId">): string {
  return `${businessUnit}/${traceId}`;
}

/** Rows of traces; only those in sight are in the page. */
export function TraceTable(props: TraceTableProps) {
  const { columns, traces, at, selected, fresh, onEnd, onTop, topped } = props;
  const { box, window, onScroll, reveal, toTop } = useRowWindow(traces.length, rowHeight);
  const { tracks, leastPx } = columnTracks(columns);
  const grid = { gridTemplateColumns: `${selectPx}px ${tracks}` };
  const minWidth = leastPx + columns.length * gap + selectPx + 32;

  const atKey = traces[at] ? rowKey(traces[at]) : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that come in above do not move what is seen
  useEffect(() => reveal(at, headPx), [atKey, reveal]);
  useEffect(() => {
    if (window.end >= traces.length) onEnd();
  }, [window.end, traces.length, onEnd]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it is asked for
  useEffect(() => toTop(), [topped]);

  return (
    <div
      ref={box}
      role="table"
      aria-rowcount={props.total}
      aria-label="Traces"
      tabIndex={0}
      onScroll={(event) => {
        onScroll(event);
        onTop(event.currentTarget.scrollTop < rowHeight);
      }}
      className="list-rows"
    >
      <div role="row" className="list-head" style={{ ...grid, minWidth }}>
        <span role="columnheader">
          <span className="sr-only">Selected</span>
        </span>
        {columns.map((column) => (
          <ColumnHead key={column.name} {...props} column={column} />
        ))}
      </div>
      <div role="rowgroup" style={{ position: "relative", height: window.bodyHeight, minWidth }}>
        {traces.slice(window.first, window.end).map((trace, offset) => {
          const place = window.first + offset;
          const key = rowKey(trace);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on the row is handled by the page
            <div
              key={key}
              role="row"
              aria-rowindex={place + 1}
              aria-selected={selected.has(key)}
              tabIndex={-1}
              onClick={() => props.onOpen(place)}
              className="list-row"
              data-at={place === at}
              data-fresh={fresh.has(key)}
              style={{ ...grid, top: window.top + offset * rowHeight, height: rowHeight }}
            >
              <span role="cell">
                <input
                  type="checkbox"
                  aria-label={`Select ${trace.traceId}`}
                  checked={selected.has(key)}
                  onClick={(event) => event.stopPropagation()}
                  onChange={() => props.onSelect(key)}
                />
              </span>
              {columns.map(({ name }) => (
                <span
                  key={name}
                  role="cell"
                  className="cut"
                  style={{ textAlign: traceColumn(name).isNumber ? "right" : undefined }}
                >
                  <TraceFact trace={trace} name={name} />
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function ColumnHead({
  column,
  columns,
  onColumns,
  sort,
  onSort,
  traces
}: TraceTableProps & { readonly column: ShownColumn }) {
  const { title, sort: by, isNumber, widthPx } = traceColumn(column.name);
  const isSorted = by !== null && by === sort.column;
  const words = (
    <>
      {title}
      {column.name === "began" && traces[0] ? (
        <span className="faint">
          <ZoneText atMs={traces[0].startedAtMs} />
        </span>
      ) : null}
      {isSorted ? <span aria-hidden="true">{sort.isDescending ? "↓" : "↑"}</span> : null}
    </>
  );
  return (
    <div
      role="columnheader"
      className="list-th"
      {...(by === null ? {} : { "aria-sort": isSorted ? (sort.isDescending ? "descending" : "ascending") : "none" })}
    >
      {by === null ? (
        <span className="list-sort" style={{ cursor: "default" }} data-number={isNumber}>
          {words}
        </span>
      ) : (
        <button
          type="button"
          className="list-sort"
          data-sorted={isSorted}
          data-number={isNumber}
          onClick={() => onSort({ column: by, isDescending: isSorted ? !sort.isDescending : true })}
        >
          {words}
        </button>
      )}
      <DataGrip
        name={title}
        width={column.widthPx ?? widthPx}
        onWidth={(width) =>
          onColumns(columns.map((one) => (one.name === column.name ? { ...one, widthPx: Math.round(width) } : one)))
        }
      />
    </div>
  );
}

function TraceFact({ trace, name }: { readonly trace: TraceRow; readonly name: TraceColumnName }) {
  switch (name) {
    case "began":
      return <TimeText atMs={trace.startedAtMs} short synthesised={trace.timesSynthesised} />;
    case "unit":
      return trace.businessUnit;
    case "status":
      return (
        <StatusChip
          look={
            trace.status !== "error" && trace.errors > 0
              ? { tone: "warn", sign: "!", word: formatCount(trace.errors, "error") }
              : statusLooks[trace.status]
          }
        />
      );
    case "agent":
      return trace.agent ?? trace.name;
    case "version":
      return trace.agentVersion ?? <Nothing />;
    case "input":
      return trace.excerpt ? <TraceExcerpt excerpt={trace.excerpt} /> : (trace.input ?? <Nothing />);
    case "output":
      return <span className="soft">{trace.output ?? "–"}</span>;
    case "models":
      return trace.models.join(", ") || <Nothing />;
    case "session":
      return trace.sessionId ?? <Nothing />;
    case "duration":
      return trace.timesSynthesised ? (
        <span className="faint" title="The source gave no times">
          –
        </span>
      ) : (
        <DurationText ms={trace.durationMs} />
      );
    case "spans":
      return <NumberText value={trace.spans} />;
    case "llmCalls":
      return <NumberText value={trace.llmCalls} />;
    case "toolCalls":
      return <NumberText value={trace.toolCalls} />;
    case "errors":
      return <NumberText value={trace.errors} />;
    case "tokens":
      return (
        <NumberText
          value={
            trace.inputTokens === null && trace.outputTokens === null
              ? null
              : (trace.inputTokens ?? 0) + (trace.outputTokens ?? 0)
          }
        />
      );
    case "cost":
      return <CostText usd={trace.costUsd} />;
    case "traceId":
      return <code>{trace.traceId}</code>;
  }
}

function Nothing() {
  return <span className="faint">–</span>;
}
