import type { ImportedAnnotation } from "../model/annotation.ts";
import type { ScoreRecord } from "../model/score.ts";
import type { Json, Span, SpanKind, SpanStatus } from "../model/span.ts";
import { buildSpan, readSpanId, readTraceId } from "./build-span.ts";
import type { ColumnMapping, ColumnTarget, ColumnUse } from "./column-mapping.ts";
import { findColumn, hasColumn, isEmptyCell, withoutColumns } from "./column-mapping-cells.ts";
import { readInstant, readKind, readNumber, readStatus, readVerdict } from "./column-mapping-values.ts";
import type { RecordReader } from "./document-reader.ts";
import { asJson, type Fields } from "./fields.ts";
import type { FieldLoss, ImportContext, Imported } from "./imported.ts";
import { buildImportedScore } from "./imported-score.ts";
import { deriveId, synthesisedStartNs } from "./run-spans.ts";

/** Targets that are carried into columns by way of the attribute whose meaning they have. */
const attributeOf: Readonly<Record<string, string>> = {
  agent: "gen_ai.agent.name",
  session_id: "gen_ai.conversation.id",
  user_id: "user.id",
  model: "gen_ai.response.model",
  tool_name: "gen_ai.tool.name",
  input: "input.value",
  output: "output.value"
};

/** Kinds by the word under which the rules of attributes know how their input and output is read. */
const toldAs: Partial<Record<SpanKind, string>> = { workflow: "chain", memory: "chain", plan: "chain", other: "chain" };

/** A longer text is no label, in characters; it stays an attribute. */
const labelLimit = 200;

/** One row that is being read: what it said that no column can hold is noted on the way. */
interface Row {
  readonly record: Fields;
  /** 0-based, in its file. */
  readonly index: number;
  readonly losses: FieldLoss[];
  /** Columns whose cell could not be read as what it was mapped to. */
  readonly unread: Set<string>;
}

/**
 * Reads the rows of one file by a mapping. A row becomes a span: with a span id it is that step, otherwise it is
 * a step of its own, known by its content, so that the same row comes in once however often it is imported.
 * Rows of one trace id are one trace; a row without one is a trace of its own. Ids that are not hex are derived
 * from what is written. Times that are missing are made up a second apart and marked as such.
 */
export class MappedRows implements RecordReader {
  readonly name = "columns";
  readonly #uses: ReadonlyMap<ColumnTarget, ColumnUse>;
  readonly #columns: readonly string[];
  readonly #context: ImportContext;
  readonly #agent: string;
  readonly #traces = new Set<string>();
  readonly #steps = new Set<string>();
  /** How often the same row came, by its digest. */
  readonly #rows = new Map<string, number>();
  #index = 0;

  /** @param agent  name for agents whose rows give none */
  constructor(mapping: ColumnMapping, context: ImportContext, agent: string) {
    this.#uses = new Map(mapping.map((use) => [use.target, use]));
    this.#columns = mapping.map(({ column }) => column);
    this.#context = context;
    this.#agent = agent;
  }

  /** True for a row that has all of the mapped columns: then they are meant, whatever else it may look like. */
  claims(record: Fields): boolean {
    return this.#columns.every((column) => hasColumn(record, column));
  }

