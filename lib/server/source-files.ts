import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { createGunzip } from "node:zlib";
import { Fault } from "#lib/model/fault.ts";
import type { SourceFile, SourceFiles } from "#lib/ports/source-files.ts";

/** Files of this machine. Those that end in `.gz`, or begin as gzip does, are unzipped on the way. */
export const localFiles: SourceFiles = {
  async list(path) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new Fault(
        "missing",
        `"${path}" cannot be read: ${error.code === "ENOENT" ? "there is no such file or folder" : error.message}`,
        { cause: error }
      );
    });
    if (!found.isDirectory()) return [openFile(path, basename(path), found.size)];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Promise.all(files.sort().map(async (file) => openFile(file, relative(path, file), (await stat(file)).size)));
  }
};

function openFile(path: string, name: string, sizeBytes: number): SourceFile {
  return {
    name,
    sizeBytes,
    async *read() {
      const isZipped = path.endsWith(".gz") || (await startsAsGzip(path));
      const source = createReadStream(path);
      const stream = isZipped ? source.pipe(createGunzip()) : source;
      // pipe() passes no errors on: without this a missing file would hang the reader.
      if (stream !== source) source.on("error", (error) => stream.destroy(error));
      const decoder = new TextDecoder();
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        yield { text: decoder.decode(chunk, { stream: true }), readBytes: source.bytesRead };
      }
      yield { text: decoder.decode(), readBytes: source.bytesRead };
    }
  };
}

async function startsAsGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE(0) === 0x1f8b;
  } finally {
    await file.close();
  }
}
