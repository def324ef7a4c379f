import { hash } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { ScoreRecord } from "#lib/model/score.ts";
import type { Span } from "#lib/model/span.ts";
import type { LakeTable, NewLakeFile } from "#lib/ports/catalog.ts";
import { formatScoreRow, scoreIdentity } from "#lib/sql/score-columns.ts";
import { dayOf, formatSpanRow } from "#lib/sql/span-columns.ts";
import { buildTracePart } from "#lib/sql/trace-part.ts";
import type { Attempt, Partition } from "./attempt.ts";

/** Lines of one file that is about to be written. */
interface Lines extends Partition {
  readonly lines: string[];
  minStartMs: number;
  maxStartMs: number;
}

const sha256 = (text: string): string => hash("sha256", text);

/** Digest of all that the lake keeps of a span: equal means the same span again. */
export function spanDigest(span: Span): string {
  return rowDigest(formatSpanRow(span));
}

/** The readable texts follow from what they are read from, and would double what is digested. */
function rowDigest(row: Readonly<Record<string, unknown>>): string {
  const derived = {
    ...(row.input === undefined ? {} : { input_text: undefined }),
    ...(row.output === undefined ? {} : { output_text: undefined })
  };
  return sha256(formatLine({ ...row, ...derived }));
}

/**
 * A row as a line of a batch. Half of a character, such as a text has that was cut in the middle of an emoji,
 * makes a file unreadable for the engine: it becomes U+FFFD. In columns that hold JSON it is an escape, and stays.
 */
function formatLine(row: object): string {
  if (isWellFormed(row)) return JSON.stringify(row);
  return JSON.stringify(row, (_, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  return typeof value !== "object" || value === null || Object.values(value).every(isWellFormed);
}

/** Digest of a verdict: equal means the same verdict again. */
export function scoreDigest(record: ScoreRecord): string {
  return sha256(scoreIdentity(record)).slice(0, 32);
}

/** Files that are written side by side: the disk then syncs them together. */
const filesAtOnce = 8;

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
  addTrace(spans: readonly Span[], parts: "first_parts" | "trace_parts"): void {
    const ingestedAt = new Date(this.#ingestedAtMs).toISOString().slice(0, 23).replace("T", " ");
    for (const span of spans) {
      const row = formatSpanRow(span);
      const line = formatLine({
        ...row,
        ingest_seq: this.#sequence++,
        ingest_key_id: null,
        ingested_at: ingestedAt,
        payload_sha256: rowDigest(row)
      });
      this.#add("spans", span.businessUnit, dayOf(span.startNs), Number(span.startNs / 1_000_000n), line);
    }
    this.addPart(spans, parts);
  }

  /** Only the part, for a trace whose spans are in the lake already. */
  addPart(spans: readonly Span[], parts: "first_parts" | "trace_parts"): void {
    const start = spans.reduce((least, { startNs }) => (startNs < least ? startNs : least), spans[0]!.startNs);
    this.#add(
      parts,
      spans[0]!.businessUnit,
      dayOf(start),
      Number(start / 1_000_000n),
      formatLine(buildTracePart(spans))
    );
  }

  addScore(record: ScoreRecord): void {
    this.#add(
      "scores",
      record.businessUnit,
      record.day,
      Date.parse(record.day),
      formatLine(formatScoreRow(record, scoreDigest(record)))
    );
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

  #add(table: LakeTable, businessUnit: string, day: string, startMs: number, line: string): void {
    const key = `${table}/${businessUnit}/${day}`;
    const file = this.#files.get(key) ?? {
      table,
      businessUnit,
      day,
      lines: [],
      minStartMs: startMs,
      maxStartMs: startMs
    };
    file.lines.push(line);
    file.minStartMs = Math.min(file.minStartMs, startMs);
    file.maxStartMs = Math.max(file.maxStartMs, startMs);
    this.#files.set(key, file);
  }
}

async function writeLines(
  { table, businessUnit, day, lines, minStartMs, maxStartMs }: Lines,
  attempt: Attempt
): Promise<NewLakeFile> {
  const path = attempt.newPath({ table, businessUnit, day }, "ndjson");
  const bytes = await writeSynced(`${attempt.folder}/${path}`, lines);
  return { table, businessUnit, day, path, format: "ndjson", rows: lines.length, bytes, minStartMs, maxStartMs };
}

/** @returns the bytes written */
async function writeSynced(path: string, lines: readonly string[]): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx");
  let bytes = 0;
  // A disk that is nearly full takes a part of what it is given and reports no error: `writeFile` goes on
  // until everything is written, `write` would not.
  const write = async (text: string) => {
    const buffer = Buffer.from(text);
    await file.writeFile(buffer);
    bytes += buffer.byteLength;
  };
  try {
    let pending = "";
    for (const line of lines) {
      pending += `${line}\n`;
      if (pending.length > 1 << 20) {
        await write(pending);
        pending = "";
      }
    }
    if (pending !== "") await write(pending);
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
