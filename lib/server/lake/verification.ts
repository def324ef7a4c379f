import { glob, stat } from "node:fs/promises";
import type { Catalog } from "#lib/ports/catalog.ts";
import type { LakeProblem } from "#lib/ports/lake.ts";
import type { LakeWriter } from "./writer.ts";

/** Compares the catalog's live files with the folder, file by file: there, of the stated size, and readable. */
export async function verifyLake(
  folder: string,
  catalog: Catalog,
  writer: LakeWriter
): Promise<readonly LakeProblem[]> {
  const problems: LakeProblem[] = [];
  const snapshotId = await catalog.currentSnapshot();
  for (const file of await catalog.listFiles({ snapshotId })) {
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
  const known = new Set((await catalog.listAllFiles()).map(({ path }) => path));
  for await (const path of glob("*/business_unit=*/date=*/*", { cwd: folder })) {
    if (!known.has(path))
      problems.push({
        path,
        message: "no snapshot knows this file; it is left from a write that did not end and is never read"
      });
  }
  return problems;
}
