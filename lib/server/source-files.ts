import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { constants, createGunzip, gunzipSync } from "node:zlib";
import { Fault } from "#lib/model/fault.ts";
import type { SourceFile, SourceFiles, SourcePiece } from "#lib/ports/source-files.ts";
import { type TextEncoding, tellEncoding, tellForeign } from "./file-kind.ts";
import { readTable, type TableKind } from "./table-files.ts";

/**
 * Files of this machine, each told by its content: Parquet and CSV are read as tables, anything else as text.
 * What begins as gzip does is unzipped on the way.
 */
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
    folder: basename(dirname(resolve(path))),
    sizeBytes,
    async *read() {
      const isZipped = path.endsWith(".gz") || (await startsAsGzip(path));
      const head = await readHead(path, isZipped);
      const foreign = tellForeign(head);
      if (foreign !== null) throw new Fault("broken", `the file is ${foreign}`);
      const kind = tellTable(head, name, isZipped);
      if (kind) yield* readRows(resolve(path), kind, sizeBytes);
      else yield* readText(path, isZipped, tellEncoding(head));
    }
  };
}

async function* readRows(path: string, kind: TableKind, sizeBytes: number): AsyncGenerator<SourcePiece> {
  let characters = 0;
  for await (const { text, losses, broken } of readTable(path, kind)) {
    characters += text.length;
    // The engine does not say how far it is; a table gives about as much text as it takes on disk, or more.
    yield { text, readBytes: Math.min(sizeBytes, characters), losses, rejected: broken };
  }
  yield { text: "", readBytes: sizeBytes };
}

async function* readText(path: string, isZipped: boolean, encoding: TextEncoding): AsyncGenerator<SourcePiece> {
  const source = createReadStream(path);
  const stream = isZipped ? source.pipe(createGunzip()) : source;
  // pipe() passes no errors on: without this a missing file would hang the reader.
  if (stream !== source) source.on("error", (error) => stream.destroy(error));
  const decoder = new TextDecoder(encoding);
  const pieceOf = (text: string): SourcePiece => {
    const count = text.includes(unreadable) ? text.split(unreadable).length - 1 : 0;
    const losses =
      count === 0
        ? []
        : [{ field: `bytes that are no ${encoding}, shown as ${unreadable}`, fate: "dropped" as const, count }];
    return { text, readBytes: source.bytesRead, losses };
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) yield pieceOf(decoder.decode(chunk, { stream: true }));
  } finally {
    source.destroy();
  }
  yield pieceOf(decoder.decode());
}

/** What stands where bytes are no letter of the encoding. */
const unreadable = "\uFFFD";

/** Bytes at the beginning that a file is told by. */
const headBytes = 64 * 1024;

/** The beginning of a file, unzipped. */
async function readHead(path: string, isZipped: boolean): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const bytes = buffer.subarray(0, bytesRead);
    // The beginning of a zipped file ends in the middle; what it holds until there is enough.
    return isZipped && bytesRead >= 2 && bytes.readUInt16BE(0) === 0x1f8b
      ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
      : bytes;
  } finally {
    await file.close();
  }
}

/**
 * What table a file holds, told by its first bytes. What begins as JSON does is none; other text is CSV where its
 * first line has more than one column, or its name says so.
 */
export function tellTable(head: Uint8Array, name: string, isZipped: boolean): TableKind | null {
  if (head.length >= 4 && Buffer.from(head.subarray(0, 4)).toString("latin1") === "PAR1") return { kind: "parquet" };
  const wide = tellEncoding(head);
  if (wide === "utf-16be" && /\.(csv|tsv)(\.gz)?$/i.test(name))
    throw new Fault("broken", "the file is UTF-16 with its bytes in the other order, which tables are not read in", {
      hint: "Save it as UTF-8."
    });
  if (wide === "utf-16be") return null;
  const isWide = wide === "utf-16le";
  const encoding = isWide ? "utf-16" : isUtf8(head) ? "utf-8" : "latin-1";
  const text = new TextDecoder(isWide ? "utf-16le" : encoding.replace("latin-1", "latin1")).decode(head).trimStart();
  if (text === "" || /^[[{\0]/.test(text)) return null;
  const first = text.split(/\r?\n/, 1)[0]!;
  const isCsv = /\.(csv|tsv)(\.gz)?$/i.test(name) || (/[,;\t|]/.test(first) && text.length > first.length);
  return isCsv ? { kind: "csv", gzip: isZipped, encoding } : null;
}

/** A beginning may end in the middle of a letter. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
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
