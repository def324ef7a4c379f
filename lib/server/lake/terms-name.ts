import { hash } from "node:crypto";
import type { UnitMask } from "#lib/model/mask.ts";
import type { LakeFile, NewLakeFile } from "#lib/ports/catalog.ts";
import { maskRows } from "#lib/sql/mask-columns.ts";
import { searchedColumns } from "#lib/sql/search-terms.ts";
import { fileColumns } from "#lib/sql/view-sql.ts";

/**
 * What the name of a file of words begins with. An id of its own follows: two processes may write the words of
 * the same spans at once, and only one of the files becomes part of the lake.
 *
 * @param path  of the file of spans
 * @param hidden  what is hidden in the texts that the words are of, as `hiddenName` has it
 */
export const termsPrefix = (path: string, hidden: string): string =>
  hidden === "" ? `${nameOf(path)}.` : `${nameOf(path)}.${hidden}.`;

/** What is hidden in the texts that a file of words was read from. @param path  of the file of words */
export function hiddenIn(path: string): string {
  const [, hidden = "", ...rest] = path.slice(path.lastIndexOf("/") + 1).split(".");
  return rest.length > 1 ? hidden : "";
}

/**
 * A name for what rules hide in texts that a search looks through, empty for nothing: made of the very SQL that hides
 * it, so that words that were read in any other way, by older rules or by an older workbench, go by another name.
 */
export const hiddenName = (mask: UnitMask | undefined): string =>
  mask === undefined ? "" : hash("sha256", shownTexts(mask, "select 1")).slice(0, 16);

/** SELECT of `searchedColumns` and the trace of spans, as their unit shows them. @param rows  SELECT of the spans as they are */
export function shownTexts(mask: UnitMask, rows: string): string {
  const columns = ["trace_id", ...searchedColumns].map((name) => [name, fileColumns.spans[name] ?? ""]);
  return maskRows("spans", Object.fromEntries(columns), mask, rows);
}

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
