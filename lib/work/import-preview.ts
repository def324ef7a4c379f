import type { ColumnMapping, ColumnUse } from "../formats/column-mapping.ts";
import { findColumn, isEmptyCell, listColumns } from "../formats/column-mapping-cells.ts";
import { suggestMapping } from "../formats/column-mapping-guess.ts";
import { MappedRows } from "../formats/column-mapping-rows.ts";
import { readNumber, tellEpochUnit } from "../formats/column-mapping-values.ts";
import { DocumentReader, type RecordReader, sumLosses } from "../formats/document-reader.ts";
import type { Fields } from "../formats/fields.ts";
import type { ImportContext, Imported } from "../formats/imported.ts";
import type { ImportFormat } from "../formats/record-formats.ts";
import { keepStorable } from "../formats/storable.ts";
import { addTableRoots, madeOfRows } from "../formats/table-roots.ts";
import { isFault } from "../model/fault.ts";
import type { Span } from "../model/span.ts";
import type { Clock } from "../ports/clock.ts";
import type { SourceFile, SourceFiles } from "../ports/source-files.ts";
import type { PreviewColumn, PreviewReply, PreviewTrace } from "../wire/import.ts";
import { isImportable, nameAgent, nameRunAgent } from "./import-traces.ts";

/** So much is looked at: records, characters of text, files. */
const limits = { records: 200, characters: 8 * 2 ** 20, files: 20, traces: 5, reasons: 10, samples: 3 };

/** What is to be looked at. */
export interface PreviewRequest {
  readonly path: string;
  readonly businessUnit: string;
  /** Null tells by content. */
  readonly format: ImportFormat | null;
  readonly environment: string | null;
  /** Null guesses it for records of no known format. */
  readonly mapping: ColumnMapping | null;
  /** Name for agents whose records give none; that of the file or folder without it. */
  readonly agent?: string;
}

/**
 * Reads the beginning of a file, or of the files of a folder, and says what an import would do. Nothing is kept.
 *
 * @throws Fault `missing` for a path that is not there
 */
export async function previewImport(
  doors: { readonly sources: SourceFiles; readonly clock: Clock },
  request: PreviewRequest
): Promise<PreviewReply> {
  const found = await doors.sources.list(request.path);
  const files = found.length > 1 ? found.filter(({ name }) => isImportable(name)) : found;
  const context = { businessUnit: request.businessUnit, environment: request.environment, nowMs: doors.clock.nowMs() };
  const agent = request.agent ?? nameAgent(request.path);
  const look = new Look(request, context, agent);
  for (const file of files.slice(0, limits.files)) {
    if (look.isFull) break;
    await look.open(file);
  }
  const { samples } = look;
  const guessed = suggestMapping(samples);
  const reasonOf = ({ target, column }: ColumnUse) =>
    guessed.find((use) => use.target === target && use.column === column)?.reason ?? null;
  const mapping = request.mapping?.map((use) => ({ ...use, reason: reasonOf(use) })) ?? guessed;
  const rows = mapping.length > 0 ? new MappedRows(mapping, context, agent) : null;
  const all = [...look.imported, ...(rows ? samples.map((record) => rows.read(record)) : [])].map(keepStorable);
  const spans = addTableRoots(all.flatMap((one) => one.spans));
  const rejected = all.flatMap((one) => one.rejected);
  return {
    files: look.files,
    fileCount: files.length,
    records: look.records,
    isAll: !look.isCut && look.files.length === files.length,
    columns: listColumns(samples).map((name) => describeColumn(name, samples)),
    mapping,
    needsMapping: request.mapping === null && samples.length > 0,
    traces: listTraces(spans, all),
    notes: rows ? listNotes(mapping, samples, spans) : [],
    losses: sumLosses(all.flatMap((one) => one.losses ?? [])),
    rejected: rejected.length,
    reasons: rejected.slice(0, limits.reasons)
  };
}

/** Reads beginnings of files, one after another, until enough is seen. */
class Look implements RecordReader {
  readonly name = null;
  readonly #request: PreviewRequest;
  readonly #context: ImportContext;
  readonly #mapped: MappedRows | null;
  readonly samples: Fields[] = [];
  readonly imported: Imported[] = [];
  readonly files: { readonly name: string; readonly format: ImportFormat | "columns" | null }[] = [];
  records = 0;
  #characters = 0;
  /** Whether a file was left before its end. */
  isCut = false;

  constructor(request: PreviewRequest, context: ImportContext, agent: string) {
    this.#request = request;
    this.#context = context;
    this.#mapped = request.mapping ? new MappedRows(request.mapping, context, agent) : null;
  }

  get isFull(): boolean {
    return this.records >= limits.records || this.#characters >= limits.characters;
  }

  claims(record: Fields): boolean {
    return this.#mapped?.claims(record) ?? false;
  }

