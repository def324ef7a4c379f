import type { Scope } from "#lib/model/scope.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { MapKeeper } from "./map-keeper.ts";

/** What placing traces as they arrive needs. */
export interface PlaceDoors {
  readonly lake: Pick<Lake, "snapshotId">;
  readonly keptMaps: Pick<KeptMaps, "list">;
  readonly keeper: Pick<MapKeeper, "placeNew">;
  /** Is called for a map that is up to date, where traces were placed or a version is new. */
  readonly watch: (scope: Scope, mapId: string) => Promise<unknown>;
  /** Whose rights the maps are read with. */
  readonly scope: () => Promise<Scope>;
  /** Ends early when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly elapsedMs: () => number;
  /** Is told of a map that could not be brought up to date; it is tried again. */
  readonly report: (mapId: string, error: unknown) => void;
}

/** Between two looks: the first at least, and no more than the second, so that a trace is placed within a minute. */
const [leastPauseMs, mostPauseMs] = [5_000, 40_000];

/** A look may take this share of the time. */
const busyShare = 0.1;

/**
 * Places the traces that arrive on every kept map and looks at what grows there, until stopped. Several processes may do so: the same trace
 * gets the same place from each. What is wrong with a map is told once, until it is something else.
 */
export async function placeArrivals(doors: PlaceDoors, signal: AbortSignal): Promise<void> {
  let seen = -1;
  /** The version of each map at which nothing has been placed since it was watched. */
  const watched = new Map<string, number>();
  const said = new Map<string, string>();
  const report: PlaceDoors["report"] = (mapId, error) => {
    const sentence = String(error);
    if (said.get(mapId) !== sentence) doors.report(mapId, error);
    said.set(mapId, sentence);
  };
  while (!signal.aborted) {
    const begun = doors.elapsedMs();
    try {
      const snapshotId = await doors.lake.snapshotId();
      if (snapshotId !== seen && (await placeOnAll({ ...doors, report }, { said, watched }, signal))) seen = snapshotId;
    } catch (error) {
      report("that could not be listed", error);
    }
    const took = doors.elapsedMs() - begun;
    await doors.pause(Math.min(mostPauseMs, Math.max(leastPauseMs, took / busyShare)), signal);
  }
}

/** @returns false when a map could not be brought up to date */
async function placeOnAll(
  { keptMaps, keeper, watch, scope, report }: PlaceDoors,
  { said, watched }: { readonly said: Map<string, string>; readonly watched: Map<string, number> },
  signal: AbortSignal
): Promise<boolean> {
  const reader = await scope();
  let isWhole = true;
  for (const { mapId, version } of await keptMaps.list(reader)) {
    if (signal.aborted) return false;
    try {
      if ((await keeper.placeNew(reader, mapId, signal)) > 0) watched.delete(mapId);
      if (watched.get(mapId) !== version.version) await watch(reader, mapId);
      watched.set(mapId, version.version);
      said.delete(mapId);
    } catch (error) {
      if (signal.aborted) return false;
      isWhole = false;
      report(mapId, error);
    }
  }
  return isWhole;
}
