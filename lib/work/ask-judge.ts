import type { Budget } from "#lib/model/budget.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { ModelAnswer, ModelQuestion } from "#lib/ports/model.ts";
import type { SourceText } from "#lib/scoring/judge-material.ts";
import { readJudgement } from "#lib/scoring/judge-prompt.ts";
import { failedScore, readVerdict } from "#lib/scoring/verdict.ts";
import { askAll } from "./ask-all.ts";
import { type JudgeGround, type OpenJudge, readCases } from "./open-judge.ts";
import type { Subject } from "./score-subjects.ts";
import type { GivenVerdict } from "./score-table.ts";

/** Why a trace is unscored that a judge was not asked about. */
export const nothingSeen = "the trace holds nothing of what the judge sees";

/** Where a judge is asked, for whom, and what it may cost. */
export interface JudgeAsking extends JudgeGround {
  readonly scope: Scope;
  readonly budget: Budget;
}

/** What came of asking a judge. */
export interface AskedJudge {
  /** One entry per verdict in both lists. */
  readonly subjects: readonly Subject[];
  readonly verdicts: readonly GivenVerdict[];
  /** Empty where it was stopped. */
  readonly answers: readonly ModelAnswer[];
  /** Traces that were read, those without a verdict included. */
  readonly read: number;
  /** Traces that were shown shortened. */
  readonly cut: number;
  /** Quotes that are not in their traces, and the verdicts they were of. */
  readonly dropped: number;
  readonly quoteless: number;
  /** Whether it ended early, with the verdicts that it had. */
  readonly isStopped: boolean;
}

/**
 * Has a judge judge every trace of a table: the same in a workbook and on live traffic. A trace that is not answered
 * about is unscored with the reason, and the next one is judged as ever.
 *
 * @param traces  quoted
 * @param onDone  is told how many traces have a verdict
 */
export async function askJudge(
  asking: JudgeAsking,
  judge: OpenJudge,
  traces: string,
  onDone: (traces: number) => void = () => undefined
): Promise<AskedJudge> {
  const { scope, budget, signal } = asking;
  const subjects: Subject[] = [];
  const verdicts: GivenVerdict[] = [];
  const waiting = new Map<number, { readonly row: number; readonly sources: readonly SourceText[] }>();
  let [done, asked, cut, dropped, quoteless] = [0, 0, 0, 0, 0];
  const end = (row: number, verdict: GivenVerdict) => {
    verdicts[row] = verdict;
    onDone(++done);
  };
  async function* listQuestions(): AsyncGenerator<ModelQuestion> {
    for await (const { subject, question, sources, isCut } of readCases(asking, judge, traces)) {
      const row = subjects.push(subject) - 1;
      if (isCut) cut++;
      if (question) {
        waiting.set(asked++, { row, sources });
        yield question;
      } else end(row, { score: readVerdict({ value: null, reason: nothingSeen }), durationMs: null });
    }
  }
  const onAnswer = (at: number, answer: ModelAnswer) => {
    const { row, sources } = waiting.get(at)!;
    waiting.delete(at);
    const costUsd = answer.spent.costUsd ?? 0;
    if (answer.kind === "failed")
      return end(row, { score: failedScore(`${answer.why}: ${answer.reason}`), durationMs: null, costUsd });
    const { score, droppedQuotes } = readJudgement(judge.settings, answer.value, sources);
    dropped += droppedQuotes;
    if (droppedQuotes > 0) quoteless++;
    end(row, { score, durationMs: null, costUsd, detail: { model: answer.modelId } });
  };
  const { model } = judge;
  const answers = await askAll({ model, scope, budget }, listQuestions(), onAnswer, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return null;
  });
  const rows = [...subjects.keys()].filter((row) => verdicts[row] !== undefined);
  return {
    subjects: rows.map((row) => subjects[row]!),
    verdicts: rows.map((row) => verdicts[row]!),
    answers: answers ?? [],
    ...{ read: subjects.length, cut, dropped, quoteless },
    isStopped: answers === null
  };
}
