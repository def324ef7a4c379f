import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline, Transform, type TransformCallback } from "node:stream";
import { createGunzip } from "node:zlib";
import { Fault } from "#lib/model/fault.ts";
import type { SourceFile, SourceFiles } from "#lib/ports/source-files.ts";

/** The files of this machine as sources of traces. */
export function openSourceFiles(): SourceFiles {
  return { list: listFiles, read: readBytes };
}

async function listFiles(path: string): Promise<readonly SourceFile[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Fault("missing", `there is no file or folder at "${path}"`, { cause: error });
  });
  if (!found.isDirectory()) return [{ path, sizeBytes: found.size }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(paths.map(async (each) => ({ path: each, sizeBytes: (await stat(each)).size })));
}

async function* readBytes(path: string, onRead: (bytes: number) => void): AsyncIterable<Uint8Array> {
  let done = 0;
  const count = new Transform({
    transform(piece: Buffer, _encoding, next: TransformCallback) {
      done += piece.length;
      onRead(done);
      next(null, piece);
    }
  });
  try {
    const file = createReadStream(path, { highWaterMark: 1 << 20 });
    const unpacked = (await isGzip(path)) ? createGunzip({ chunkSize: 1 << 18 }) : new Transform({ transform: pass });
    // The reader below sees every error of the three; the callback only keeps pipeline from throwing it twice.
    pipeline(file, count, unpacked, () => undefined);
    for await (const piece of unpacked) yield piece as Uint8Array;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault("broken", `"${path}" cannot be read to its end: ${why}`, { cause: error });
  }
}

function pass(piece: Buffer, _encoding: BufferEncoding, next: TransformCallback): void {
  next(null, piece);
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
