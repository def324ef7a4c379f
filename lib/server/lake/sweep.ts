import { rm } from "node:fs/promises";
import type { Catalog } from "#lib/ports/catalog.ts";
import { listJournals, readPath } from "./journal.ts";
import { pinLeaseMs } from "./pins.ts";

/** A write whose journal did not change for so long, in ms, has ended without saying so. */
const silentMs = 60 * 60_000;

/** What a sweep needs. */
export interface SweepDoors {
  readonly catalog: Catalog;
  /** Absolute path of the lake. */
  readonly folder: string;
  readonly nowMs: number;
  /** How long a file stays after it left the lake, in ms. */
  readonly keepRemovedMs: number;
}

/**
 * Removes what nobody needs: files that left the lake `keepRemovedMs` ago and that no reader pins, and files
 * that a write which never ended left behind. A file that is in no journal is not touched, known or not: the
 * catalog may be an older copy, or that of another lake.
 *
 * @throws Fault `conflict` when the lake moved on meanwhile; the next sweep does it
 */
export async function sweepLake({ catalog, folder, nowMs, keepRemovedMs }: SweepDoors): Promise<void> {
  const expired = await catalog.expire({ removedBeforeMs: nowMs - keepRemovedMs, pinnedSinceMs: nowMs - pinLeaseMs });
  for (const path of expired) await rm(`${folder}/${path}`, { force: true });
  const journals = (await listJournals(folder)).filter(({ changedAtMs }) => changedAtMs <= nowMs - silentMs);
  if (journals.length === 0) return;
  const snapshotId = await catalog.currentSnapshot();
  const known = new Set((await catalog.listAllFiles()).map(({ path }) => path));
  const left = journals.flatMap(({ paths }) => paths).filter((path) => !known.has(path));
  // A writer that is only slow loses its turn, not its files: the catalog now knows them as refused, and
  // whatever was begun in their units before has to start over.
  if (left.length > 0)
    await catalog.commit({ add: [], remove: [], refuse: left.map(readPath), expectedSnapshot: snapshotId });
  for (const { paths, remove } of journals) {
    for (const path of paths) {
      if (!known.has(path)) await rm(`${folder}/${path}`, { force: true });
      await rm(`${folder}/${path}.partial`, { force: true });
    }
    await remove();
  }
}
