import type { Score, ScoreRecord, ScoreSource } from "#lib/model/score.ts";
import type { Json } from "#lib/model/span.ts";
import type { TableInfo } from "#lib/model/table.ts";
import type { LoadColumn } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";
import type { CellContext } from "./cell-context.ts";
import type { Subject } from "./score-subjects.ts";

/** Score records handed to the lake at once. */
const recordBatch = 50_000;

/** A verdict with what it took. */
export interface GivenVerdict {
  readonly score: Score;
  /** Null where nobody measured it. */
  readonly durationMs: number | null;
  /** Null where it costs nothing. */
  readonly costUsd?: number;
  readonly detail?: Json;
}

/** Verdicts and what they are about; one entry per verdict in both lists. */
export interface GivenVerdicts {
  readonly scorer: string;
  readonly version: string;
  readonly source: ScoreSource;
  readonly ofSpans: boolean;
  /** Whether each is about a session. */
  readonly ofSessions?: boolean;
  readonly subjects: readonly Subject[];
  readonly verdicts: readonly GivenVerdict[];
}

/** Makes the table of a score cell. */
export async function loadVerdicts(context: CellContext, given: GivenVerdicts): Promise<TableInfo> {
  const { scorer, version, source, subjects, verdicts } = given;
  const pick = <T>(name: string, type: LoadColumn["type"], read: (score: Score) => T | null): LoadColumn =>
    ({ name, type, values: verdicts.map(({ score }) => read(score)) }) as unknown as LoadColumn;
  const text = (name: string, read: (score: Score) => string | null) => pick(name, "VARCHAR", read);
  const raw = `${context.cell.key}__verdicts`;
  const columns: readonly LoadColumn[] = [
    { name: "trace_id", type: "VARCHAR", values: subjects.map(({ traceId }) => traceId) },
    ...(given.ofSpans
      ? [{ name: "span_id", type: "VARCHAR", values: subjects.map(({ spanId }) => spanId) } as const]
      : []),
    ...(given.ofSessions
      ? [{ name: "session_id", type: "VARCHAR", values: subjects.map(({ sessionId }) => sessionId ?? null) } as const]
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
    source === "judge"
      ? { name: "cost_usd", type: "DOUBLE", values: verdicts.map(({ costUsd }) => costUsd ?? null) }
      : { name: "duration_ms", type: "DOUBLE", values: verdicts.map(({ durationMs }) => durationMs) }
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

/** Keeps verdicts in the lake, where the run is one that is kept. */
export async function keepScores(context: CellContext, given: GivenVerdicts): Promise<void> {
  if (context.runId === null) return;
  const { lake, clock } = context.doors;
  const all = { runId: context.runId, samplingProbability: 1, scoredAtMs: clock.nowMs() };
  const records = buildRecords(given, all);
  for (let start = 0; start < records.length; start += recordBatch) {
    await lake.append(context.scope, { spans: [], scores: records.slice(start, start + recordBatch) });
  }
}

/** What else is said of a verdict: one about a session stands at its last trace. */
function detailOfVerdict({ detail }: GivenVerdict, { sessionId }: Subject): Json {
  return sessionId === undefined ? (detail ?? null) : { ...(detail as object | undefined), session_id: sessionId };
}

/** Verdicts as the lake keeps them. @param detailOf  what else is said of a verdict, over its own detail */
export function buildRecords(
  { scorer, version, source, subjects, verdicts }: GivenVerdicts,
  all: Pick<ScoreRecord, "runId" | "samplingProbability" | "scoredAtMs">,
  detailOf: (verdict: GivenVerdict, subject: Subject) => Json = detailOfVerdict
): readonly ScoreRecord[] {
  return verdicts.map((verdict, index): ScoreRecord => {
    const subject = subjects[index]!;
    const { traceId, spanId, businessUnit, day } = subject;
    const { score, durationMs, costUsd = null } = verdict;
    const about = { traceId, spanId, businessUnit, day, scorer, scorerVersion: version, source };
    return { ...about, score, durationMs, costUsd, ...all, detail: detailOf(verdict, subject) };
  });
}
