import { Budget } from "#lib/model/budget.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Model } from "#lib/ports/model.ts";
import type { SandboxSession, SandboxVerdict } from "#lib/ports/sandbox.ts";
import { mostAnswerTokens, usualAnswerTokens } from "#lib/scoring/scorer-question.ts";
import type { TriedCall, TrySpending } from "#lib/wire/bench.ts";
import type { ScorerUse } from "#lib/workbook/scorer-uses.ts";
import { sumSpending } from "./ask-all.ts";
import { answerNothing, answerScorer, askingScorer, forecastScorer } from "./ask-scorer.ts";
import { chosenSql } from "./kept-rows.ts";
import { openBudget } from "./paid-model.ts";
import type { ReadGround } from "./score-subjects.ts";
import { type ScorerAsking, scoreTraces } from "./score-traces.ts";
import { describeCall, describeSpending, unpaid } from "./tried-calls.ts";

/** A scorer at the bench, loaded, and what it is tried on. */
interface LoadedTry {
  readonly session: SandboxSession;
  readonly rows: ReadGround;
  readonly expected: string | null;
  readonly use: ScorerUse | undefined;
  readonly spend: boolean;
  readonly scope: Scope;
}

/** What a scorer that asks nothing says. */
export async function tryPlain({
  session,
  rows,
  expected
}: LoadedTry): Promise<{ readonly calls: readonly TriedCall[] }> {
  const { subjects, verdicts } = await scoreTraces(session, rows, chosenSql, expected);
  return { calls: verdicts.map(({ score, durationMs }, at) => describeCall(subjects[at]!, score, durationMs)) };
}

/** What a scorer that asks a model says: by what was answered before, and only where `spend` says so by new answers. */
export async function tryAsking(
  model: Model | null,
  { session, rows, expected, use, spend, scope }: LoadedTry
): Promise<{ readonly calls: readonly TriedCall[]; readonly spending: TrySpending | null }> {
  const score = (answer: ScorerAsking["answer"]) =>
    scoreTraces(session, rows, chosenSql, expected, undefined, { answer, onStopped: async () => undefined });
  if (model === null) {
    const { subjects, verdicts } = await score(answerNothing);
    return {
      calls: verdicts.map((verdict, at) => describeCall(subjects[at]!, verdict.score, verdict.durationMs)),
      spending: null
    };
  }
  const forecast = await forecastScorer(model, session, rows, chosenSql, expected);
  const mostUsd =
    forecast.costUsd === null
      ? null
      : Math.min((forecast.costUsd * mostAnswerTokens) / usualAnswerTokens, use?.settings.budgetUsd ?? Infinity);
  const budget = spend ? await openBudget(model, askingScorer, mostUsd, () => forecast) : new Budget(unpaid);
  const { subjects, verdicts } = await score(answerScorer({ model, scope, budget }));
  const calls = verdicts.map((verdict, at) =>
    describeCall(subjects[at]!, isOpen(verdict) ? null : verdict.score, verdict.durationMs)
  );
  const answers = verdicts.flatMap(({ answers = [] }) => answers.filter((answer) => answer.kind !== "unasked"));
  return {
    calls,
    spending: describeSpending(forecast, mostUsd, {
      ...{ open: verdicts.filter(isOpen).length, calls: calls.length },
      spentUsd: sumSpending(answers).costUsd ?? 0
    })
  };
}

/** Whether it went without an answer that nobody has paid for yet. */
function isOpen({ answers = [] }: SandboxVerdict): boolean {
  return answers.some((answer) => answer.kind === "failed" && answer.why === "over budget");
}
