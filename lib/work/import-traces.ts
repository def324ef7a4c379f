import type { ColumnMapping } from "../formats/column-mapping.ts";
import { MappedRows } from "../formats/column-mapping-rows.ts";
import { DocumentReader } from "../formats/document-reader.ts";
import type { ImportFormat } from "../formats/record-formats.ts";
import { Fault } from "../model/fault.ts";
import { isBusinessUnit, type Scope } from "../model/scope.ts";
import type { Annotations } from "../ports/annotations.ts";
import type { Audit } from "../ports/audit.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lake } from "../ports/lake.ts";
import type { SourceFile, SourceFiles } from "../ports/source-files.ts";
import { type ImportSummary, ImportTally } from "./import-tally.ts";

/** What to import, and as whose. */
export interface ImportRequest {
  readonly path: string;
  readonly businessUnit: string;
  /** Null tells by content. */
  readonly format: ImportFormat | null;
  readonly environment: string | null;
  /** Which columns are what; records that have none of them are read as their format says. */
  readonly mapping?: ColumnMapping | null;
  /** Name for agents whose records give none; without it that of the file or folder, of recorded runs their folder's. */
  readonly agent?: string;
}

/** How far an import is. */
export interface ImportProgress {
  readonly file: string;
  readonly readBytes: number;
  readonly totalBytes: number;
  readonly traces: number;
  readonly spans: number;
}

/**
 * Imports a file or all files of a folder. What the lake has already is left as it is, so an import that
 * was killed is simply run again.
 *
 * @throws Fault `invalid` for a unit that cannot be one, `missing` for a path that is not there,
 *         `limit` "stopped" when aborted: what was appended until then stays
 */
export async function importTraces(
  doors: {
    readonly lake: Lake;
    readonly annotations: Annotations;
    readonly sources: SourceFiles;
    readonly clock: Clock;
    /** Without it, nobody is told who brought what in. */
    readonly audit?: Pick<Audit, "record">;
  },
  scope: Scope,
  request: ImportRequest,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal
): Promise<ImportSummary> {
  if (!isBusinessUnit(request.businessUnit)) {
    throw new Fault("invalid", `"${request.businessUnit}" cannot be a business unit`, {
      hint: "Use 1 to 63 lower-case letters, digits and dashes."
    });
  }
  const files = await doors.sources.list(request.path);
  const tally = new ImportTally(doors, scope);
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let doneBytes = 0;
  for (const file of files) {
    if (files.length > 1 && !isImportable(file.name)) {
      tally.passOver(file.name);
      continue;
    }
    await importFile(file, request, doors.clock, tally, signal, (readBytes) =>
      onProgress({
        file: file.name,
        readBytes: doneBytes + readBytes,
        totalBytes,
        traces: tally.traces.size,
        spans: tally.spans
      })
    );
    doneBytes += file.sizeBytes;
  }
  await tally.finish(request.businessUnit);
  await doors.lake.flush();
  const summary = tally.summary();
  await doors.audit?.record(scope, {
    action: "trace.import",
    object: { kind: "import", id: doors.clock.newId() },
    units: [request.businessUnit],
    facts: { files: files.length, traces: summary.traces, spans: summary.spans, annotations: summary.annotations },
    title: files.length === 1 ? files[0]!.name : undefined
  });
  return summary;
}

/** True for a file of a folder that is looked into; one that is named itself always is. */
export function isImportable(name: string): boolean {
  return /\.(jsonl?|ndjson|csv|tsv|parquet)(\.gz)?$/i.test(name);
}

/** What agents are called whose rows give no name: as the file or folder that is imported. */
export function nameAgent(path: string): string {
  const last = path.split("/").filter(Boolean).at(-1);
  return last?.replace(/(\.\w+)+$/, "") || "agent";
}

/** Folders whose names say nothing of what lies in them. */
const plainFolders = /^(|tmp|temp|data|downloads?|desktop|documents|exports?|files|inputs?|logs?|traces?|root|home)$/i;

/**
 * What the agent of recorded runs is called whose format gives no name: as the folder that they lie in, so that a
 * file by itself and its whole folder say the same; as the file where that folder's name says nothing.
 */
export function nameRunAgent({ name, folder }: Pick<SourceFile, "name" | "folder">): string {
  return nameAgent(plainFolders.test(folder) ? name : folder);
}

async function importFile(
  file: SourceFile,
  request: ImportRequest,
  clock: Clock,
  tally: ImportTally,
  signal: AbortSignal,
  onRead: (readBytes: number) => void
): Promise<void> {
  const context = { businessUnit: request.businessUnit, environment: request.environment, nowMs: clock.nowMs() };
  const rowAgent = request.agent ?? nameAgent(request.path);
  const own = request.mapping ? new MappedRows(request.mapping, context, rowAgent) : null;
  const reader = new DocumentReader(context, request.agent ?? nameRunAgent(file), request.format, own);
  const before = { traces: tally.traces.size, spans: tally.spans };
  const rejectedBefore = tally.rejected;
  try {
    for await (const { text, readBytes, losses = [], rejected = [] } of file.read()) {
      if (signal.aborted)
        throw new Fault("limit", "stopped", { hint: "What was imported until now stays; run it again for the rest." });
      for (const record of reader.push(text)) await tally.take(record, file.name);
      if (losses.length + rejected.length > 0) await tally.take({ spans: [], scores: [], rejected, losses }, file.name);
      onRead(readBytes);
    }
  } catch (error) {
    if (error instanceof Fault && error.code !== "broken") throw error;
    // A damaged archive costs its own rest, not the other files.
    await tally.take(
      {
        spans: [],
        scores: [],
        rejected: [
          error instanceof Fault
            ? [error.message, error.hint].filter(Boolean).join(". ")
            : `the file cannot be read to its end: ${error instanceof Error ? error.message : String(error)}`
        ]
      },
      file.name
    );
  }
  for (const record of reader.end()) await tally.take(record, file.name);
  if (reader.format === null && tally.rejected === rejectedBefore)
    await tally.take({ spans: [], scores: [], rejected: ["the file holds no records"] }, file.name);
  tally.files.push({
    name: file.name,
    format: reader.format,
    traces: tally.traces.size - before.traces,
    spans: tally.spans - before.spans
  });
}