  /** The row as a span, or the reason why it is none; never throws. */
  read(record: Fields): Imported {
    const row: Row = { record, index: this.#index, losses: [], unread: new Set() };
    this.#index += 1;
    if (!this.#columns.some((column) => hasColumn(record, column))) {
      const names = Object.keys(record).slice(0, 8).join(", ") || "no fields";
      return {
        spans: [],
        scores: [],
        rejected: [`row ${row.index + 1} has none of the mapped columns: it has ${names}`]
      };
    }
    const written = this.#text(row, "span_id");
    const sourceTrace = this.#text(row, "trace_id");
    const identity = written === null || sourceTrace === null ? this.#identify(record) : "";
    const traceId = sourceTrace === null ? deriveId(`row/${identity}`, 32) : readTraceId(sourceTrace);
    const spanId = written === null ? deriveId(`${traceId}/row/${identity}`, 16) : readSpanId(written);
    if (written !== null) {
      const step = `${traceId}/${spanId}`;
      if (this.#steps.has(step)) {
        const reason = `row ${row.index + 1} repeats the span id "${written.slice(0, 80)}" of its trace`;
        return { spans: [], scores: [], rejected: [reason] };
      }
      this.#steps.add(step);
    }
    if (sourceTrace !== null && readTraceId(sourceTrace) !== sourceTrace.toLowerCase().replaceAll("-", ""))
      this.#miss(row, "trace_id");
    for (const { target, column } of this.#uses.values())
      if (target.startsWith("label:") && labelOf(findColumn(record, column)).length > labelLimit)
        this.#miss(row, target);
    const span = this.#span(row, traceId, spanId, written);
    const isOfTrace = span.parentSpanId === null && !this.#traces.has(traceId);
    this.#traces.add(traceId);
    return {
      spans: [span],
      scores: this.#scores(row, span, isOfTrace),
      annotations: this.#annotations(row, span, isOfTrace),
      rejected: [],
      losses: row.losses
    };
  }

  #span(row: Row, traceId: string, spanId: string, written: string | null): Span {
    const parent = this.#text(row, "parent_span_id");
    const kind = this.#value<SpanKind>(row, "kind", readKind) ?? this.#guessKind(row, written);
    const attributes: Record<string, Json> = { "openinference.span.kind": toldAs[kind] ?? kind };
    for (const [target, name] of Object.entries(attributeOf)) {
      const cell = this.#cell(row, target as ColumnTarget);
      if (cell !== undefined) attributes[name] = asJson(cell);
    }
    if (kind === "agent" && parent === null) attributes["gen_ai.agent.name"] ??= this.#agent;
    const times = this.#times(row);
    const built = buildSpan(
      {
        traceId,
        spanId,
        sourceSpanId: written === null || spanId === written ? null : written,
        parentSpanId: parent === null ? null : readSpanId(parent),
        name: this.#text(row, "name") ?? this.#nameSpan(row, kind),
        startNs: times.startNs,
        endNs: times.endNs,
        status: this.#value<SpanStatus>(row, "status", readStatus),
        statusMessage: null,
        attributes,
        events: [],
        links: [],
        resource: {},
        scopeName: null,
        scopeVersion: null,
        schemaUrl: null,
        source: "columns",
        sourceProject: null
      },
      this.#context
    );
    const costUsd = this.#amount(row, "cost_usd");
    return {
      ...built,
      kind,
      timeSource: times.reported ? "reported" : "synthesised",
      environment: this.#context.environment ?? this.#text(row, "environment"),
      inputTokens: this.#count(row, "tokens_in"),
      outputTokens: this.#count(row, "tokens_out"),
      costUsd,
      costSource: costUsd === null ? null : "reported",
      attributes: this.#rest(row, built.attributes)
    };
  }

  /** Columns that nothing holds, and cells that could not be read, under their own names. */
  #rest(row: Row, kept: Readonly<Record<string, Json>>): Record<string, Json> {
    const held = this.#columns.filter((column) => !row.unread.has(column));
    const rest = withoutColumns(row.record, held).filter(([, value]) => !isEmptyCell(value));
    for (const [field] of rest) if (!row.unread.has(field)) row.losses.push({ field, fate: "attribute", count: 1 });
    return Object.fromEntries([
      ...Object.entries(kept),
      ...rest.map(([name, value]) => [name, asJson(value)] as const)
    ]);
  }

