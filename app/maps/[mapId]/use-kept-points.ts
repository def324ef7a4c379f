"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { KeptPoints } from "#lib/browser/kept-points.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { MapProgressReply } from "#lib/wire/map-columns.ts";
import type { KeptMapReply } from "#lib/wire/maps.ts";
import { paths } from "#lib/wire/paths.ts";

/** A kept map with its points, which grow while the page is open. */
export interface OpenMap {
  readonly kept: KeptPoints | null;
  readonly fault: FaultReport | null;
  /** Whether the map was built again since it was read. */
  readonly isOld: boolean;
  /** Why arriving traces do not show now; null while they do. */
  readonly lost: string | null;
  /** Reads it whole. */
  read(): Promise<void>;
  /** Does something, then reads what the map says of itself. */
  attempt(work: () => Promise<unknown>): Promise<void>;
  /** Reads the labels of its traces again, after some were given. */
  relabel(): void;
  fail(error: unknown): void;
}

/** Between two looks for placed traces, in ms: a look costs one row of the state. */
const lookMs = 3000;

export function useKeptPoints(mapId: string): OpenMap {
  const [kept, setKept] = useState<KeptPoints | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [isOld, setOld] = useState(false);
  const [lost, setLost] = useState<string | null>(null);
  const now = useRef(kept);
  now.current = kept;
  const fail = useCallback((error: unknown) => setFault(reportOf(error)), []);

  const read = useCallback(async () => {
    try {
      setKept(await KeptPoints.open(await ask<KeptMapReply>(paths.keptMap(mapId))));
      setOld(false);
      setFault(null);
    } catch (error) {
      fail(error);
    }
  }, [mapId, fail]);
  useEffect(() => void read(), [read]);

  const attempt = useCallback(
    async (work: () => Promise<unknown>) => {
      try {
        await work();
        const map = await ask<KeptMapReply>(paths.keptMap(mapId));
        if (map.version !== now.current?.map.version) setOld(true);
        else setKept((before) => before?.describe(map) ?? null);
        setFault(null);
      } catch (error) {
        fail(error);
      }
    },
    [mapId, fail]
  );

  const relabel = useCallback(() => {
    const before = now.current;
    // Where points joined meanwhile, those stay, and the next look finds the labels.
    before?.relabel().then((after) => setKept((held) => (held === before ? after : held)), fail);
  }, [fail]);

  useEffect(() => {
    let isGone = false;
    let seen: number | null = null;
    const look = async () => {
      const before = now.current;
      if (!before || document.hidden) return;
      const { version, placedSnapshotId } = await ask<MapProgressReply>(paths.mapProgress(mapId));
      if (isGone) return;
      if (version !== before.map.version) return setOld(true);
      if (placedSnapshotId === (seen ?? before.map.placedSnapshotId)) return;
      const after = await before.update();
      if (isGone) return;
      seen = placedSnapshotId;
      // Where it was read again meanwhile, that has them as well.
      setKept((held) => (held === before ? after : held));
    };
    let timer = 0;
    const goOn = () => {
      timer = window.setTimeout(
        () =>
          void look()
            .then(
              () => setLost(null),
              (error: unknown) => setLost(reportOf(error).message)
            )
            .finally(() => isGone || goOn()),
        lookMs
      );
    };
    goOn();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [mapId]);

  return { kept, fault, isOld, lost, read, attempt, relabel, fail };
}
