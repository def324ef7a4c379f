import type { LakeFile, NewLakeFile } from "#lib/ports/catalog.ts";

/**
 * What the name of a file of words begins with. An id of its own follows: two processes may write the words of
 * the same spans at once, and only one of the files becomes part of the lake.
 *
 * @param path  of the file of spans
 */
export const termsPrefix = (path: string): string => `${nameOf(path)}.`;

/** The same for a file of spans and for the file of its words. */
export function spansKey({ businessUnit, day, path }: NewLakeFile): string {
  return `${businessUnit}/${day}/${nameOf(path)}`;
}

/** The file that says which words a file of spans holds, where there is one. */
export function findTerms(files: readonly LakeFile[], spans: NewLakeFile): LakeFile | undefined {
  if (spans.table !== "spans") return undefined;
  const key = spansKey(spans);
  return files.find((file) => file.table === "terms" && spansKey(file) === key);
}

/** A name up to its first dot. */
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1).split(".", 1)[0]!;
