import { KeyFilter } from "#lib/math/key-filter.ts";
import type { LakeFile, LakeTable } from "#lib/ports/catalog.ts";
import { traceKey } from "./trace-key.ts";
import type { LakeWriter } from "./writer.ts";

/** Tables of which it is remembered which file holds which traces. */
const filtered: readonly LakeTable[] = ["first_parts", "trace_parts", "scores"];

/** A filter that no question met among this many gives way to others when there is no room. */
const idleQuestions = 1000;

/** Files that could not be read and are remembered; with more, all are tried again. */
const mostUnreadable = 1000;

interface Held {
  readonly filter: KeyFilter;
  readonly bytes: number;
  usedAt: number;
}

/**
 * Which files of the lake may hold a trace, so that finding one does not open all of them. Files never change, so
 * what is learned of one stays true in every process; nothing is stored, and a file that nothing is known of may hold
 * every trace. Sorted files are learned in the background after a question first meets them.
 */
export class TraceFilters {
  readonly #writer: LakeWriter;
  readonly #mostBytes: number;
  readonly #held = new Map<string, Held>();
  /** By path. */
  readonly #wanted = new Map<string, LakeFile>();
  /** Files that could not be read; whoever asks them is told why. */
  readonly #unreadable = new Set<string>();
  #bytes = 0;
  #questions = 0;
  #learning: Promise<void> | undefined;
  #closed = false;

  /**
   * @param writer     used by nobody else
   * @param mostBytes  of the filters in memory, two for each trace of a file
   */
  constructor(writer: LakeWriter, mostBytes = 64 * 2 ** 20) {
    this.#writer = writer;
    this.#mostBytes = mostBytes;
  }

  /** Of some files those that may hold a trace whose id ends as one of these does, in 16 characters. */
  among(files: readonly LakeFile[], traceIds: readonly string[]): readonly LakeFile[] {
    this.#questions += 1;
    const keys = traceIds.map(traceKey);
    const near = files.filter((file) => {
      if (file.format !== "parquet" || !filtered.includes(file.table)) return true;
      const held = this.#held.get(file.path);
      if (!held) {
        if (!this.#unreadable.has(file.path)) this.#wanted.set(file.path, file);
        return true;
      }
      held.usedAt = this.#questions;
      return keys.some(([low, high]) => held.filter.has(low, high));
    });
    if (this.#wanted.size > 0 && !this.#learning) {
      this.#learning = this.#learn().finally(() => {
        this.#learning = undefined;
      });
    }
    return near;
  }

  /** Resolves when all is learned that was met so far. */
  async settled(): Promise<void> {
    await this.#learning;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#learning;
    this.#writer.close();
  }

  async #learn(): Promise<void> {
    for (const [path, file] of this.#wanted) {
      if (this.#closed) break;
      this.#wanted.delete(path);
      if (this.#held.has(path)) continue;
      if (!this.#makeRoom(KeyFilter.sizeBytes(file.rows))) {
        this.#wanted.clear();
        break;
      }
      try {
        await this.#learnFile(file);
      } catch (error) {
        // It left the lake while it was read, or is damaged: it is opened by every question, which says so.
        if (this.#unreadable.size >= mostUnreadable) this.#unreadable.clear();
        this.#unreadable.add(path);
        console.error(`which traces ${path} holds could not be read:`, error);
      }
    }
  }

  async #learnFile({ path, rows }: LakeFile): Promise<void> {
    const filter = new KeyFilter(rows);
    for await (const halves of this.#writer.traceKeys(path)) {
      if (this.#closed) return;
      for (let at = 0; at < halves.length; at += 2) filter.add(halves[at]!, halves[at + 1]!);
    }
    const bytes = KeyFilter.sizeBytes(rows);
    this.#held.set(path, { filter, bytes, usedAt: this.#questions });
    this.#bytes += bytes;
  }

  /** @returns false where all that is held is in use: the file is then opened by every question */
  #makeRoom(bytes: number): boolean {
    if (this.#bytes + bytes > this.#mostBytes) {
      for (const [path, { bytes: freed, usedAt }] of this.#held) {
        if (usedAt >= this.#questions - idleQuestions) continue;
        this.#held.delete(path);
        this.#bytes -= freed;
      }
    }
    return this.#bytes + bytes <= this.#mostBytes;
  }
}
