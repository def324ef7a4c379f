"use client";
import { useState } from "react";
import { formatCount } from "#lib/browser/format.ts";
import type { ShownColumn } from "#lib/browser/trace-columns.ts";
import type { TraceSort } from "#lib/wire/trace-filter.ts";
import { Button } from "./button.tsx";
import { emptyLake } from "./empty-lake.tsx";
import { StateNotice } from "./state-notice.tsx";
import { TraceTable } from "./trace-table.tsx";
import type { LiveRows } from "./use-live-rows.ts";
import type { TraceList } from "./use-trace-list.ts";

interface TraceRowsProps {
  readonly list: TraceList;
  readonly live: LiveRows;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
  readonly columns: readonly ShownColumn[];
  readonly onColumns: (columns: readonly ShownColumn[]) => void;
  readonly sort: TraceSort;
  readonly onSort: (sort: TraceSort) => void;
  readonly total: number;
  readonly at: number;
  readonly onOpen: (at: number) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (key: string) => void;
}

/** The rows in each state they can be in: on their way, none, refused, read in part, or coming live. */
export function TraceRows({ list, live, isFiltered, onClear, ...rest }: TraceRowsProps) {
  const [topped, setTopped] = useState(0);
  const { traces, fault, moreFault } = list;
  if (fault) return <Notice notice={{ kind: "fault", fault, action: <Again onAgain={list.reload} /> }} />;
  if (list.snapshotId === null) return <Notice notice={{ kind: "waiting", label: "Reading traces" }} />;
  if (traces.length === 0) {
    return isFiltered ? (
      <Notice
        notice={{
          kind: "empty",
          title: "No trace matches these filters.",
          next: (
            <Button small onClick={onClear}>
              Clear filters
            </Button>
          )
        }}
      />
    ) : (
      <Notice notice={emptyLake} />
    );
  }
  return (
    <div style={{ position: "relative", flex: 1, minHeight: 0, display: "flex", flexDirection: "column" }}>
      {live.waiting !== 0 ? (
        <Button
          tone="main"
          small
          icon="up"
          className="list-new"
          onClick={() => {
            live.show();
            setTopped((n) => n + 1);
          }}
        >
          {live.waiting === null ? "Many new" : `${live.waiting.toLocaleString("en-US")} new`}
        </Button>
      ) : null}
      <TraceTable
        {...rest}
        traces={traces}
        fresh={live.fresh}
        topped={topped}
        onTop={live.onTop}
        onEnd={list.loadMore}
      />
      {moreFault ? (
        <Notice notice={{ kind: "fault", fault: moreFault, action: <Again onAgain={list.loadMore} /> }} />
      ) : null}
      <footer className="row faint" style={{ padding: "4px 16px", fontSize: 12, borderTop: "1px solid var(--line)" }}>
        <span className="num">
          {list.isWhole
            ? formatCount(traces.length, "trace")
            : `${formatCount(traces.length, "trace")} read, more below`}
        </span>
        <span className="grow" style={{ textAlign: "right" }}>
          <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> opens · <kbd>x</kbd> selects · <kbd>/</kbd> searches ·{" "}
          <kbd>l</kbd> live
        </span>
      </footer>
    </div>
  );
}

function Notice({ notice }: React.ComponentProps<typeof StateNotice>) {
  return (
    <div style={{ padding: 16 }}>
      <StateNotice notice={notice} />
    </div>
  );
}

function Again({ onAgain }: { readonly onAgain: () => void }) {
  return (
    <Button small onClick={onAgain}>
      Try again
    </Button>
  );
}
