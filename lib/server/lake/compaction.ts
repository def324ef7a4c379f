import { isFault } from "#lib/model/fault.ts";
import type { LakeFile, NewLakeFile } from "#lib/ports/catalog.ts";
import { changeLake } from "./attempt.ts";
import type { FlushDoors } from "./flush-doors.ts";
import { findTerms } from "./terms-name.ts";

/** A partition with more Parquet files than this has its small ones merged. */
const manyFiles = 8;

/** A file of this size is left alone by merging. */
const largeBytes = 128 * 2 ** 20;

/** Files that were made in this time, in ms, are committed together. */
const commitMs = 2_000;

/** How often a group of partitions is begun again when a file of it left the lake meanwhile. */
const attempts = 8;

/**
 * Turns the fresh batches of every partition into one sorted Parquet file, and merges small files where
 * there are many. It reads and writes beside other writers and takes its turn only to put whole, synced files
 * in place of the ones they were made from: what comes meanwhile stays as it is.
 *
 * @throws Fault `limit` when the disk is full, `conflict` when others keep changing the same files; what was
 *         committed before stays, and the rest is as it was
 */
export async function compactPartitions(doors: FlushDoors): Promise<void> {
  const waiting = [...(await groupFiles(doors)).keys()];
  let conflicts = 0;
  while (waiting.length > 0 && !doors.stopped()) {
    try {
      waiting.splice(0, await compactSome(doors, waiting));
    } catch (error) {
      conflicts += 1;
      if (conflicts >= attempts || !isFault(error) || error.code !== "conflict") throw error;
    }
  }
}

/** Live files by partition; those of words go with their file of spans, and the new one gets its own later. */
async function groupFiles({ catalog }: FlushDoors): Promise<ReadonlyMap<string, readonly LakeFile[]>> {
  const all = await catalog.listFiles({ snapshotId: await catalog.currentSnapshot() });
  return Map.groupBy(
    all,
    ({ table, businessUnit, day }) => `${table === "terms" ? "spans" : table}/${businessUnit}/${day}`
  );
}

/** @returns how many of the partitions are done, from the first on */
async function compactSome(doors: FlushDoors, waiting: readonly string[]): Promise<number> {
  const { writer, elapsedMs, stopped, inTurn } = doors;
  const partitions = await groupFiles(doors);
  const begun = elapsedMs();
  let done = 0;
  await changeLake(
    doors,
    async (attempt) => {
      const add: NewLakeFile[] = [];
      const remove: string[] = [];
      for (const key of waiting) {
        if (stopped() || elapsedMs() - begun > commitMs) break;
        const files = partitions.get(key) ?? [];
        const merging = chooseFiles(files);
        if (merging.length > 0) {
          const merged = await writer.writeParquet(merging, attempt);
          if (merged) add.push(merged);
          const terms = merging.map((file) => findTerms(files, file)).filter((file) => file !== undefined);
          remove.push(...[...merging, ...terms].map(({ fileId }) => fileId));
        }
        done += 1;
      }
      return remove.length > 0 ? { add, remove } : null;
    },
    inTurn
  );
  return done;
}

/** Files of a partition that become one. */
function chooseFiles(files: readonly LakeFile[]): readonly LakeFile[] {
  const small = files.filter(
    ({ table, format, bytes }) => table !== "terms" && format === "parquet" && bytes < largeBytes
  );
  const fresh = files.filter(({ format }) => format === "ndjson");
  if (small.length > manyFiles) return [...small, ...fresh];
  return fresh;
}
