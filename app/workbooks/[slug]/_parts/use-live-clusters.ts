"use client";
import { useEffect, useRef, useState } from "react";
import { LiveClusters, readClusterGround } from "#lib/browser/recluster.ts";
import type { DrawnPoints, Reclustering } from "#lib/map/recluster.ts";
import type { FaultReport } from "#lib/model/fault.ts";

/** Clusters of a map at a size that somebody tries. */
export interface LiveClustersState {
  /** Null until one is tried, and after the map is made anew. */
  readonly found: Reclustering | null;
  readonly fault: FaultReport | null;
  ask(least: number): void;
}

/** Tries other clusters on the points that the page has. @param drawn  null while there are none */
export function useLiveClusters(slug: string, map: string, drawn: DrawnPoints | null): LiveClustersState {
  const [found, setFound] = useState<Reclustering | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const live = useRef<LiveClusters | null>(null);
  useEffect(() => {
    setFound(null);
    setFault(null);
    if (!drawn) return;
    const opened = new LiveClusters(() => readClusterGround(slug, map), drawn, {
      found: (next) => {
        setFault(null);
        setFound(next);
      },
      fault: setFault
    });
    live.current = opened;
    return () => opened.close();
  }, [slug, map, drawn]);
  return { found, fault, ask: (least) => live.current?.ask(least) };
}
