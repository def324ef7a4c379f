import type { LakeFile } from "#lib/ports/catalog.ts";
import type { LakeWriter } from "./writer.ts";

/**
 * The engine takes a table's columns from its first file. Where that one is damaged, a readable one goes
 * first: questions that the damaged file does not touch are answered, the others name it.
 */
export async function putReadableFirst(writer: LakeWriter, files: readonly LakeFile[]): Promise<readonly LakeFile[]> {
  const first: LakeFile[] = [];
  for (const table of new Set(files.map((file) => file.table))) {
    for (const file of files.filter((candidate) => candidate.table === table && candidate.format === "parquet")) {
      const readable = await writer.countRows(file).then(
        () => true,
        (error: unknown) => {
          console.error(`the file ${file.path} of the lake cannot be read:`, error);
          return false;
        }
      );
      if (readable) {
        first.push(file);
        break;
      }
    }
  }
  return [...first, ...files.filter((file) => !first.includes(file))];
}
