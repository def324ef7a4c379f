import { clusteredInterval } from "#lib/math/clustered-interval.ts";
import { wilsonInterval } from "#lib/math/wilson.ts";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { Score, ScoreRecord, ScoreSummary } from "#lib/model/score.ts";
import type { CompiledScorer } from "#lib/ports/compiler.ts";
import type { LoadColumn } from "#lib/ports/kernel.ts";
import type { SandboxVerdict, ScorerTarget } from "#lib/ports/sandbox.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { parseScoreSettings, type ScoreSettings } from "#lib/workbook/cell-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { type CellContext, type CellOutcome, refuseTooLong } from "./cell-context.ts";
import { requireTraces } from "./cohort.ts";
import { countSubjects, readSubjects, type Subject, type SubjectCount } from "./score-subjects.ts";

/** Score records handed to the lake at once. */
const recordBatch = 50_000;

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
 * Runs a score cell: every trace of the chosen table, or every span of it where the scorer is for spans, through the
 * scorer; the verdicts into the table named like the cell and, for a run that is kept, into the lake.
 */
export async function runScoreCell(context: CellContext): Promise<CellOutcome> {
  const { cell, signal, doors, limits } = context;
  const settings = parseScoreSettings(cell.text);
  const traces = await requireTraces(context, settings.traces);
  const compiled = await compileScorer(context, settings.scorer);
  const subjects: Subject[] = [];
  const verdicts: SandboxVerdict[] = [];
  const session = await doors.sandbox.open(compiled, {
    callTimeoutMs: limits.scorerTimeoutMs,
    memoryBytes: limits.scorerMemoryBytes
  });
  const { target } = session;
  let count: SubjectCount;
  try {
    if (settings.target !== null && settings.target !== target.kind) throw wrongTarget(settings, target);
    count = await countSubjects(context, traces, target);
    context.progress({ done: 0, total: count.calls, step: "scoring" });
    for await (const part of session.score(readSubjects(context, traces, target, subjects), signal)) {
      verdicts.push(...part);
      context.progress({ done: verdicts.length, total: count.calls, step: "scoring" });
    }
  } finally {
    await session.close();
  }
  if (signal.aborted) throw new Fault("limit", "stopped");
  if (verdicts.length !== subjects.length) {
    throw new Fault("broken", `the sandbox gave ${verdicts.length} verdicts for ${subjects.length} ${target.kind}s`);
  }
  const info = await loadVerdicts(context, settings.scorer, compiled.version, target, subjects, verdicts);
  await refuseTooLong(context, info);
  if (context.runId !== null) await keepScores(context, settings.scorer, compiled.version, subjects, verdicts);
  const scores = verdicts.map(({ score }) => score);
  return {
    result: {
      kind: "scores",
      table: info.name,
      columns: info.columns,
      rows: info.rows,
      scorer: settings.scorer,
      scorerVersion: compiled.version,
      summary: target.kind === "trace" ? summarise(scores) : summariseSpans(scores, subjects)
    },
    notes: notesOf(count, target, verdicts, subjects)
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

/** Scores of many spans reduced; those of one trace resemble one another, and the interval is as wide as that makes it. */
export function summariseSpans(scores: readonly Score[], subjects: readonly Pick<Subject, "traceId">[]): ScoreSummary {
  const clusters = new Map<string, { passes: number; trials: number }>();
  for (const [index, score] of scores.entries()) {
    if (score.kind === "unscored" || score.pass === null) continue;
    const { traceId } = subjects[index]!;
    const cluster = clusters.get(traceId) ?? { passes: 0, trials: 0 };
    cluster.trials += 1;
    if (score.pass) cluster.passes += 1;
    clusters.set(traceId, cluster);
  }
  return { ...summarise(scores), interval: clusteredInterval([...clusters.values()]) };
}

function wrongTarget({ scorer, target }: ScoreSettings, { kind }: ScorerTarget): Fault {
  return new Fault("invalid", `the cell scores ${target}s, the scorer "${scorer}" ${kind}s`, {
    hint: `Write target: ${kind} here, or target: "${target}" in the scorer.`
  });
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

async function loadVerdicts(
  context: CellContext,
  scorer: string,
  version: string,
  target: ScorerTarget,
  subjects: readonly Subject[],
  verdicts: readonly SandboxVerdict[]
) {
  const pick = <T>(name: string, type: LoadColumn["type"], read: (score: Score) => T | null): LoadColumn =>
    ({ name, type, values: verdicts.map(({ score }) => read(score)) }) as unknown as LoadColumn;
  const text = (name: string, read: (score: Score) => string | null) => pick(name, "VARCHAR", read);
  const raw = `${context.cell.key}__verdicts`;
  const columns: readonly LoadColumn[] = [
    { name: "trace_id", type: "VARCHAR", values: subjects.map(({ traceId }) => traceId) },
    ...(target.kind === "span"
      ? [{ name: "span_id", type: "VARCHAR", values: subjects.map(({ spanId }) => spanId) } as const]
      : []),
    { name: "business_unit", type: "VARCHAR", values: subjects.map(({ businessUnit }) => businessUnit) },
    { name: "date", type: "VARCHAR", values: subjects.map(({ day }) => day) },
    { name: "started_at", type: "TIMESTAMP", values: subjects.map(({ startedAtMs }) => startedAtMs) },
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
  subjects: readonly Subject[],
  verdicts: readonly SandboxVerdict[]
): Promise<void> {
  const scoredAtMs = context.doors.clock.nowMs();
  const records = verdicts.map(({ score, durationMs }, index): ScoreRecord => {
    const { traceId, spanId, businessUnit, day } = subjects[index]!;
    return {
      traceId,
      spanId,
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

function notesOf(
  { traces }: SubjectCount,
  { kind }: ScorerTarget,
  verdicts: readonly SandboxVerdict[],
  subjects: readonly Subject[]
): readonly string[] {
  const failed = verdicts.flatMap(({ score }) =>
    score.kind === "unscored" && score.status === "error" ? [score.reason] : []
  );
  // A trace without a span of the wanted kinds is no absent one.
  const absent = kind === "trace" ? traces - subjects.length : 0;
  return [
    ...(absent > 0 ? [`Not in the lake, and so not scored: ${absent} of the table's traces.`] : []),
    ...(failed.length > 0
      ? [`${failed.length} ${kind}${failed.length === 1 ? "" : "s"} could not be scored; the first: ${failed[0]}`]
      : [])
  ];
}
