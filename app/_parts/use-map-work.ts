"use client";
import { useState } from "react";
import { followMap } from "#lib/browser/kept-points.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";

/** The building of a kept map, which can be stopped. */
export interface MapWork {
  /** What is being done, in words; null when nothing is. */
  readonly doing: string | null;
  readonly fault: FaultReport | null;
  /** @param path  to which `body` is sent */
  start(path: string, body: unknown): void;
  stop(): void;
}

/** @param onKept  called with the id of a map that was built */
export function useMapWork(onKept: (mapId: string) => void): MapWork {
  const [doing, setDoing] = useState<string | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [abort, setAbort] = useState<AbortController | null>(null);
  return {
    doing,
    fault,
    start(path, body) {
      const started = new AbortController();
      setAbort(started);
      setFault(null);
      setDoing("reading the texts");
      followMap(path, body, setDoing, started.signal)
        .then(onKept, (error: unknown) => started.signal.aborted || setFault(reportOf(error)))
        .finally(() => setDoing(null));
    },
    stop: () => abort?.abort()
  };
}
