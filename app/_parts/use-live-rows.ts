"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { LiveEvent, TraceRow } from "#lib/wire/traces.ts";
import { type LiveState, useLive } from "./use-live.ts";
import type { TraceList } from "./use-trace-list.ts";

/** A list that grows at its top, and what waits to be put in. */
export interface LiveRows {
  readonly state: LiveState;
  /** Keys of rows that have just come. */
  readonly fresh: ReadonlySet<string>;
  /** Rows that wait while the person reads further down; null: more than are told one by one. */
  readonly waiting: number | null;
  /** Whether the list is seen from its top. */
  onTop(isTop: boolean): void;
  /** Puts in what waits. */
  show(): void;
}

/** From a trace that came to the next count beside the list, in ms: counts cost more than rows, which go first. */
const recountMs = 5000;
/** Rows that wait at most; beyond, the list is read again. */
const mostWaiting = 500;

/** Keeps a list live while it is switched on; what comes while the person has scrolled down waits. */
export function useLiveRows(list: TraceList, query: string, isOn: boolean, recount: () => void): LiveRows {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [held, setHeld] = useState<ReadonlyMap<string, TraceRow> | null>(new Map());
  const isTop = useRef(true);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const known = new Set(list.traces.map(({ businessUnit, traceId }) => `${businessUnit}/${traceId}`));

  const countLater = useCallback(() => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      recount();
    }, recountMs);
  }, [recount]);
  useEffect(() => () => clearTimeout(timer.current), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has nothing waiting
  useEffect(() => setHeld(new Map()), [query, isOn]);

  const put = (rows: readonly TraceRow[]) => {
    const added = list.add(rows);
    if (added.length > 0) setFresh(new Set(added.map(({ businessUnit, traceId }) => `${businessUnit}/${traceId}`)));
  };
  const heard = (event: LiveEvent) => {
    if (event.traces.length === 0 && !event.isFlood) return;
    countLater();
    if (event.isFlood) {
      if (isTop.current) list.reload();
      else setHeld(null);
      return;
    }
    if (isTop.current) {
      put(event.traces);
      return;
    }
    setHeld((now) => {
      if (now === null) return null;
      const next = new Map(now);
      for (const trace of event.traces) next.set(`${trace.businessUnit}/${trace.traceId}`, trace);
      return next.size > mostWaiting ? null : next;
    });
  };
  const state = useLive(query, isOn ? list.snapshotId : null, heard);
  const show = () => {
    if (held === null) list.reload();
    else if (held.size > 0) put([...held.values()]);
    setHeld(new Map());
  };
  return {
    state,
    fresh,
    waiting: held === null ? null : [...held.keys()].filter((key) => !known.has(key)).length,
    onTop(now) {
      isTop.current = now;
      if (now && (held === null || held.size > 0)) show();
    },
    show
  };
}