  /** Keeps the record: what it means is read when there are enough to guess by. */
  read(record: Fields): Imported {
    this.samples.push(record);
    return { spans: [], scores: [], rejected: [] };
  }

  async open(file: SourceFile): Promise<void> {
    const agent = this.#request.agent ?? nameRunAgent(file);
    const reader = new DocumentReader(this.#context, agent, this.#request.format, this);
    const before = this.records;
    let wasCut = false;
    try {
      for await (const { text, losses = [], rejected = [] } of file.read()) {
        this.imported.push(...reader.push(text), { spans: [], scores: [], rejected, losses });
        this.records = before + reader.records;
        this.#characters += text.length;
        wasCut = this.isFull;
        if (wasCut) break;
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const why = isFault(error) ? error.message : `the file cannot be read to its end: ${error.message}`;
      this.imported.push({ spans: [], scores: [], rejected: [`${file.name}: ${why}`] });
    }
    const rest = reader.end();
    // What breaks off was only left before its end.
    this.imported.push(...rest.map((one) => (wasCut ? { ...one, rejected: [] } : one)));
    this.records = before + reader.records;
    this.isCut ||= wasCut;
    this.files.push({ name: file.name, format: reader.format });
  }
}

function describeColumn(name: string, samples: readonly Fields[]): PreviewColumn {
  const cells = samples.map((record) => findColumn(record, name)).filter((cell) => !isEmptyCell(cell));
  const texts = cells.map((cell) => (typeof cell === "string" ? cell : JSON.stringify(cell)));
  return {
    name,
    filled: cells.length,
    samples: [...new Set(texts)].slice(0, limits.samples).map((text) => clip(text, 80))
  };
}

function listTraces(spans: readonly Span[], all: readonly Imported[]): readonly PreviewTrace[] {
  const ids = [...new Set(spans.map(({ traceId }) => traceId))].slice(0, limits.traces);
  return ids.map((traceId) => {
    const own = spans.filter((span) => span.traceId === traceId);
    const root = own.find(({ parentSpanId }) => parentSpanId === null) ?? own[0]!;
    const asks = root.inputText ?? own.find(({ inputText }) => inputText !== null)?.inputText ?? null;
    const answers = root.outputText ?? own.findLast(({ outputText }) => outputText !== null)?.outputText ?? null;
    const scores = all.flatMap((one) => one.scores).filter((score) => score.traceId === traceId);
    return {
      traceId,
      name: root.name,
      agent: root.agent,
      model: own.find(({ model }) => model !== null)?.model ?? null,
      startedAtMs: Number(root.startNs / 1_000_000n),
      timesSynthesised: root.timeSource === "synthesised",
      spans: own.length,
      input: asks === null ? null : clip(asks, 300),
      output: answers === null ? null : clip(answers, 300),
      verdicts: [
        ...scores.map(({ scorer, score }) =>
          score.kind === "scored" ? `${scorer} ${Number(score.value.toFixed(3))}` : `${scorer}: ${score.reason}`
        ),
        ...all.flatMap((one) => one.annotations ?? []).flatMap((one) => (one.traceId === traceId ? [one.label] : []))
      ]
    };
  });
}

/** What is decided on the way, as sentences. */
function listNotes(mapping: ColumnMapping, samples: readonly Fields[], spans: readonly Span[]): readonly string[] {
  const cellsOf = (column: string) =>
    samples.map((record) => findColumn(record, column)).filter((c) => !isEmptyCell(c));
  const columnOf = (target: string) => mapping.find((use) => use.target === target)?.column;
  const notes: string[] = [];
  for (const target of ["started_at", "ended_at"]) {
    const column = columnOf(target);
    const numbers =
      column === undefined
        ? []
        : cellsOf(column)
            .map(readNumber)
            .filter((cell) => cell !== null);
    const units = [...new Set(numbers.map(tellEpochUnit))];
    if (units.length > 0)
      notes.push(`The numbers in "${column}" count ${units.join(" or ")} since 1970, by their size.`);
  }
  const rows = spans.filter(({ attributes }) => attributes[madeOfRows] !== true);
  const made = rows.filter(({ timeSource }) => timeSource === "synthesised").length;
  if (made > 0)
    notes.push(`${made} of ${rows.length} rows have no time: they get one a second apart, marked as made up.`);
  const ids = columnOf("trace_id");
  const derived = ids === undefined ? [] : cellsOf(ids).filter((cell) => !/^[0-9a-f-]{32,36}$/i.test(String(cell)));
  if (derived.length > 0)
    notes.push(`The ids in "${ids}" are no 32 hex digits: ours are derived from them, and they stay as an attribute.`);
  if (columnOf("span_id") === undefined)
    notes.push(
      ids === undefined
        ? "Each row is a trace of its own."
        : `Rows that share "${ids}" are one trace; each row is a step of it.`
    );
  return notes;
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
