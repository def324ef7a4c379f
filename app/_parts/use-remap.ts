"use client";
import { useEffect, useMemo, useRef, useState } from "react";
import { layPart, samplePart } from "#lib/browser/lay-part.ts";
import { partClusters, pickPoints } from "#lib/browser/part-points.ts";
import type { MapPoints } from "#lib/browser/scatter-rows.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { mostPicked } from "#lib/model/selection.ts";
import type { ScatterCluster } from "./scatter-legend.tsx";

/** Some traces of a map as they lie alone. */
export interface MapPart {
  readonly points: MapPoints;
  readonly clusters: readonly ScatterCluster[];
  /** Which of the whole map's points. */
  readonly at: Int32Array;
  /** How many were picked; more than there are points where these are a sample. */
  readonly picked: number;
  /** Of the points, those without text. */
  readonly untold: number;
  /** Tells it from every other part. */
  readonly number: number;
}

/** Laying out some traces of a map alone. */
export interface Remap {
  /** What is shown in the place of the whole map; null for that. */
  readonly part: MapPart | null;
  /** Null while nothing is laid out; no epochs while neighbours are looked for. */
  readonly doing: { readonly traces: number; readonly done: number; readonly total: number } | null;
  readonly fault: FaultReport | null;
  /** Points that were picked and are too many, for a sample of them; null otherwise. */
  readonly tooMany: number | null;
  /** @param points  of what is shown now */
  start(points: Int32Array): void;
  /** Takes a sample of those that were too many. */
  startSample(): void;
  /** Ends what goes on, and forgets what was wrong. */
  stop(): void;
  /** Shows the whole map again. */
  back(): void;
}

interface RemapOf {
  /** The whole map; null while it is not there. */
  readonly points: MapPoints | null;
  readonly clusters: readonly ScatterCluster[];
  /** Where neighbours are asked for. */
  readonly path: string;
  readonly seed: number;
  /** Of the whole map: another has no part yet. */
  readonly identity: unknown;
}

/** Lays traces out alone in the page; leaving, another map, or another part ends what goes on. */
export function useRemap({ points, clusters, path, seed, identity }: RemapOf): Remap {
  const [laid, setLaid] = useState<Omit<MapPart, "clusters"> | null>(null);
  const [doing, setDoing] = useState<Remap["doing"]>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [waiting, setWaiting] = useState<Int32Array | null>(null);
  const running = useRef<AbortController | null>(null);
  const numbers = useRef(0);

  const stop = () => {
    running.current?.abort();
    running.current = null;
    setDoing(null);
    setFault(null);
    setWaiting(null);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another map has no part yet
  useEffect(() => {
    stop();
    setLaid(null);
    return () => running.current?.abort();
  }, [identity]);

  const lay = async (at: Int32Array, picked: number) => {
    if (!points) return;
    stop();
    const own = new AbortController();
    running.current = own;
    setDoing({ traces: at.length, done: 0, total: 0 });
    try {
      const traceIds = await points.traceIds(at);
      own.signal.throwIfAborted();
      const places = {
        x: Float32Array.from(at, (point) => points.x[point]!),
        y: Float32Array.from(at, (point) => points.y[point]!)
      };
      const { places: alone, untold } = await layPart(
        { traceIds, places, seed, path },
        (done, total) => own.signal.aborted || setDoing({ traces: at.length, done, total }),
        own.signal
      );
      setLaid({ points: pickPoints(points, at, alone), at, picked, untold, number: ++numbers.current });
      setDoing(null);
    } catch (error) {
      if (own.signal.aborted) return;
      setDoing(null);
      setFault(reportOf(error));
    }
  };
  const part = useMemo(() => laid && { ...laid, clusters: partClusters(clusters, laid.points) }, [laid, clusters]);
  return {
    part,
    doing,
    fault,
    tooMany: waiting?.length ?? null,
    start(shown) {
      const at = laid ? shown.map((point) => laid.at[point]!) : shown;
      if (at.length <= mostPicked) return void lay(at, at.length);
      stop();
      setWaiting(at);
    },
    startSample() {
      if (waiting) void lay(samplePart(waiting, seed), waiting.length);
    },
    stop,
    back() {
      stop();
      setLaid(null);
    }
  };
}
