import { hash } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Embedding } from "#lib/model/embedding.ts";
import type { Placement } from "#lib/model/placement.ts";
import type { ScoreRecord } from "#lib/model/score.ts";
import type { Span } from "#lib/model/span.ts";
import type { LakeTable, NewLakeFile } from "#lib/ports/catalog.ts";
import { formatEmbeddingRow } from "#lib/sql/embedding-columns.ts";
import { formatPlacementRow } from "#lib/sql/placement-columns.ts";
import { formatScoreRow, scoreIdentity } from "#lib/sql/score-columns.ts";
import { dayOf, formatTimestampMs } from "#lib/sql/span-columns.ts";
import { buildTracePart } from "#lib/sql/trace-part.ts";
import type { Attempt, Partition } from "./attempt.ts";
import { LineBuffer } from "./line-buffer.ts";
import { formatLine, spanLine } from "./span-line.ts";

/** Lines of one file that is about to be written. */
interface Lines extends Partition {
  readonly lines: LineBuffer;
  minStartMs: number;
  maxStartMs: number;
}

/** Digest of a verdict: equal means the same verdict again. */
export function scoreDigest(record: ScoreRecord): string {
  return hash("sha256", scoreIdentity(record)).slice(0, 32);
}

/** Files that are written side by side: the disk then syncs them together. */
const filesAtOnce = 8;

/** A span that was put into a batch. */
export interface WrittenSpan {
  readonly span: Span;
  /** See `spanLine`. */
  readonly digest: string;
  readonly characters: number;
}

/** Collects rows by table and partition, then writes each as one synced file. */
export class BatchWriter {
  readonly #files = new Map<string, Lines>();
  readonly #ingestedAtMs: number;
  #sequence: number;

  /** @param firstSequence  `ingest_seq` of the first span: the later wins */
  constructor(firstSequence: number, ingestedAtMs: number) {
    this.#sequence = firstSequence;
    this.#ingestedAtMs = ingestedAtMs;
  }

  /**
   * @param spans  spans of one trace and one unit
   * @param parts  `first_parts` where the lake has nothing else of the trace
   */
  addTrace(spans: readonly Span[], parts: "first_parts" | "trace_parts"): readonly WrittenSpan[] {
    const written = this.addSpans(spans);
    this.addPart(spans, parts);
    return written;
  }

  /** Only the spans. */
  addSpans(spans: readonly Span[]): readonly WrittenSpan[] {
    const written: WrittenSpan[] = [];
    const ingestedAt = formatTimestampMs(this.#ingestedAtMs);
    for (const span of spans) {
      const { members, digest } = spanLine(span);
      const kept = `,"ingest_seq":${this.#sequence++},"ingested_at":"${ingestedAt}","payload_sha256":"${digest}"}`;
      const startMs = Number(span.startNs / 1_000_000n);
      this.#linesOf("spans", span.businessUnit, dayOf(span.startNs), startMs).append("{", members, kept);
      written.push({ span, digest, characters: members.length });
    }
    return written;
  }

  /**
   * Only the part, for a trace whose spans are in the lake already, or were added before.
   *
   * @param isWhole  the spans are all that the trace has: the part stands for all that were written before it
   */
  addPart(spans: readonly Span[], parts: "first_parts" | "trace_parts", isWhole = false): void {
    const start = spans.reduce((least, { startNs }) => (startNs < least ? startNs : least), spans[0]!.startNs);
    const lines = this.#linesOf(parts, spans[0]!.businessUnit, dayOf(start), Number(start / 1_000_000n));
    const order = parts === "first_parts" ? {} : { part_seq: this.#sequence, is_whole: isWhole };
    lines.append(formatLine({ ...buildTracePart(spans), ...order }));
  }

  addScore(record: ScoreRecord): void {
    const lines = this.#linesOf("scores", record.businessUnit, record.day, Date.parse(record.day));
    lines.append(formatLine(formatScoreRow(record, scoreDigest(record))));
  }

  addPlacement(placement: Placement): void {
    const { businessUnit, day, startedAtMs } = placement;
    const row = formatPlacementRow(placement, this.#ingestedAtMs);
    this.#linesOf("placements", businessUnit, day, startedAtMs).append(JSON.stringify(row));
  }

  addEmbedding(embedding: Embedding): void {
    const { businessUnit, day } = embedding;
    const row = formatEmbeddingRow(embedding, this.#ingestedAtMs);
    this.#linesOf("embeddings", businessUnit, day, Date.parse(day)).append(JSON.stringify(row));
  }

  /**
   * Writes and syncs every file; none of them is part of the lake until the catalog says so.
   *
   * @throws the error of the operating system where the disk is full
   */
  async write(attempt: Attempt): Promise<NewLakeFile[]> {
    const files = [...this.#files.values()];
    const written: NewLakeFile[] = [];
    for (let start = 0; start < files.length; start += filesAtOnce) {
      const writes = files.slice(start, start + filesAtOnce).map((file) => writeLines(file, attempt));
      // All have ended before one that failed is reported: the attempt then knows every file that there is.
      for (const write of await Promise.allSettled(writes)) {
        if (write.status === "rejected") throw write.reason;
        written.push(write.value);
      }
    }
    return written;
  }

  #linesOf(table: LakeTable, businessUnit: string, day: string, startMs: number): LineBuffer {
    const key = `${table}/${businessUnit}/${day}`;
    let file = this.#files.get(key);
    if (!file) {
      file = { table, businessUnit, day, lines: new LineBuffer(), minStartMs: startMs, maxStartMs: startMs };
      this.#files.set(key, file);
    }
    file.minStartMs = Math.min(file.minStartMs, startMs);
    file.maxStartMs = Math.max(file.maxStartMs, startMs);
    return file.lines;
  }
}

async function writeLines(
  { table, businessUnit, day, lines, minStartMs, maxStartMs }: Lines,
  attempt: Attempt
): Promise<NewLakeFile> {
  const path = attempt.newPath({ table, businessUnit, day }, "ndjson");
  const bytes = await writeSynced(`${attempt.folder}/${path}`, lines);
  return { table, businessUnit, day, path, format: "ndjson", rows: lines.count, bytes, minStartMs, maxStartMs };
}

/** @returns the bytes written */
async function writeSynced(path: string, lines: LineBuffer): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx");
  let bytes = 0;
  try {
    // A disk that is nearly full takes a part of what it is given and reports no error: `writeFile` goes on
    // until everything is written, `write` would not.
    for (const piece of lines.pieces()) {
      await file.writeFile(piece);
      bytes += piece.byteLength;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
  return bytes;
}

/** Makes a folder's entries durable; a file whose folder is not synced can vanish with the power. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
