import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Upload, Uploads } from "#lib/ports/uploads.ts";
import { uploadLimits } from "#lib/wire/import.ts";
import { toDiskFault } from "./disk-full.ts";

/** Bounds of all uploads. */
export interface UploadBounds {
  /** Of one upload. */
  readonly bytes: number;
  readonly files: number;
  /** Uploads at the same time. */
  readonly open: number;
  /** An upload that nobody touches for so long is removed. */
  readonly idleMs: number;
}

const defaultBounds: UploadBounds = { ...uploadLimits, open: 8, idleMs: 60 * 60_000 };

/** A folder of a process that ended is removed; one of a process that seems to live not before this age, in ms. */
const abandonedMs = 24 * 60 * 60_000;

interface Held {
  readonly userId: string;
  readonly folder: string;
  readonly files: Map<string, number>;
  bytes: number;
  touchedAtMs: number;
}

/**
 * Uploads in a folder that only this process uses. What a process that was killed left behind is removed first.
 *
 * @param folder  absolute; made when the first upload begins
 */
export async function openUploads(
  folder: string,
  clock: Clock,
  bounds: UploadBounds = defaultBounds
): Promise<Uploads> {
  await sweep(folder, clock.nowMs());
  const home = `${folder}/${process.pid}-${clock.newId()}`;
  const open = new Map<string, Held>();

  const drop = async (uploadId: string) => {
    const held = open.get(uploadId);
    open.delete(uploadId);
    if (held) await rm(held.folder, { recursive: true, force: true });
  };
  const require = (scope: Scope, uploadId: string): Held => {
    const held = open.get(uploadId);
    if (!held || held.userId !== scope.userId) {
      throw new Fault("missing", "these files are not here any more", { hint: "Choose them again." });
    }
    held.touchedAtMs = clock.nowMs();
    return held;
  };
  const describe = (uploadId: string, { folder: place, files }: Held): Upload => ({
    uploadId,
    folder: place,
    files: [...files].map(([name, sizeBytes]) => ({ name, sizeBytes }))
  });

  return {
    async begin(scope) {
      const idle = [...open].filter(([, { touchedAtMs }]) => touchedAtMs <= clock.nowMs() - bounds.idleMs);
      for (const [uploadId] of idle) await drop(uploadId);
      if (open.size >= bounds.open) {
        throw new Fault("limit", `${bounds.open} imports are open already`, {
          hint: "Finish or leave one of them; those that nobody touches for an hour are removed."
        });
      }
      const uploadId = clock.newId();
      const place = `${home}/${uploadId}`;
      const held = { userId: scope.userId, folder: place, files: new Map(), bytes: 0, touchedAtMs: clock.nowMs() };
      open.set(uploadId, held);
      await mkdir(place, { recursive: true });
      return describe(uploadId, held);
    },

    async add(scope, uploadId, name, body) {
      const held = require(scope, uploadId);
      const plain = parseFileName(name);
      if (held.files.has(plain)) throw new Fault("conflict", `the file "${plain}" is here already`);
      if (held.files.size >= bounds.files)
        throw new Fault("limit", `one import takes ${bounds.files} files`, { hint: "Import a folder in parts." });
      held.files.set(plain, 0);
      const path = `${held.folder}/${plain}`;
      let bytes = 0;
      const count = async function* (): AsyncGenerator<Uint8Array> {
        for await (const part of body) {
          bytes += part.byteLength;
          held.bytes += part.byteLength;
          held.touchedAtMs = clock.nowMs();
          if (held.bytes > bounds.bytes) throw tooLarge(bounds.bytes);
          yield part;
        }
      };
      try {
        await mkdir(dirname(path), { recursive: true });
        await pipeline(Readable.from(count()), createWriteStream(path, { flags: "wx" }));
      } catch (error) {
        held.files.delete(plain);
        held.bytes -= bytes;
        await rm(path, { force: true });
        throw asFault(error, plain);
      }
      held.files.set(plain, bytes);
      return describe(uploadId, held);
    },

    find: (scope, uploadId) => describe(uploadId, require(scope, uploadId)),

    async remove(scope, uploadId) {
      if (open.get(uploadId)?.userId === scope.userId) await drop(uploadId);
    },

    async close() {
      open.clear();
      await rm(home, { recursive: true, force: true });
    }
  };
}

function tooLarge(bytes: number): Fault {
  return new Fault(
    "limit",
    `the files are larger than ${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 3 : 0)} GiB together`,
    {
      hint: "Import them from the command line: npx tracebook import <file or folder> --business-unit <unit>"
    }
  );
}

function asFault(error: unknown, name: string): unknown {
  const found = toDiskFault(error);
  if (isFault(found) || !(found instanceof Error)) return found;
  return new Fault("broken", `the file "${name}" did not come in whole: ${found.message}`, {
    hint: "Try it again.",
    cause: error
  });
}

/**
 * A path within the upload. @throws Fault `invalid` for a name that has no letters, is too long or leads elsewhere
 */
function parseFileName(name: string): string {
  const parts = name.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: such a name is refused, not used
  const isOdd = (part: string) => part === ".." || /[\0-\x1f]/.test(part) || Buffer.byteLength(part) > 240;
  if (parts.length === 0 || parts.length > 20 || parts.some(isOdd))
    throw new Fault("invalid", `"${name.slice(0, 120)}" cannot be the name of a file`);
  return parts.join("/");
}

/** Removes what processes left that ended without closing. */
async function sweep(folder: string, nowMs: number): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const name of names) {
    const path = `${folder}/${name}`;
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    const pid = Number(/^(\d+)-/.exec(name)?.[1] ?? 0);
    const isOld = found !== null && found.mtimeMs < nowMs - abandonedMs;
    if (isOld || (pid > 0 && !isAlive(pid))) await rm(path, { recursive: true, force: true });
  }
}

/** Our own number was that of an earlier process: whoever used the folder before has ended. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