  #times(row: Row): { readonly startNs: bigint; readonly endNs: bigint; readonly reported: boolean } {
    const started = this.#value(row, "started_at", readInstant);
    const ended = this.#value(row, "ended_at", readInstant);
    const durationMs = this.#amount(row, "duration_ms");
    // A duration of centuries is none; what is left fits the lake's years beside any instant.
    const lasted = durationMs === null || durationMs > 1e12 ? 0n : BigInt(Math.round(durationMs * 1e6));
    const startNs = started ?? (ended === null ? null : ended - lasted);
    if (startNs !== null) return { startNs, endNs: ended ?? startNs + lasted, reported: true };
    const made = synthesisedStartNs + BigInt(row.index) * 1_000_000_000n;
    return { startNs: made, endNs: made + lasted, reported: false };
  }

  /** A verdict is on the trace where its first row gives it, on the row's span where a later one does. */
  #scores(row: Row, span: Span, isOfTrace: boolean): ScoreRecord[] {
    return [...this.#uses.values()].flatMap((use) => {
      const cell = use.target.startsWith("score:") ? findColumn(row.record, use.column) : undefined;
      if (isEmptyCell(cell)) return [];
      const verdict = readVerdict(cell);
      const { range } = use;
      const value = typeof verdict === "number" && range ? (verdict - range[0]) / (range[1] - range[0]) : verdict;
      const label = verdict === null && typeof cell === "string" ? cell : null;
      const given = { name: use.target.slice("score:".length), label, reason: null, source: "import" as const };
      const record = buildImportedScore({ ...given, value }, span, isOfTrace, this.#context);
      const isAsWritten = typeof cell === "number" && !range;
      return [
        isAsWritten ? record : { ...record, detail: { written: asJson(cell), range: range ? [...range] : null } }
      ];
    });
  }

  /** Labels as people's: `intent: refund` for a column that is mapped to `label:intent`. */
  #annotations(row: Row, span: Span, isOfTrace: boolean): ImportedAnnotation[] {
    return [...this.#uses.values()].flatMap(({ target, column }) => {
      const cell = target.startsWith("label:") ? findColumn(row.record, column) : undefined;
      if (isEmptyCell(cell) || row.unread.has(column)) return [];
      const name = target.slice("label:".length);
      return [
        {
          traceId: span.traceId,
          spanId: isOfTrace ? null : span.spanId,
          businessUnit: this.#context.businessUnit,
          label: `${name}: ${labelOf(cell)}`,
          note: "",
          rater: null,
          source: "columns",
          key: name,
          atMs: Number(span.startNs / 1_000_000n)
        }
      ];
    });
  }

  #guessKind(row: Row, written: string | null): SpanKind {
    if (this.#text(row, "tool_name") !== null) return "tool";
    if (written === null) return "agent";
    const spent = [this.#text(row, "model"), this.#count(row, "tokens_in"), this.#count(row, "tokens_out")];
    return spent.some((value) => value !== null) ? "llm" : "chain";
  }

  #nameSpan(row: Row, kind: SpanKind): string {
    if (kind === "tool") return this.#text(row, "tool_name") ?? "tool";
    if (kind === "llm") return `chat ${this.#text(row, "model") ?? "model"}`;
    return this.#text(row, "agent") ?? this.#agent;
  }

  /** Which row this is among all that could come: its content, and how many of the same came before it. */
  #identify(record: Fields): string {
    const digest = deriveId(JSON.stringify(record), 32);
    const before = this.#rows.get(digest) ?? 0;
    this.#rows.set(digest, before + 1);
    return before === 0 ? digest : `${digest}/${before}`;
  }

  #cell(row: Row, target: ColumnTarget): unknown {
    const use = this.#uses.get(target);
    const cell = use === undefined ? undefined : findColumn(row.record, use.column);
    return isEmptyCell(cell) ? undefined : cell;
  }

  #text(row: Row, target: ColumnTarget): string | null {
    return this.#value(row, target, (cell) => {
      if (!["string", "number", "boolean"].includes(typeof cell)) return null;
      return String(cell).trim() || null;
    });
  }

  #count(row: Row, target: ColumnTarget): number | null {
    const found = this.#amount(row, target);
    return found === null ? null : Math.round(found);
  }

  #amount(row: Row, target: ColumnTarget): number | null {
    return this.#value(row, target, (cell) => {
      const found = readNumber(cell);
      return found === null || found < 0 || found > Number.MAX_SAFE_INTEGER ? null : found;
    });
  }

  /** What `read` makes of the target's cell; one that it cannot read is kept as an attribute and said to be. */
  #value<T>(row: Row, target: ColumnTarget, read: (cell: unknown) => T | null): T | null {
    const cell = this.#cell(row, target);
    const found = cell === undefined ? null : read(cell);
    if (cell !== undefined && found === null) this.#miss(row, target);
    return found;
  }

  #miss(row: Row, target: ColumnTarget): void {
    const column = this.#uses.get(target)?.column;
    if (column === undefined || row.unread.has(column)) return;
    row.unread.add(column);
    row.losses.push({ field: `${column} (no ${target} as written)`, fate: "attribute", count: 1 });
  }
}

function labelOf(cell: unknown): string {
  return typeof cell === "string" ? cell.trim() : (JSON.stringify(cell) ?? "");
}
