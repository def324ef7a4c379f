import { Budget } from "#lib/model/budget.ts";
import type { Cell } from "#lib/model/cell.ts";
import type { ScorerText } from "#lib/model/promoted-scorer.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Score } from "#lib/model/score.ts";
import type { ChangedScore, MeasuredVersion, ScorerComparison } from "#lib/model/scorer-comparison.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import { type ComparedScore, compareScores } from "#lib/scoring/compare-scores.ts";
import { quoteName } from "#lib/sql/quote.ts";
import type { AnswersForecast } from "#lib/wire/cell-forecast.ts";
import { mostLabelled } from "#lib/wire/promotion.ts";
import { forecastScorer } from "./ask-scorer.ts";
import { forecastJudge } from "./cell-judge.ts";
import {
  drawSample,
  keyOf,
  loadTraces,
  readPeople,
  type SampledTrace,
  type SampleWish,
  sampleTable
} from "./compare-sample.ts";
import { openJudge } from "./open-judge.ts";
import { openRuleScorer, type RuleScorer, type RuleScorerDoors } from "./rule-scorer.ts";
import type { Subject } from "./score-subjects.ts";
import type { GivenVerdict } from "./score-table.ts";
import { takeSteps } from "./take-steps.ts";

/** Doors that versions are compared through. */
export interface CompareDoors extends RuleScorerDoors {
  readonly lake: Pick<Lake, "openKernel">;
}

/** What is compared, and on what. */
export interface CompareWish extends SampleWish {
  readonly next: ScorerText;
  /** Null for a first version. */
  readonly base: ScorerText | null;
  /** What models may cost; null where nobody has said: then nothing that costs is done. */
  readonly budgetUsd: number | null;
}

/** What came of it: the comparison, or what it would cost. */
export type Compared =
  | { readonly kind: "compared"; readonly comparison: ScorerComparison; readonly changed: readonly ChangedScore[] }
  | { readonly kind: "forecast"; readonly traces: number; readonly answers: AnswersForecast };

/** Traces that are scored between two words of progress. */
const chunkTraces = 100;

/** What one version said. */
interface ScoredVersion {
  readonly scorer: RuleScorer;
  readonly subjects: readonly Subject[];
  readonly verdicts: readonly GivenVerdict[];
}

/**
 * Has two versions of a scorer score the same traces: what people judged, and others by chance. The scope is that of
 * the units it is for; no trace of others is read.
 *
 * @param tell  is told how many traces are done, of both versions together
 * @throws Fault `invalid` where one of them does not compile or load, or may not be asked
 */
export async function compareScorers(
  doors: CompareDoors,
  scope: Scope,
  wish: CompareWish,
  signal: AbortSignal,
  tell: (done: number, total: number) => void
): Promise<Compared> {
  const kernel = await doors.lake.openKernel(scope);
  const opened: RuleScorer[] = [];
  try {
    const open = async (text: ScorerText) => {
      const scorer = await openRuleScorer(doors, text, kernel, signal);
      opened.push(scorer);
      return scorer;
    };
    const next = await open(wish.next);
    const base = wish.base ? await open(wish.base) : null;
    const sample = await drawSample(kernel, wish, signal);
    const versions = [next, ...(base ? [base] : [])];
    if (wish.budgetUsd === null && versions.some(({ isPaid }) => isPaid)) {
      const answers = await forecastAll(doors, kernel, wish, sample, signal);
      return { kind: "forecast", traces: sample.length, answers };
    }
    const budget = new Budget({ usd: wish.budgetUsd ?? 0, tokens: null });
    const total = sample.length * versions.length;
    let done = 0;
    const scored: ScoredVersion[] = [];
    for (const scorer of versions) {
      const parts = await scoreSample(scorer, { kernel, signal, scope }, sample, budget, (traces) => {
        done += traces;
        tell(done, total);
      });
      scored.push({ scorer, ...parts });
    }
    return { kind: "compared", ...(await compareScored(kernel, scope, wish, sample, scored, signal)) };
  } finally {
    await Promise.all(opened.map((scorer) => scorer.close()));
    await kernel.close();
  }
}

async function scoreSample(
  scorer: RuleScorer,
  ground: { readonly kernel: Kernel; readonly signal: AbortSignal; readonly scope: Scope },
  sample: readonly SampledTrace[],
  budget: Budget,
  onDone: (traces: number) => void
): Promise<Pick<ScoredVersion, "subjects" | "verdicts">> {
  const subjects: Subject[] = [];
  const verdicts: GivenVerdict[] = [];
  for (let start = 0; start < sample.length; start += chunkTraces) {
    const chunk = sample.slice(start, start + chunkTraces);
    await loadTraces(ground.kernel, chunk);
    const given = await scorer.score(ground, sampleTable, budget);
    ground.signal.throwIfAborted();
    subjects.push(...given.subjects);
    verdicts.push(...given.verdicts);
    onDone(chunk.length);
  }
  return { subjects, verdicts };
}

