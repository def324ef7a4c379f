"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "#lib/browser/api.ts";
import type { ParamValue } from "#lib/model/cell.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { CellState, Outcome } from "#lib/model/run.ts";
import type { ReadReply, RunRequest } from "#lib/wire/workbook.ts";

/** What a cell gave, and the text and parameters it gave it for. */
export interface ShownCell {
  readonly cell: CellState;
  readonly text: string;
  readonly params: string;
  /** Grows with every result. */
  readonly version: number;
}

const lookAgainMs = 700;

/** Runs cells and keeps what they say, from the page's opening on. */
export function useRun(slug: string) {
  const [cells, setCells] = useState<Readonly<Record<string, ShownCell>>>({});
  const [running, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [moved, setMoved] = useState(false);
  const count = useRef(0);
  const own = useRef(false);

  const recall = useCallback(async () => {
    const reply = await api.kernel(slug);
    setRunning(reply.running);
    setMoved(reply.moved === true);
    setCells(
      Object.fromEntries(
        Object.entries(reply.cells).map(([key, { text, cell }]) => [
          key,
          { cell, text, params: "", version: ++count.current }
        ])
      )
    );
    return reply.running;
  }, [slug]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let live = true;
    // A run that goes on while the page is opened is followed by looking, until this page runs something itself.
    const look = () => {
      recall().then(
        (goesOn) => {
          if (goesOn && live && !own.current) timer = setTimeout(look, lookAgainMs);
        },
        (error: unknown) => setFault(reportOf(error))
      );
    };
    look();
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [recall]);

  const run = useCallback(
    async (
      reading: ReadReply,
      text: string,
      asked: RunRequest["cells"],
      params: Readonly<Record<string, ParamValue>>
    ) => {
      own.current = true;
      setFault(null);
      setOutcome(null);
      setRunning(true);
      if (typeof asked === "string") setMoved(false);
      const texts = new Map(reading.cells.map((cell) => [cell.key, cell.text]));
      const stamp = JSON.stringify(params);
      try {
        await api.run(
          slug,
          { text, cells: asked, params },
          (event) => {
            if (event.kind === "ended") setOutcome(event.outcome);
            if (event.kind !== "cell") return;
            const shown = {
              cell: event.cell,
              text: texts.get(event.key) ?? "",
              params: stamp,
              version: ++count.current
            };
            setCells((now) => ({ ...now, [event.key]: shown }));
          },
          new AbortController().signal
        );
      } catch (error) {
        setFault(reportOf(error));
      } finally {
        setRunning(false);
      }
    },
    [slug]
  );

  const stop = useCallback(() => {
    api.stop(slug).catch((error: unknown) => setFault(reportOf(error)));
  }, [slug]);

  return { cells, running, moved, outcome, fault, run, stop };
}

/** Keys of cells whose text, parameters or anything they read has changed since their result. */
export function findStale(
  reading: ReadReply,
  cells: Readonly<Record<string, ShownCell>>,
  params: Readonly<Record<string, ParamValue>>,
  touched: ReadonlySet<string>
): ReadonlySet<string> {
  const stamp = JSON.stringify(params);
  const byKey = new Map(reading.cells.map((cell) => [cell.key, cell]));
  const known = new Map<string, boolean>();
  const isStale = (key: string): boolean => {
    const earlier = known.get(key);
    if (earlier !== undefined) return earlier;
    known.set(key, false);
    const [cell, shown] = [byKey.get(key), cells[key]];
    const usesParams = cell !== undefined && /\$[A-Za-z_]/.test(cell.text);
    const own =
      shown?.cell.state === "done" &&
      (shown.text !== cell?.text || touched.has(key) || (usesParams && shown.params !== "" && shown.params !== stamp));
    const stale = own || (shown?.cell.state === "done" && (cell?.reads ?? []).some(isStale));
    known.set(key, stale);
    return stale;
  };
  return new Set(reading.cells.map(({ key }) => key).filter(isStale));
}
