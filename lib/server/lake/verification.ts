import { glob, stat } from "node:fs/promises";
import type { Catalog, LakeFile } from "#lib/ports/catalog.ts";
import type { LakeProblem } from "#lib/ports/lake.ts";
import { listJournals } from "./journal.ts";
import { spansKey } from "./terms-name.ts";
import type { LakeWriter } from "./writer.ts";

/**
 * Compares the catalog's live files with the folder, file by file: there, of the stated size, and readable.
 * A file that no snapshot knows is a problem too, unless a write is at it.
 */
export async function verifyLake(
  folder: string,
  catalog: Catalog,
  writer: LakeWriter
): Promise<readonly LakeProblem[]> {
  const problems: LakeProblem[] = [];
  const files = await catalog.listFiles({ snapshotId: await catalog.currentSnapshot() });
  for (const path of listOrphans(files)) {
    problems.push({ path, message: "the words in this file are of spans that are no longer part of the lake" });
  }
  for (const file of files) {
    const found = await stat(`${folder}/${file.path}`).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (!found) {
      problems.push({
        path: file.path,
        message: `the file is gone; its ${file.rows} rows of ${file.table} are missing`
      });
    } else if (found.size !== file.bytes) {
      problems.push({
        path: file.path,
        message: `the file has ${found.size} bytes instead of ${file.bytes}; restore it from a copy`
      });
    } else {
      const rows = await writer
        .countRows(file)
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      if (rows instanceof Error)
        problems.push({ path: file.path, message: `the file cannot be read: ${rows.message.split("\n", 1)[0]}` });
      else if (rows !== file.rows)
        problems.push({ path: file.path, message: `the file has ${rows} rows instead of ${file.rows}` });
    }
  }
  for (const path of await listUnknown(folder, catalog)) {
    problems.push({
      path,
      message:
        "no snapshot knows this file and no write is at it; it is never read. Remove it, unless the catalog is an older copy"
    });
  }
  return problems;
}

/** Files of words without the file of spans that they were read from, or beside another one of it. */
function listOrphans(files: readonly LakeFile[]): readonly string[] {
  const spans = new Set(files.filter(({ table }) => table === "spans").map(spansKey));
  return files.filter((file) => file.table === "terms" && !spans.delete(spansKey(file))).map(({ path }) => path);
}

/** Files that neither a snapshot nor a journal knows; what a journal knows is being written, or will be swept. */
async function listUnknown(folder: string, catalog: Catalog): Promise<readonly string[]> {
  const found = await Array.fromAsync(glob("*/business_unit=*/date=*/*", { cwd: folder }));
  // The journals before the catalog: a write is committed first and leaves its journal then.
  const journals = await listJournals(folder);
  const begun = journals.flatMap(({ paths }) => paths.flatMap((path) => [path, `${path}.partial`]));
  const known = new Set([...begun, ...(await catalog.listAllFiles()).map(({ path }) => path)]);
  return found.filter((path) => !known.has(path)).sort();
}
