import type { Catalog, LakeFile } from "#lib/ports/catalog.ts";

/**
 * Files of what was appended to units after a snapshot, those that have left since included: fresh batches, as
 * Parquet only holds again what was there.
 *
 * @returns undefined where the snapshot is so old that this can no longer be told
 */
export async function listAppended(
  catalog: Catalog,
  after: number,
  businessUnits: readonly string[]
): Promise<readonly LakeFile[] | undefined> {
  const joined = await catalog.listJoinedFiles({ after, businessUnits });
  // Asked after the files are known: while the snapshot can be read, none that joined since is forgotten.
  if (!(await catalog.isReadable(after))) return undefined;
  return joined.filter(({ format }) => format === "ndjson");
}

/** Whether a file holds spans, or what they say of their traces. */
export function holdsTraces({ table }: Pick<LakeFile, "table">): boolean {
  return table === "spans" || table === "first_parts" || table === "trace_parts";
}
