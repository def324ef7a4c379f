import { sumLosses } from "../formats/document-reader.ts";
import type { FieldLoss, Imported } from "../formats/imported.ts";
import type { ImportFormat } from "../formats/record-formats.ts";
import { keepStorable } from "../formats/storable.ts";
import type { ImportedAnnotation, RunJudgement } from "../model/annotation.ts";
import type { Scope } from "../model/scope.ts";
import type { ScoreRecord } from "../model/score.ts";
import type { Span } from "../model/span.ts";
import type { Annotations } from "../ports/annotations.ts";
import type { Lake } from "../ports/lake.ts";
import { formatAnnotation } from "./format-annotation.ts";
import { ImportNotes } from "./import-notes.ts";
import { placeJudgements } from "./place-judgements.ts";

/** What an import did. */
export interface ImportSummary {
  readonly files: readonly {
    readonly name: string;
    readonly format: ImportFormat | "columns" | null;
    readonly traces: number;
    readonly spans: number;
  }[];
  readonly traces: number;
  readonly spans: number;
  readonly toolCalls: number;
  readonly scores: number;
  readonly spansAdded: number;
  readonly spansReplaced: number;
  readonly spansUnchanged: number;
  /** What people said of traces, and how much of it was not here before or not like that. */
  readonly annotations: number;
  readonly annotationsAdded: number;
  readonly annotationsChanged: number;
  /** Judgements that are kept until the runs they are of are imported. */
  readonly judgementsWaiting: number;
  /** Starts of the first and the last span, ms since 1970 UTC; null where there is none. */
  readonly startsMs: readonly [number, number] | null;
  /** What no column holds, by field of the source. */
  readonly losses: readonly FieldLoss[];
  /** Sentences about what came in and cannot be quite right: times that run backward, parents that did not come. */
  readonly notes: readonly string[];
  readonly rejected: number;
  /** The first hundred reasons. */
  readonly reasons: readonly string[];
}

/** Spans whose text together is about this long are appended at once. */
const batchCharacters = 16 * 2 ** 20;
const batchSpans = 20_000;
const reasonLimit = 100;

/** Counts, and hands what was read to the lake and the annotations in batches of bounded size. */
export class ImportTally {
  readonly #doors: { readonly lake: Lake; readonly annotations: Annotations };
  readonly #scope: Scope;
  readonly files: ImportSummary["files"][number][] = [];
  readonly traces = new Set<string>();
  readonly #reasons: string[] = [];
  readonly #notes = new ImportNotes();
  #losses: readonly FieldLoss[] = [];
  #spans: Span[] = [];
  #scores: ScoreRecord[] = [];
  #characters = 0;
  #annotations: ImportedAnnotation[] = [];
  readonly #judgements: RunJudgement[] = [];
  readonly #annotationCounts = { found: 0, added: 0, changed: 0, waiting: 0 };
  spans = 0;
  #toolCalls = 0;
  #scoreCount = 0;
  rejected = 0;
  #added = 0;
  #replaced = 0;
  #unchanged = 0;
  #startsMs: readonly [number, number] | null = null;

  constructor(doors: { readonly lake: Lake; readonly annotations: Annotations }, scope: Scope) {
    this.#doors = doors;
    this.#scope = scope;
  }

  /** Takes what one record of a file gave. */
  async take(imported: Imported, file: string): Promise<void> {
    const record = keepStorable(imported);
    for (const span of record.spans) {
      this.#spans.push(span);
      this.#notes.add(span);
      this.traces.add(span.traceId);
      const startMs = Number(span.startNs / 1_000_000n);
      const [first, last] = this.#startsMs ?? [startMs, startMs];
      this.#startsMs = [Math.min(first, startMs), Math.max(last, startMs)];
      this.#characters += (span.inputText?.length ?? 0) + (span.outputText?.length ?? 0) + 2000;
      if (span.kind === "tool") this.#toolCalls += 1;
    }
    this.spans += record.spans.length;
    this.#scores.push(...record.scores);
    this.#scoreCount += record.scores.length;
    this.#annotations.push(...(record.annotations ?? []));
    this.#judgements.push(...(record.judgements ?? []));
    this.rejected += record.rejected.length;
    if (record.losses) this.#losses = sumLosses([...this.#losses, ...record.losses]);
    this.#explain(record.rejected.map((reason) => `${file}: ${reason}`));
    if (this.#characters >= batchCharacters || this.#spans.length >= batchSpans) await this.write();
  }

  /** A file of a folder that is not looked into. */
  passOver(name: string): void {
    this.#notes.passOver(name);
  }

  #explain(reasons: readonly string[]): void {
    this.#reasons.push(...reasons.slice(0, reasonLimit - this.#reasons.length));
  }

  /** Writes what is held: spans first, so that nothing is said of what is not there. */
  async write(): Promise<void> {
    if (this.#spans.length > 0 || this.#scores.length > 0) {
      const summary = await this.#doors.lake.append(this.#scope, { spans: this.#spans, scores: this.#scores });
      this.#added += summary.spansAdded;
      this.#replaced += summary.spansReplaced;
      this.#unchanged += summary.spansUnchanged;
    }
    if (this.#annotations.length > 0) {
      const counts = await this.#doors.annotations.append(this.#scope, this.#annotations.map(formatAnnotation));
      this.#annotationCounts.found += this.#annotations.length;
      this.#annotationCounts.added += counts.added;
      this.#annotationCounts.changed += counts.changed;
    }
    this.#spans = [];
    this.#scores = [];
    this.#annotations = [];
    this.#characters = 0;
  }

  /**
   * Writes what is held and brings judgements to their runs: those that came now, and those that have waited for
   * runs of this unit. Killed in between it is done again by the next import.
   */
  async finish(businessUnit: string): Promise<void> {
    await this.write();
    const { lake, annotations } = this.#doors;
    const own = { ...this.#scope, businessUnits: [businessUnit] };
    const fresh = new Map(this.#judgements.map((judgement) => [identify(judgement), judgement]));
    const older = (await annotations.listWaiting(own)).filter((judgement) => !fresh.has(identify(judgement)));
    if (fresh.size + older.length === 0) return;
    const kernel = await lake.openKernel(own);
    try {
      const placed = await placeJudgements(kernel, [...fresh.values(), ...older]);
      this.#annotations.push(...placed.annotations);
      this.#scores.push(...placed.scores);
      this.#scoreCount += placed.scores.length;
      await this.write();
      await annotations.appendWaiting(this.#scope, placed.missing);
      await annotations.removeWaiting(this.#scope, placed.found);
      this.#annotationCounts.waiting = placed.missing.filter((judgement) => fresh.has(identify(judgement))).length;
      this.#explain(placed.reasons);
    } finally {
      await kernel.close();
    }
  }

  summary(): ImportSummary {
    return {
      files: this.files,
      traces: this.traces.size,
      spans: this.spans,
      toolCalls: this.#toolCalls,
      scores: this.#scoreCount,
      spansAdded: this.#added,
      spansReplaced: this.#replaced,
      spansUnchanged: this.#unchanged,
      annotations: this.#annotationCounts.found,
      annotationsAdded: this.#annotationCounts.added,
      annotationsChanged: this.#annotationCounts.changed,
      judgementsWaiting: this.#annotationCounts.waiting,
      startsMs: this.#startsMs,
      losses: this.#losses,
      notes: this.#notes.list(),
      rejected: this.rejected,
      reasons: this.#reasons
    };
  }
}

/** What makes two judgements the same, whenever they were imported. */
function identify({ source, run, step, key, said }: RunJudgement): string {
  return JSON.stringify([source, run, step, key, said]);
}
