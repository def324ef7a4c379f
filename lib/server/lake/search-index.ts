import { rm } from "node:fs/promises";
import { isFault } from "#lib/model/fault.ts";
import type { LakeFile, NewLakeFile } from "#lib/ports/catalog.ts";
import { toDiskFault } from "../disk-full.ts";
import { Attempt } from "./attempt.ts";
import type { FlushDoors } from "./flush-doors.ts";
import { spansKey } from "./terms-name.ts";

/** No further file is begun after this time, in ms: what is left waits for the next flush, and is read as it is. */
const longestMs = 10_000;

/** Parquet files of spans whose words no file says, the newest day first. */
export function listUnindexed(files: readonly LakeFile[]): readonly LakeFile[] {
  const said = new Set(files.filter(({ table }) => table === "terms").map(spansKey));
  return files
    .filter((file) => file.table === "spans" && file.format === "parquet" && !said.has(spansKey(file)))
    .toSorted((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0));
}

/**
 * Writes the words of files of spans that nobody has written yet. It reads beside other writers and takes its
 * turn only to say what it has written; a file of spans that left the lake meanwhile needs no words.
 *
 * @throws Fault `limit` when the disk is full; nothing was changed
 */
export async function indexSpans(doors: FlushDoors): Promise<void> {
  const { catalog, folder, newId, inTurn } = doors;
  const waiting = await listWaiting(doors);
  if (waiting.length === 0) return;
  const attempt = new Attempt(folder, newId);
  const written = await writeAll(doors, waiting, attempt).catch(async (error: unknown) => {
    await attempt.discard();
    throw error;
  });
  try {
    const added = await inTurn(async () => {
      const snapshotId = await catalog.currentSnapshot();
      const live = new Set((await listWaiting(doors)).map(({ fileId }) => fileId));
      const add = written.filter(({ spans }) => live.has(spans.fileId)).map(({ terms }) => terms);
      if (add.length > 0) await catalog.commit({ add, remove: [], expectedSnapshot: snapshotId });
      return add;
    });
    for (const { terms } of written) if (!added.includes(terms)) await rm(`${folder}/${terms.path}`, { force: true });
    await attempt.keep();
  } catch (error) {
    // As in `changeLake`: after an error that is no Fault the files may be part of the lake, and the sweep decides.
    if (isFault(error)) await attempt.discard();
    throw error;
  }
}

async function listWaiting({ catalog }: FlushDoors): Promise<readonly LakeFile[]> {
  return listUnindexed(await catalog.listFiles({ snapshotId: await catalog.currentSnapshot() }));
}

/** Writes the words of one file after the other, for as long as there is time. */
async function writeAll(doors: FlushDoors, waiting: readonly LakeFile[], attempt: Attempt) {
  const { writer, elapsedMs, stopped } = doors;
  const written: { readonly spans: LakeFile; readonly terms: NewLakeFile }[] = [];
  const begun = elapsedMs();
  for (const spans of waiting) {
    if (stopped() || (written.length > 0 && elapsedMs() - begun > longestMs)) break;
    try {
      written.push({ spans, terms: await writer.writeTerms(spans, attempt) });
    } catch (error) {
      const fault = toDiskFault(error);
      if (isFault(fault)) throw fault;
      // It left the lake, and the disk, while it was read, or it is damaged: a search that meets it will say so.
      console.error(`the words of ${spans.path} could not be written:`, error);
    }
  }
  return written;
}
