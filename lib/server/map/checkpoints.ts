import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { Checkpoint, CheckpointSubject, KeptStep, OpenCheckpoint } from "#lib/map/checkpoint.ts";
import { kernelBytes } from "#lib/map/kernel-bytes.ts";
import { openPack, type Pack, type PackedArray, type PackedHead, packArrays } from "#lib/map/packed-arrays.ts";
import { isFault } from "#lib/model/fault.ts";

/** Where steps of maps are kept and how many of them. */
export interface CheckpointPlace {
  /**
   * Absolute path. The vectors of a map are made from the texts of all its units, so it lies outside the folders that
   * any person's question may read. No text is in it.
   */
  readonly folder: string;
  /** A map that is done sooner keeps nothing. */
  readonly afterMs: number;
  /** A step under way is kept this often. */
  readonly everyMs: number;
  /** What is older is removed. */
  readonly oldestMs: number;
  readonly mostMaps: number;
  readonly mostBytes: number;
  /** A larger step is not kept: it is in memory twice while it is written. */
  readonly mostStepBytes: number;
}

export const checkpointDefaults: Omit<CheckpointPlace, "folder"> = {
  afterMs: 500,
  everyMs: 10_000,
  oldestMs: 24 * 60 * 60_000,
  mostMaps: 12,
  mostBytes: 2 ** 30,
  mostStepBytes: 2 ** 28
};

/** Raised whenever a step of a map gives other bits than before, or its arrays another meaning. */
const format = 1;
const steps: readonly KeptStep[] = ["vectors", "neighbours", "layout"];

/**
 * Keeps steps as files `<what they come from>/<step>.bin`. A file that is cut, changed, or of something else counts as
 * none; one that cannot be written ends the keeping, not the map.
 *
 * @param report  told of what could not be written
 */
export function openCheckpoints(
  place: CheckpointPlace,
  nowMs: () => number,
  report: (error: unknown) => void
): OpenCheckpoint {
  const beganMs = nowMs();
  return (subject) => new FileCheckpoint(place, subjectKey(subject), beganMs, nowMs, report);
}

class FileCheckpoint implements Checkpoint {
  private readonly place: CheckpointPlace;
  private readonly key: string;
  private readonly beganMs: number;
  private readonly nowMs: () => number;
  private readonly report: (error: unknown) => void;
  private keptMs: number;
  private isBroken = false;

  constructor(
    place: CheckpointPlace,
    key: string,
    beganMs: number,
    nowMs: () => number,
    report: (error: unknown) => void
  ) {
    this.place = place;
    this.key = key;
    this.beganMs = beganMs;
    this.nowMs = nowMs;
    this.report = report;
    this.keptMs = beganMs;
    this.attempt(() => pruneCheckpoints(place, nowMs()));
  }

  find(step: KeptStep): Pack | undefined {
    try {
      const pack = openPack(readFileSync(this.pathOf(step)), [format], "kept step of a map");
      return pack.head["subject"] === this.key ? pack : undefined;
    } catch (error) {
      if (isFault(error) || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      this.report(error);
      return undefined;
    }
  }

  keep(step: KeptStep, head: PackedHead, arrays: Readonly<Record<string, PackedArray>>): void {
    const { afterMs, mostStepBytes } = this.place;
    const size = Object.values(arrays).reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (this.isBroken || this.nowMs() - this.beganMs < afterMs || size > mostStepBytes) return;
    const path = this.pathOf(step);
    const partial = `${path}.${process.pid}.partial`;
    this.attempt(() => {
      pruneCheckpoints(this.place, this.nowMs(), { key: this.key, bytes: size });
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(partial, packArrays(format, { ...head, subject: this.key }, arrays), { mode: 0o600 });
      renameSync(partial, path);
    });
    if (this.isBroken) this.attempt(() => rmSync(partial, { force: true }));
    this.keptMs = this.nowMs();
  }

  isDue(): boolean {
    return !this.isBroken && this.nowMs() - this.keptMs >= this.place.everyMs;
  }

  finish(stays: readonly KeptStep[]): void {
    this.attempt(() => {
      if (stays.length === 0) rmSync(this.folder, { recursive: true, force: true });
      for (const step of steps) if (!stays.includes(step)) rmSync(this.pathOf(step), { force: true });
    });
  }

  /** What fails here costs nothing but the keeping; it is told once. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!this.isBroken) this.report(error);
      this.isBroken = true;
    }
  }

  private get folder(): string {
    return `${this.place.folder}/${this.key}`;
  }

  private pathOf(step: KeptStep): string {
    return `${this.folder}/${step}.bin`;
  }
}

/**
 * Removes what is too old, then the oldest of what is too much.
 *
 * @param coming  what is about to be written, and to which map, which stays
 */
export function pruneCheckpoints(
  { folder, oldestMs, mostMaps, mostBytes }: CheckpointPlace,
  nowMs: number,
  coming: { readonly key: string; readonly bytes: number } | null = null
): void {
  const kept = listKept(folder).sort((a, b) => b.changedMs - a.changedMs);
  let [bytes, maps] = [coming?.bytes ?? 0, coming ? 1 : 0];
  for (const map of kept) if (map.key === coming?.key) bytes += map.bytes;
  let isFull = false;
  for (const map of kept) {
    if (map.key === coming?.key) continue;
    isFull ||= maps + 1 > mostMaps || bytes + map.bytes > mostBytes;
    if (isFull || nowMs - map.changedMs > oldestMs) {
      rmSync(`${folder}/${map.key}`, { recursive: true, force: true });
      continue;
    }
    bytes += map.bytes;
    maps++;
  }
}

interface KeptMapFiles {
  readonly key: string;
  readonly bytes: number;
  readonly changedMs: number;
}

function listKept(folder: string): KeptMapFiles[] {
  return namesIn(folder).map((key) => {
    const files = namesIn(`${folder}/${key}`).flatMap((name) => {
      const stat = statSync(`${folder}/${key}/${name}`, { throwIfNoEntry: false });
      return stat ? [stat] : [];
    });
    return {
      key,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      changedMs: files.reduce((last, { mtimeMs }) => Math.max(last, mtimeMs), 0)
    };
  });
}

/** None where the folder is not there, or went while it was looked at. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** Stands for all that the kept steps come from, this program's loops among it. */
function subjectKey({ texts, seed, neighbours, given, start }: CheckpointSubject): string {
  const hash = createHash("sha256");
  const head = [format, process.version, seed, neighbours, texts.length, given?.model, given?.d, start?.length];
  hash.update(`${JSON.stringify(head)}\n`).update(kernelBytes());
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  if (given) hash.update(bytesOf(given.vectors));
  if (start) hash.update(bytesOf(start));
  return hash.digest("hex");
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
