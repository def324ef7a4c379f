import { clusteredInterval } from "#lib/math/clustered-interval.ts";
import { wilsonInterval } from "#lib/math/wilson.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Score, ScoreSummary } from "#lib/model/score.ts";
import type { Model } from "#lib/ports/model.ts";
import type { SandboxSession, SandboxVerdict, ScorerTarget } from "#lib/ports/sandbox.ts";
import { parseScoreSettings, type ScoreSettings } from "#lib/workbook/cell-settings.ts";
import {
  answerNothing,
  answerScorer,
  forecastScorer,
  notesOfAnswers,
  openScorerBudget,
  withAnswers
} from "./ask-scorer.ts";
import { type CellContext, type CellOutcome, refuseTooLong } from "./cell-context.ts";
import { type Judged, judgeTraces } from "./cell-judge.ts";
import { requireTraces } from "./cohort.ts";
import { findJudge } from "./open-judge.ts";
import { openScorer } from "./open-scorer.ts";
import { countSubjects, type Subject, type SubjectCount } from "./score-subjects.ts";
import { type GivenVerdicts, keepScores, loadVerdicts } from "./score-table.ts";
import { type ScoredTraces, scoreTraces } from "./score-traces.ts";

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
 * Runs a score cell: every trace of the chosen table through the judge or scorer, or every span of it where the scorer
 * is for spans; the verdicts into the table named like the cell and, for a run that is kept, into the lake.
 */
export async function runScoreCell(context: CellContext): Promise<CellOutcome> {
  const settings = parseScoreSettings(context.cell.text);
  const traces = await requireTraces(context, settings.traces);
  const judge = findJudge(context.workbook, settings.scorer);
  if (judge) requireForJudge(settings);
  const { given, notes } = judge
    ? await judgeTraces(context, judge, traces)
    : await runScorer(context, settings, traces);
  const info = await loadVerdicts(context, given);
  await refuseTooLong(context, info);
  await keepScores(context, given);
  const scores = given.verdicts.map(({ score }) => score);
  return {
    result: {
      kind: "scores",
      table: info.name,
      columns: info.columns,
      rows: info.rows,
      scorer: settings.scorer,
      scorerVersion: given.version,
      summary: given.ofSpans ? summariseSpans(scores, given.subjects) : summarise(scores)
    },
    notes
  };
}

/** @throws Fault `invalid` where the cell asks for what a judge does not do */
function requireForJudge(settings: ScoreSettings): void {
  const { scorer, target, options, expected, budgetUsd } = settings;
  if (target !== null && target !== "trace") throw wrongTarget(settings, "trace", "the judge");
  if (budgetUsd !== null) {
    throw new Fault("invalid", `the judge "${scorer}" has a budget of its own`, {
      hint: "Write budget_usd: in the judge cell."
    });
  }
  if (Object.keys(options).length === 0 && expected === null) return;
  const key = expected === null ? "options" : "expected";
  throw new Fault("invalid", `the judge "${scorer}" takes no ${key}`, { hint: `Leave ${key}: out.` });
}

async function runScorer(context: CellContext, settings: ScoreSettings, traces: string): Promise<Judged> {
  const { doors, limits } = context;
  const { session, version } = await openScorer(doors, limits, context, settings);
  const { target } = session;
  try {
    if (settings.target !== null && settings.target !== target.kind)
      throw wrongTarget(settings, target.kind, "the scorer");
    const named = {
      scorer: settings.scorer,
      version,
      ofSpans: target.kind === "span",
      ofSessions: target.kind === "session"
    };
    const count = await countSubjects(context, traces, target);
    if (session.questions.length > 0) return await runAsking(context, settings, session, traces, named, count);
    refuseBudget(settings);
    const tell = (done: number) => context.progress({ done, total: count.calls, step: "scoring" });
    tell(0);
    const scored = await scoreTraces(session, context, traces, settings.expected, tell);
    return {
      given: { ...named, source: "scorer", ...scored },
      notes: notesOf(count, target, scored.verdicts, scored.subjects)
    };
  } finally {
    await session.close();
  }
}

/** A scorer that asks a model. Its scores are those of a judge, and are kept as far as they were paid for. */
async function runAsking(
  context: CellContext,
  { expected, budgetUsd }: ScoreSettings,
  session: SandboxSession,
  traces: string,
  named: Pick<GivenVerdicts, "scorer" | "version" | "ofSpans" | "ofSessions">,
  count: SubjectCount
): Promise<Judged> {
  const { scope, doors } = context;
  const { model } = doors;
  const forecast = (asked: Model) => forecastScorer(asked, session, context, traces, expected);
  const budget = await openScorerBudget(model, budgetUsd, forecast);
  const given = ({ subjects, verdicts }: ScoredTraces): GivenVerdicts => ({
    ...named,
    source: "judge",
    subjects,
    verdicts: verdicts.map(withAnswers)
  });
  const tell = (done: number) =>
    context.progress({ done, total: count.calls, step: "judging", spentUsd: budget?.spent.costUsd ?? 0 });
  tell(0);
  const scored = await scoreTraces(session, context, traces, expected, tell, {
    answer: model && budget ? answerScorer({ model, scope, budget }) : answerNothing,
    onStopped: (paid) => keepScores(context, given(paid))
  });
  return {
    given: given(scored),
    notes: [
      ...notesOfAnswers(model, scored.verdicts),
      ...notesOf(count, session.target, scored.verdicts, scored.subjects)
    ]
  };
}

/** @throws Fault `invalid` for a budget of a scorer that cannot spend */
function refuseBudget({ scorer, budgetUsd }: ScoreSettings): void {
  if (budgetUsd === null) return;
  throw new Fault("invalid", `the scorer "${scorer}" asks no model and spends nothing`, {
    hint: "Leave budget_usd: out."
  });
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

function wrongTarget({ scorer, target }: ScoreSettings, kind: ScorerTarget["kind"], what: string): Fault {
  return new Fault("invalid", `the cell scores ${target}s, ${what} "${scorer}" ${kind}s`, {
    hint:
      what === "the judge" ? "Leave target: out." : `Write target: ${kind} here, or target: "${target}" in the scorer.`
  });
}

function notesOf(
  { traces, apart }: SubjectCount,
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
    ...(apart > 0 ? [`Of no session, and so not scored: ${apart} of the table's traces.`] : []),
    ...(failed.length > 0
      ? [`${failed.length} ${kind}${failed.length === 1 ? "" : "s"} could not be scored; the first: ${failed[0]}`]
      : [])
  ];
}
