import { appendFile, mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { AuditCheckpoint } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { integer, object, text } from "#lib/wire/parse.ts";

/** Checkpoints are a line each: the file grows by some 100 bytes at most every few minutes. */
export function formatCheckpoint({ seq, hash, at, keyId, signature }: AuditCheckpoint): string {
  return JSON.stringify({ seq, hash, ts: at, key_id: keyId, signature });
}

/** @throws Fault `invalid` for what `formatCheckpoint` did not write */
export function parseCheckpoint(value: unknown): AuditCheckpoint {
  const fields = object(value, "the checkpoint");
  return {
    seq: integer(fields, "seq"),
    hash: text(fields, "hash"),
    at: text(fields, "ts"),
    keyId: text(fields, "key_id"),
    signature: text(fields, "signature")
  };
}

/** Adds a checkpoint to the end of a file, on the disk before this resolves. */
export async function appendCheckpoint(path: string, checkpoint: AuditCheckpoint): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "a", 0o600);
  try {
    await appendFile(file, `${formatCheckpoint(checkpoint)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/**
 * Checkpoints of a file, in its order; none where there is no file.
 *
 * @throws Fault `invalid` naming the line that is none
 */
export async function readCheckpoints(path: string): Promise<readonly AuditCheckpoint[]> {
  const content = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return content.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [parseCheckpoint(JSON.parse(line))];
    } catch (error) {
      throw new Fault("invalid", `line ${index + 1} of ${path} is no checkpoint`, { cause: error });
    }
  });
}
