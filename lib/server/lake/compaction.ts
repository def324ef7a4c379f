import type { LakeFile, NewLakeFile } from "#lib/ports/catalog.ts";
import { type AttemptDoors, changeLake } from "./attempt.ts";
import { findTerms } from "./terms-name.ts";
import type { LakeWriter } from "./writer.ts";

/** A partition with more Parquet files than this has its small ones merged. */
const manyFiles = 8;

/** A file of this size is left alone by merging. */
const largeBytes = 128 * 2 ** 20;

/**
 * Turns the fresh batches of every partition into one sorted Parquet file, and merges small files where
 * there are many. New files are whole and synced before the one commit that puts them in place.
 *
 * @throws Fault `conflict` when the lake moved on meanwhile; nothing was changed
 */
export async function compactPartitions(doors: AttemptDoors, writer: LakeWriter): Promise<void> {
  const { catalog } = doors;
  const snapshotId = await catalog.currentSnapshot();
  const partitions = new Map<string, LakeFile[]>();
  const all = await catalog.listFiles({ snapshotId });
  for (const file of all) {
    // A file of terms goes with its file of spans; the new one gets its own after the flush.
    if (file.table === "terms") continue;
    const key = `${file.table}/${file.businessUnit}/${file.day}`;
    partitions.set(key, [...(partitions.get(key) ?? []), file]);
  }
  await changeLake(doors, async (attempt) => {
    const add: NewLakeFile[] = [];
    const remove: string[] = [];
    for (const files of partitions.values()) {
      const merging = chooseFiles(files);
      if (merging.length === 0) continue;
      const merged = await writer.writeParquet(merging, attempt);
      if (merged) add.push(merged);
      const terms = merging.map((file) => findTerms(all, file)).filter((file) => file !== undefined);
      remove.push(...[...merging, ...terms].map(({ fileId }) => fileId));
    }
    return remove.length > 0 ? { add, remove, expectedSnapshot: snapshotId } : null;
  });
}

/** Files of a partition that become one. */
function chooseFiles(files: readonly LakeFile[]): readonly LakeFile[] {
  const small = files.filter(({ format, bytes }) => format === "parquet" && bytes < largeBytes);
  const fresh = files.filter(({ format }) => format === "ndjson");
  if (small.length > manyFiles) return [...small, ...fresh];
  return fresh;
}
