import { wilsonInterval } from "#lib/math/wilson.ts";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { Score, ScoreRecord, ScoreSummary } from "#lib/model/score.ts";
import type { CompiledScorer } from "#lib/ports/compiler.ts";
import type { LoadColumn } from "#lib/ports/kernel.ts";
import type { SandboxVerdict } from "#lib/ports/sandbox.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { parseScoreSettings } from "#lib/workbook/cell-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { type CellContext, type CellOutcome, refuseTooLong } from "./cell-context.ts";
import { requireTraces } from "./cohort.ts";

/** Traces handed to the sandbox at once. */
const frameTraces = 50;

/** Score records handed to the lake at once. */
const recordBatch = 50_000;

interface Scored {
  readonly traceId: string;
  readonly businessUnit: string;
  readonly day: string;
  readonly startedAtMs: number;
}

/** Compiles a scorer cell; complaints of the type checker are notes. */
export async function runScorerCell(context: CellContext): Promise<CellOutcome> {
  const { compiler } = context.doors;
  const { version } = await compiler.compile(context.cell.text);
  const complaints = await compiler.diagnose(context.cell.text);
  const notes = complaints.map(
    ({ message, position }) => `line ${position.line}, column ${position.column}: ${message}`
  );
  return { result: { kind: "scorer", version }, notes };
}

/**
 * Runs a score cell: every trace of the chosen table through the scorer, the verdicts into the table
 * named like the cell and, for a run that is kept, into the lake.
 */
export async function runScoreCell(context: CellContext): Promise<CellOutcome> {
  const { kernel, cell, signal, doors, limits } = context;
  const settings = parseScoreSettings(cell.text);
  const traces = await requireTraces(context, settings.traces);
  const compiled = await compileScorer(context, settings.scorer);
  const [counted] = await kernel.rows(`select count(distinct trace_id) as n from ${traces}`, {}, 1, signal);
  const total = Number(counted?.["n"] ?? 0);
  const scored: Scored[] = [];
  const verdicts: SandboxVerdict[] = [];
  context.progress({ done: 0, total, step: "scoring" });
  const session = await doors.sandbox.open(compiled, {
    callTimeoutMs: limits.scorerTimeoutMs,
    memoryBytes: limits.scorerMemoryBytes
  });
  try {
    for await (const part of session.score(readDocuments(context, traces, scored), signal)) {
      verdicts.push(...part);
      context.progress({ done: verdicts.length, total, step: "scoring" });
    }
  } finally {
    await session.close();
  }
  if (signal.aborted) throw new Fault("limit", "stopped");
  if (verdicts.length !== scored.length) {
    throw new Fault("broken", `the sandbox gave ${verdicts.length} verdicts for ${scored.length} traces`);
  }
  const info = await loadVerdicts(context, settings.scorer, compiled.version, scored, verdicts);
  await refuseTooLong(context, info);
  if (context.runId !== null) await keepScores(context, settings.scorer, compiled.version, scored, verdicts);
  return {
    result: {
      kind: "scores",
      table: info.name,
      columns: info.columns,
      rows: info.rows,
      scorer: settings.scorer,
      scorerVersion: compiled.version,
      summary: summarise(verdicts.map(({ score }) => score))
    },
    notes: notesOf(total, verdicts)
  };
}

/** Scores of many traces reduced; the interval is Wilson's, over those that were judged pass or fail. */
export function summarise(scores: readonly Score[]): ScoreSummary {
  const judged = scores.filter((score) => score.kind === "scored");
  const passes = judged.filter(({ pass }) => pass === true).length;
  const decided = judged.filter(({ pass }) => pass !== null).length;
  const sum = judged.reduce((total, { value }) => total + value, 0);
  return {
    n: judged.length,
    unscored: scores.length - judged.length,
    passes,
    mean: judged.length > 0 ? sum / judged.length : null,
    interval: wilsonInterval(passes, decided)
  };
}

async function compileScorer(context: CellContext, name: string): Promise<CompiledScorer> {
  const own = context.workbook.cells.find((cell) => cell.kind === "scorer" && nameKey(cell.key) === nameKey(name));
  const source = own?.text ?? (await context.doors.findScorer(name));
  if (source === undefined) {
    throw new Fault("missing", `cell "${context.cell.key}" names the scorer "${name}", which is nowhere`, {
      hint: "Write it as a scorer cell of this workbook, or as a file of scorers/."
    });
  }
  try {
    return await context.doors.compiler.compile(source);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault(error.code, `scorer "${name}" does not compile: ${error.message}`, {
      cause: error,
      hint: error.hint
    });
  }
}

