"use client";
import { useCallback, useRef, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { mergeRows } from "#lib/browser/live-rows.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import { formatTraceFilter, type TraceFilter } from "#lib/wire/trace-filter.ts";
import type { TraceRow, TracesReply } from "#lib/wire/traces.ts";
import { useAnswer } from "./trace-answer.tsx";

/** A list as far as it has been read. */
export interface TraceList {
  readonly traces: readonly TraceRow[];
  readonly isWhole: boolean;
  /** What the first page was read from; null while nothing has come. */
  readonly snapshotId: number | null;
  readonly fault: FaultReport | null;
  /** Why the next page did not come. */
  readonly moreFault: FaultReport | null;
  readonly isWaiting: boolean;
  loadMore(): void;
  /** Puts in what came since; returns the rows that are new. */
  add(arrived: readonly TraceRow[]): readonly TraceRow[];
  reload(): void;
}

interface Grown {
  readonly base: TracesReply;
  readonly traces: readonly TraceRow[];
  readonly next: string | null;
}

/** Rows that a list grows to by itself; a live list that reaches it begins again from its first page. */
const mostLiveRows = 2000;

/** Reads a list page by page; begins again whenever the filter changes. */
export function useTraceList(filter: TraceFilter): TraceList {
  const [readings, setReadings] = useState(0);
  const query = formatTraceFilter({ ...filter, before: null }).toString();
  const { value, fault, waiting } = useAnswer<TracesReply>(`${paths.traces()}?${query}#${readings}`);
  const [grown, setGrown] = useState<Grown | null>(null);
  const [moreFault, setMoreFault] = useState<FaultReport | null>(null);
  const loading = useRef(false);
  const now: Grown | null =
    value && grown?.base !== value ? { base: value, traces: value.traces, next: value.next } : value ? grown : null;
  const latest = useRef<Grown | null>(now);
  latest.current = now;

  const reload = useCallback(() => setReadings((n) => n + 1), []);
  const loadMore = useCallback(() => {
    const from = latest.current;
    if (!from?.next || loading.current) return;
    loading.current = true;
    setMoreFault(null);
    ask<TracesReply>(`${paths.traces()}?${query}&before=${encodeURIComponent(from.next)}`)
      .then(
        (page) => {
          const here = latest.current;
          if (here?.base !== from.base) return;
          setGrown({ base: here.base, traces: mergePage(here.traces, page.traces), next: page.next });
        },
        (error: unknown) => setMoreFault(reportOf(error))
      )
      .finally(() => {
        loading.current = false;
      });
  }, [query]);
  const add = useCallback(
    (arrived: readonly TraceRow[]) => {
      const here = latest.current;
      if (!here) return [];
      const { rows, added } = mergeRows(here.traces, arrived, here.next !== null);
      if (rows.length > mostLiveRows && added.length > 0) reload();
      else {
        latest.current = { ...here, traces: rows };
        setGrown(latest.current);
      }
      return added;
    },
    [reload]
  );
  return {
    traces: now?.traces ?? [],
    isWhole: now !== null && now.next === null,
    snapshotId: value?.snapshotId ?? null,
    fault,
    moreFault,
    isWaiting: waiting,
    loadMore,
    add,
    reload
  };
}

/** A page after the rows before it; a row that came in live meanwhile is not repeated. */
function mergePage(rows: readonly TraceRow[], page: readonly TraceRow[]): readonly TraceRow[] {
  const there = new Set(rows.map(({ businessUnit, traceId }) => `${businessUnit}/${traceId}`));
  return [...rows, ...page.filter(({ businessUnit, traceId }) => !there.has(`${businessUnit}/${traceId}`))];
}
