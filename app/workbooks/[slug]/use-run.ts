"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "#lib/browser/api.ts";
import type { ShownCell } from "#lib/browser/stale-cells.ts";
import type { ParamValue } from "#lib/model/cell.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { Outcome } from "#lib/model/run.ts";
import type { ReadReply, RunRequest } from "#lib/wire/workbook.ts";
import { givenParams } from "#lib/workbook/params.ts";

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
        Object.entries(reply.cells).map(([key, { text, cell, params = {} }]) => [
          key,
          { cell, text, params, version: ++count.current }
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
      const given = givenParams(reading.params, params);
      const told = new Set<string>();
      try {
        await api.run(
          slug,
          { text, cells: asked, params },
          (event) => {
            if (event.kind === "ended") {
              setOutcome(event.outcome);
              // What the server did not run again is fresh on this text and these parameters.
              if (typeof asked === "string" && event.outcome !== "stopped")
                setCells((now) => refresh(now, texts, given, told));
            }
            if (event.kind !== "cell") return;
            told.add(event.key);
            const shown = {
              cell: event.cell,
              text: texts.get(event.key) ?? "",
              params: given,
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

/** Results that stand although nothing was said of them, under the text and parameters of now. */
function refresh(
  cells: Readonly<Record<string, ShownCell>>,
  texts: ReadonlyMap<string, string>,
  params: ShownCell["params"],
  told: ReadonlySet<string>
): Readonly<Record<string, ShownCell>> {
  return Object.fromEntries(
    Object.entries(cells).map(([key, shown]) => {
      const text = texts.get(key);
      return [key, told.has(key) || text === undefined ? shown : { ...shown, text, params }];
    })
  );
}