/** The documents of the chosen traces in the order of their start, a frame at a time; says what each is in `scored`. */
async function* readDocuments(
  context: CellContext,
  traces: string,
  scored: Scored[]
): AsyncGenerator<readonly string[]> {
  const sql = `select d.trace_id, d.business_unit, strftime(t.date, '%Y-%m-%d') as day,
      epoch_ms(t.started_at) as started_ms, d.document
    from trace_documents d join traces t on t.trace_id = d.trace_id and t.business_unit = d.business_unit
    where d.trace_id in (select trace_id from ${traces}) order by t.started_at, d.trace_id`;
  for await (const rows of context.kernel.stream(sql, {}, context.signal)) {
    for (let start = 0; start < rows.length; start += frameTraces) {
      const frame = rows.slice(start, start + frameTraces);
      for (const row of frame) {
        scored.push({
          traceId: String(row["trace_id"]),
          businessUnit: String(row["business_unit"]),
          day: String(row["day"]),
          startedAtMs: Number(row["started_ms"])
        });
      }
      yield frame.map((row) => String(row["document"]));
    }
  }
}

async function loadVerdicts(
  context: CellContext,
  scorer: string,
  version: string,
  scored: readonly Scored[],
  verdicts: readonly SandboxVerdict[]
) {
  const pick = <T>(name: string, type: LoadColumn["type"], read: (score: Score) => T | null): LoadColumn =>
    ({ name, type, values: verdicts.map(({ score }) => read(score)) }) as unknown as LoadColumn;
  const text = (name: string, read: (score: Score) => string | null) => pick(name, "VARCHAR", read);
  const raw = `${context.cell.key}__verdicts`;
  const columns: readonly LoadColumn[] = [
    { name: "trace_id", type: "VARCHAR", values: scored.map(({ traceId }) => traceId) },
    { name: "business_unit", type: "VARCHAR", values: scored.map(({ businessUnit }) => businessUnit) },
    { name: "date", type: "VARCHAR", values: scored.map(({ day }) => day) },
    { name: "started_at", type: "TIMESTAMP", values: scored.map(({ startedAtMs }) => startedAtMs) },
    pick("value", "DOUBLE", (score) => (score.kind === "scored" ? score.value : null)),
    pick("pass", "BOOLEAN", (score) => (score.kind === "scored" ? score.pass : null)),
    text("label", (score) => (score.kind === "scored" ? score.label : null)),
    text("reason", (score) => score.reason),
    text("status", (score) => (score.kind === "scored" ? "ok" : score.status)),
    text("evidence", (score) => (score.kind === "scored" ? JSON.stringify(score.evidence) : null)),
    text("scorer", () => scorer),
    text("scorer_version", () => version),
    { name: "duration_ms", type: "DOUBLE", values: verdicts.map(({ durationMs }) => durationMs) }
  ];
  await context.kernel.load(raw, columns);
  const info = await context.kernel.materialise(
    context.cell.key,
    `select * replace (date::date as date) from ${quoteName(raw)}`,
    {},
    context.signal
  );
  await context.kernel.drop(raw);
  return info;
}

async function keepScores(
  context: CellContext,
  scorer: string,
  scorerVersion: string,
  scored: readonly Scored[],
  verdicts: readonly SandboxVerdict[]
): Promise<void> {
  const scoredAtMs = context.doors.clock.nowMs();
  const records = verdicts.map(({ score, durationMs }, index): ScoreRecord => {
    const { traceId, businessUnit, day } = scored[index]!;
    return {
      traceId,
      spanId: null,
      businessUnit,
      day,
      scorer,
      scorerVersion,
      source: "scorer",
      score,
      durationMs,
      costUsd: null,
      runId: context.runId,
      samplingProbability: 1,
      scoredAtMs,
      detail: null
    };
  });
  for (let start = 0; start < records.length; start += recordBatch) {
    await context.doors.lake.append(context.scope, { spans: [], scores: records.slice(start, start + recordBatch) });
  }
}

function notesOf(total: number, verdicts: readonly SandboxVerdict[]): readonly string[] {
  const failed = verdicts.flatMap(({ score }) =>
    score.kind === "unscored" && score.status === "error" ? [score.reason] : []
  );
  const absent = total - verdicts.length;
  return [
    ...(absent > 0 ? [`${absent} traces of the table are not in the lake and were not scored.`] : []),
    ...(failed.length > 0 ? [`${failed.length} traces could not be scored; the first: ${failed[0]}`] : [])
  ];
}
