import { rm } from "node:fs/promises";
import { isFault } from "#lib/model/fault.ts";
import type { Catalog, LakeTable } from "#lib/ports/catalog.ts";
import { toDiskFault } from "../disk-full.ts";
import { Journal } from "./journal.ts";

/** Where a file that is being written belongs. */
export interface Partition {
  readonly table: LakeTable;
  readonly businessUnit: string;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
}

/** One try to change the lake: it knows every file that it began, so that a try that fails takes them away. */
export class Attempt {
  /** Absolute path of the lake. */
  readonly folder: string;
  readonly #newId: () => string;
  readonly #begun: string[] = [];
  readonly #journal: Journal;

  constructor(folder: string, newId: () => string) {
    this.folder = folder;
    this.#newId = newId;
    this.#journal = new Journal(folder, newId());
  }

  /**
   * Path of a new file, relative to the lake. While it is not whole it may be written to `<path>.partial`.
   *
   * @param prefix  what its name begins with, before an id of its own
   */
  newPath({ table, businessUnit, day }: Partition, format: "ndjson" | "parquet", prefix = ""): string {
    const path = `${table}/business_unit=${businessUnit}/date=${day}/${prefix}${this.#newId()}.${format}`;
    this.#journal.note(path);
    this.#begun.push(path);
    return path;
  }

  /** Removes all that was begun. */
  async discard(): Promise<void> {
    for (const path of this.#begun.splice(0)) {
      await rm(`${this.folder}/${path}`, { force: true });
      await rm(`${this.folder}/${path}.partial`, { force: true });
    }
    await this.#journal.remove();
  }

  /** Ends the try: what was begun is part of the lake. */
  async keep(): Promise<void> {
    await this.#journal.remove();
  }
}

/** What a change of the lake needs. */
export interface AttemptDoors {
  readonly catalog: Catalog;
  /** Absolute path of the lake. */
  readonly folder: string;
  readonly newId: () => string;
}

/** Runs work when no other writer of this process changes the lake. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Changes the lake as a whole or not at all.
 *
 * @param write   writes and syncs files, and says what to commit; null when there is nothing to change
 * @param inTurn  runs the commit when no other writer of this process changes the lake; at once where it is not given
 * @returns the new snapshot, or null when nothing changed
 * @throws Fault `limit` when the disk is full, `conflict` when the lake moved on; no file of the try is left then
 */
export async function changeLake(
  { catalog, folder, newId }: AttemptDoors,
  write: (attempt: Attempt) => Promise<Parameters<Catalog["commit"]>[0] | null>,
  inTurn: InTurn = (work) => work()
): Promise<number | null> {
  const attempt = new Attempt(folder, newId);
  let change: Awaited<ReturnType<typeof write>>;
  try {
    change = await write(attempt);
  } catch (error) {
    await attempt.discard();
    throw toDiskFault(error);
  }
  if (!change) {
    await attempt.discard();
    return null;
  }
  try {
    const snapshotId = await inTurn(() => catalog.commit(change));
    await attempt.keep();
    return snapshotId;
  } catch (error) {
    // A Fault says that nothing was committed. After any other error, such as a lost connection, the
    // files may be part of the lake: the sweep removes them if no snapshot knows them.
    if (isFault(error)) await attempt.discard();
    throw error;
  }
}