async function compareScored(
  kernel: Kernel,
  scope: Scope,
  wish: CompareWish,
  sample: readonly SampledTrace[],
  [next, base]: readonly ScoredVersion[],
  signal: AbortSignal
): Promise<{ readonly comparison: ScorerComparison; readonly changed: readonly ChangedScore[] }> {
  const { truths, sessions } = await readPeople(kernel, wish, sample, signal);
  const ofSpans = (version: ScoredVersion | undefined) => version?.subjects.some(({ spanId }) => spanId !== null);
  const isSpans = ofSpans(next) === true;
  const isOther = base !== undefined && base.subjects.length > 0 && ofSpans(base) !== isSpans;
  const before = new Map<string, Score>();
  if (base && !isOther) {
    for (const [at, { businessUnit, traceId, spanId }] of base.subjects.entries())
      before.set(keyOf(businessUnit, traceId, spanId), base.verdicts[at]!.score);
  }
  const rows = next!.subjects.map(({ traceId, spanId, businessUnit }, at): ComparedScore => {
    const key = keyOf(businessUnit, traceId, spanId);
    return {
      ...{ traceId, spanId, businessUnit },
      cluster: sessions.get(keyOf(businessUnit, traceId, null)) ?? traceId,
      truth: truths.get(key) ?? null,
      before: before.get(key) ?? null,
      after: next!.verdicts[at]!.score
    };
  });
  const both = base && !isOther ? rows.filter((row) => row.before !== null) : rows;
  const { changes, paired, changed, nextAgreement, baseAgreement, warnings } = await takeSteps(
    compareScores(both, wish.seed),
    signal
  );
  const labelled = sample.filter(({ isLabelled }) => isLabelled).length;
  return {
    changed,
    comparison: {
      ...{ businessUnits: scope.businessUnits, snapshotId: kernel.snapshotId, seed: wish.seed },
      target: isSpans ? "span" : "trace",
      ...{ labelled, random: sample.length - labelled, sides: wish.sides },
      next: measure(next!, nextAgreement),
      base: base ? measure(base, baseAgreement) : null,
      ...{ changes, paired },
      warnings: [
        ...warnings,
        ...(isOther
          ? ["One version scores traces and the other spans, so their scores are not held side by side."]
          : []),
        ...(labelled === mostLabelled ? [`Of the labelled traces, ${mostLabelled} were drawn by chance.`] : []),
        ...(sample.length === 0 ? ["There is no trace to compare on."] : [])
      ]
    }
  };
}

function measure({ scorer, verdicts }: ScoredVersion, agreement: MeasuredVersion["agreement"]): MeasuredVersion {
  const scored = verdicts.flatMap(({ score }) => (score.kind === "scored" ? [score] : []));
  const timed = verdicts.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  return {
    scorerVersion: scorer.version,
    passes: scored.filter(({ pass }) => pass === true).length,
    fails: scored.filter(({ pass }) => pass === false).length,
    measured: scored.filter(({ pass }) => pass === null).length,
    unscored: verdicts.length - scored.length,
    msPerCall: timed.length === 0 ? null : timed.reduce((sum, ms) => sum + ms, 0) / timed.length,
    costUsd: verdicts.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
    agreement
  };
}

/** What asking about the whole sample would cost, of all versions together. */
async function forecastAll(
  doors: CompareDoors,
  kernel: Kernel,
  { next, base }: CompareWish,
  sample: readonly SampledTrace[],
  signal: AbortSignal
): Promise<AnswersForecast> {
  await loadTraces(kernel, sample);
  let [questions, tokens] = [0, 0];
  let costUsd: number | null = 0;
  let model = "";
  for (const text of base ? [next, base] : [next]) {
    const forecast = await forecastOne(doors, kernel, text, signal);
    if (!forecast) continue;
    model = forecast.model;
    questions += forecast.questions;
    tokens += forecast.tokens;
    costUsd = costUsd === null || forecast.costUsd === null ? null : costUsd + forecast.costUsd;
  }
  return { model, questions, tokens, costUsd };
}

async function forecastOne(
  { compiler, sandbox, model, limits }: CompareDoors,
  kernel: Kernel,
  { name, kind, text, options }: ScorerText,
  signal: AbortSignal
): Promise<AnswersForecast | null> {
  const table = quoteName(sampleTable);
  if (kind === "judge") {
    const cell = { key: name, kind, text } as Cell;
    const ground = { kernel, cell, signal };
    return forecastJudge(ground, await openJudge(ground, cell, model), table);
  }
  const session = await sandbox.open(await compiler.compile(text, options), {
    callTimeoutMs: limits.scorerTimeoutMs,
    memoryBytes: limits.scorerMemoryBytes
  });
  try {
    if (session.questions.length === 0 || model === null) return null;
    return await forecastScorer(model, session, { kernel, signal }, table, null);
  } finally {
    await session.close();
  }
}
