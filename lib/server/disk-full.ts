import { Fault, isFault } from "#lib/model/fault.ts";

/** Codes of the operating system: no space, the owner's share used up, the file larger than it may be. */
const codes = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** How the operating system, the engine and SQLite say the same; the engine's spill folder has a share of its own. */
const sentences = /no space left|disk quota exceeded|file too large|database or disk is full|max_temp_directory_size/i;

/**
 * An error that means "the disk is full" as the Fault it is, any other as it came.
 *
 * @param error  anything thrown while something was written
 */
export function toDiskFault(error: unknown): unknown {
  if (isFault(error) || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (!codes.has(code ?? "") && !sentences.test(error.message)) return error;
  return new Fault("limit", "the disk is full, so nothing of this was written", {
    hint: "Free some space and try again; what was taken in before is safe and can be read.",
    detail: error.message,
    cause: error
  });
}
