import type { ImportedAnnotation, RunJudgement } from "../model/annotation.ts";
import type { ScoreRecord, SourceScore } from "../model/score.ts";
import type { Json } from "../model/span.ts";
import { readSpanId, readTraceId } from "./build-span.ts";
import { decodeJson } from "./decode-json.ts";
import { asJson, type Fields, isFields, parseInstantNs } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { buildImportedScore } from "./imported-score.ts";

/**
 * Where the judgements of a source say what: fields in the order in which they are asked, with dots for fields
 * within fields.
 */
export interface JudgementTable {
  readonly format: string;
  /** Words for who judged, by what the source calls it; any other is a program. */
  readonly raters: Readonly<Record<string, "human" | "judge">>;
  readonly key: readonly string[];
  readonly name: readonly string[];
  readonly value: readonly string[];
  readonly label: readonly string[];
  readonly reason: readonly string[];
  readonly rater: readonly string[];
  readonly origin: readonly string[];
  readonly at: readonly string[];
  readonly trace: readonly string[];
  /** The span's id at the source. */
  readonly span: readonly string[];
  /** Fields that go into a score's detail, or below the note of an annotation. */
  readonly more: readonly string[];
}

/** What a judgement is of where its record does not say so itself. */
export interface JudgedSpan {
  readonly traceId: string;
  readonly spanId: string | null;
  readonly atMs: number;
}

/**
 * Reads one judgement: of a person it is an annotation, of a program a score, whose source is named. One that names
 * a span and no trace is looked up.
 *
 * @param of  what it is of; null where its record says so
 */
export function readJudgement(
  row: Fields,
  table: JudgementTable,
  of: JudgedSpan | null,
  context: ImportContext
): Imported {
  const text = (paths: readonly string[]): string | null => {
    const found = firstOf(row, paths);
    return found === undefined || typeof found === "object" || found === "" ? null : String(found);
  };
  const name = text(table.name);
  if (name === null) return reject("a judgement has no name");
  const [trace, span] = [text(table.trace), text(table.span)];
  if (of === null && trace === null && span === null) {
    const whole = ["session_id", "dataset_run_id"].find((field) => text([field]) !== null);
    const why =
      whole === undefined ? "does not say which trace it is of" : `is of a whole ${whole.slice(0, -3)}, not of a trace`;
    return reject(`the judgement "${name.slice(0, 80)}" ${why}`);
  }
  const origin = text(table.origin);
  const by = table.raters[origin ?? ""] ?? "import";
  const rater = text(table.rater);
  const atNs = parseInstantNs(text(table.at));
  const atMs = atNs === null ? (of?.atMs ?? context.nowMs) : Number(atNs / 1_000_000n);
  const value = readValue(firstOf(row, table.value));
  const label = text(table.label);
  const reason = text(table.reason);
  const more = table.more.flatMap((path) => {
    const found = firstOf(row, [path]);
    return found === undefined ||
      found === "" ||
      (typeof found === "object" && Object.keys(found as object).length === 0)
      ? []
      : [[path, asJson(found)] as const];
  });
  const said: RunJudgement["said"] =
    by === "human"
      ? {
          kind: "annotation",
          label: nameLabel(name, label, value),
          note: [reason, ...more.map(([path, found]) => `${path}: ${formatValue(found)}`)].filter(Boolean).join("\n\n"),
          rater
        }
      : { kind: "score", score: asScore(name, value, label, reason, by, { table, origin, more }) };
  const key = text(table.key) ?? `${name}/${rater ?? ""}`;
  const shared = { businessUnit: context.businessUnit, source: table.format, key, atMs };
  if (of === null && trace === null)
    return { spans: [], scores: [], rejected: [], judgements: [{ ...shared, run: span!, step: null, said }] };
  const traceId = of?.traceId ?? readTraceId(trace!);
  const spanId = of === null ? (span === null || span === trace ? null : readSpanId(span)) : of.spanId;
  if (said.kind === "score") {
    const judged = { traceId, spanId: spanId ?? "", startNs: BigInt(atMs) * 1_000_000n };
    const scores: ScoreRecord[] = [buildImportedScore(said.score, judged, spanId === null, context)];
    return { spans: [], scores, rejected: [] };
  }
  const { kind: _, ...words } = said;
  const annotations: ImportedAnnotation[] = [{ ...shared, ...words, traceId, spanId }];
  return { spans: [], scores: [], rejected: [], annotations };
}

function asScore(
  name: string,
  value: Json,
  label: string | null,
  reason: string | null,
  source: "judge" | "import",
  from: {
    readonly table: JudgementTable;
    readonly origin: string | null;
    readonly more: readonly (readonly [string, Json])[];
  }
): SourceScore {
  const detail = { format: from.table.format, ...(from.origin === null ? {} : { source: from.origin }) };
  return { name, value, label, reason, source, detail: { ...detail, ...Object.fromEntries(from.more) } };
}

/** A number also where a table of texts writes it; null for what has parts. */
function readValue(given: unknown): Json {
  if (given === undefined || typeof given === "object") return null;
  if (typeof given !== "string" || given.trim() === "") return asJson(given);
  const number = Number(given);
  return Number.isFinite(number) ? number : given;
}

/** A person's word with the name of the question it answers, since both are free text at the source. */
function nameLabel(name: string, label: string | null, value: Json): string {
  const word = label ?? (value === null ? null : String(value));
  return word === null || word === "" ? name : `${name}: ${word}`;
}

function formatValue(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The first field that holds anything; a name with dots may be one field, or a field within a field. */
function firstOf(row: Fields, paths: readonly string[]): unknown {
  for (const path of paths) {
    const found = row[path] ?? path.split(".").reduce<unknown>(fieldOf, row) ?? null;
    if (found !== null) return found;
  }
  return undefined;
}

/** A field of an object, which a table of texts writes as JSON. */
function fieldOf(value: unknown, name: string): unknown {
  const decoded = typeof value === "string" ? decodeJson(value) : value;
  return isFields(decoded) ? decoded[name] : undefined;
}

const reject = (reason: string): Imported => ({ spans: [], scores: [], rejected: [reason] });
