import { appendFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import type { NewLakeFile } from "#lib/ports/catalog.ts";

/** Folder of the journals, beside the tables. */
const journalFolder = (folder: string): string => `${folder}/.writing`;

/** What a path in a journal looks like; a line that was cut off does not. */
const filePath = /^([a-z_]+)\/business_unit=([^/]+)\/date=([^/]+)\/[^/]+\.(ndjson|parquet)$/;

/** Makes the place for journals. @param folder  absolute path of the lake */
export async function openJournals(folder: string): Promise<void> {
  await mkdir(journalFolder(folder), { recursive: true });
}

/**
 * Notes which files a write began, before it begins them, so that what a killed write leaves is known for
 * what it is. It survives the process, not the power: it is not synced.
 */
export class Journal {
  readonly #path: string;
  #begun = false;

  /** @param folder  absolute path of the lake */
  constructor(folder: string, id: string) {
    this.#path = `${journalFolder(folder)}/${id}`;
  }

  /** @param path  of the file, relative to the lake */
  note(path: string): void {
    appendFileSync(this.#path, `${path}\n`);
    this.#begun = true;
  }

  /** Forgets the write: its files are part of the lake, or are gone. */
  async remove(): Promise<void> {
    if (this.#begun) await rm(this.#path, { force: true });
  }
}

/** A journal that was found. */
export interface FoundJournal {
  /** Paths that were noted, relative to the lake. */
  readonly paths: readonly string[];
  /** When the last was noted, ms since 1970 UTC. */
  readonly changedAtMs: number;
  remove(): Promise<void>;
}

/** Journals of writes that are under way or never ended. */
export async function listJournals(folder: string): Promise<readonly FoundJournal[]> {
  const found: FoundJournal[] = [];
  for (const name of (await readdir(journalFolder(folder))).sort()) {
    const path = `${journalFolder(folder)}/${name}`;
    try {
      const { mtimeMs } = await stat(path);
      const lines = (await readFile(path, "utf8")).split("\n");
      found.push({
        paths: lines.filter((line) => filePath.test(line)),
        changedAtMs: mtimeMs,
        remove: () => rm(path, { force: true })
      });
    } catch (error) {
      // Its write ended between the two looks.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return found;
}

/** What the path of a file says of it; nothing is known of its rows. @param path  from a journal */
export function readPath(path: string): NewLakeFile {
  const [, table, businessUnit = "", day = "", format] = filePath.exec(path) ?? [];
  return {
    table: table as NewLakeFile["table"],
    businessUnit,
    day,
    path,
    format: format as NewLakeFile["format"],
    rows: 0,
    bytes: 0,
    minStartMs: 0,
    maxStartMs: 0
  };
}
