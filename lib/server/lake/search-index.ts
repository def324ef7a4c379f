import { rm } from "node:fs/promises";
import { isFault } from "#lib/model/fault.ts";
import type { UnitMask } from "#lib/model/mask.ts";
import type { LakeFile, NewLakeFile } from "#lib/ports/catalog.ts";
import { toDiskFault } from "../disk-full.ts";
import { Attempt } from "./attempt.ts";
import type { FlushDoors } from "./flush-doors.ts";
import { hiddenIn, hiddenName, spansKey } from "./terms-name.ts";

/** No further file is begun after this time, in ms: what is left waits for the next flush, and is read as it is. */
const longestMs = 10_000;

/** A file of spans whose words are to be written. */
interface Waiting {
  readonly spans: LakeFile;
  /** What its unit hides. */
  readonly mask: UnitMask | undefined;
  /** A file of its words as its unit showed them before. */
  readonly outdated: LakeFile | undefined;
}

/** What the words of files of spans are written with. */
interface IndexDoors extends FlushDoors {
  /** What units hide. */
  readonly masks: (units: readonly string[]) => Promise<readonly UnitMask[]>;
}

/**
 * Writes the words of files of spans that nobody has written yet, or as their units do not show them any more. It
 * reads beside other writers and takes its turn only to say what it has written; a file of spans that left the lake
 * meanwhile needs no words.
 *
 * @returns whether there was time for all of them
 * @throws Fault `limit` when the disk is full; nothing was changed
 */
export async function indexSpans(doors: IndexDoors): Promise<boolean> {
  const { catalog, folder, newId, inTurn } = doors;
  const waiting = await listWaiting(doors);
  if (waiting.length === 0) return true;
  const attempt = new Attempt(folder, newId);
  const { written, isWhole } = await writeAll(doors, waiting, attempt).catch(async (error: unknown) => {
    await attempt.discard();
    throw error;
  });
  try {
    const added = await inTurn(async () => {
      const snapshotId = await catalog.currentSnapshot();
      const live = new Map((await listWaiting(doors)).map((file) => [file.spans.fileId, file.outdated]));
      const wanted = written.filter(({ spans }) => live.has(spans.fileId));
      const add = wanted.map(({ terms }) => terms);
      const remove = wanted.flatMap(({ spans }) => live.get(spans.fileId)?.fileId ?? []);
      if (add.length > 0) await catalog.commit({ add, remove, expectedSnapshot: snapshotId });
      return add;
    });
    for (const { terms } of written) if (!added.includes(terms)) await rm(`${folder}/${terms.path}`, { force: true });
    await attempt.keep();
  } catch (error) {
    // As in `changeLake`: after an error that is no Fault the files may be part of the lake, and the sweep decides.
    if (isFault(error)) await attempt.discard();
    throw error;
  }
  return isWhole;
}

/** Parquet files of spans that wait for their words, the newest day first. */
async function listWaiting({ catalog, masks }: IndexDoors): Promise<readonly Waiting[]> {
  const files = await catalog.listFiles({ snapshotId: await catalog.currentSnapshot() });
  const terms = new Map(files.filter(({ table }) => table === "terms").map((file) => [spansKey(file), file]));
  const sorted = files.filter(({ table, format }) => table === "spans" && format === "parquet");
  const units = [...new Set(sorted.map(({ businessUnit }) => businessUnit))];
  const hiding = new Map((await masks(units)).map((mask) => [mask.businessUnit, mask]));
  const names = new Map(units.map((unit) => [unit, hiddenName(hiding.get(unit))]));
  return sorted
    .map((spans) => ({
      spans,
      mask: hiding.get(spans.businessUnit),
      outdated: terms.get(spansKey(spans))
    }))
    .filter(({ spans, outdated }) => !outdated || hiddenIn(outdated.path) !== names.get(spans.businessUnit))
    .toSorted(({ spans: a }, { spans: b }) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0));
}

/** Writes the words of one file after the other, for as long as there is time. */
async function writeAll(doors: FlushDoors, waiting: readonly Waiting[], attempt: Attempt) {
  const { writer, elapsedMs, stopped } = doors;
  const written: { readonly spans: LakeFile; readonly terms: NewLakeFile }[] = [];
  const begun = elapsedMs();
  for (const { spans, mask } of waiting) {
    if (stopped() || (written.length > 0 && elapsedMs() - begun > longestMs)) return { written, isWhole: false };
    try {
      written.push({ spans, terms: await writer.writeTerms(spans, attempt, mask) });
    } catch (error) {
      const fault = toDiskFault(error);
      if (isFault(fault)) throw fault;
      // It left the lake, and the disk, while it was read, or it is damaged: a search that meets it will say so.
      console.error(`the words of ${spans.path} could not be written:`, error);
    }
  }
  return { written, isWhole: true };
}
