import type { Cell } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { ModelAnswer, ModelQuestion } from "#lib/ports/model.ts";
import type { SourceText } from "#lib/scoring/judge-material.ts";
import { readJudgement, usualJudgeTokens } from "#lib/scoring/judge-prompt.ts";
import { failedScore, readVerdict } from "#lib/scoring/verdict.ts";
import type { AnswersForecast } from "#lib/wire/cell-forecast.ts";
import { askAll, countUnanswered, sumSpending } from "./ask-all.ts";
import type { CellContext, CellOutcome } from "./cell-context.ts";
import { askingJudge, type JudgeGround, type OpenJudge, openJudge, readCases } from "./open-judge.ts";
import { forecastAnswers, openBudget, sayUsd } from "./paid-model.ts";
import { countSubjects, type Subject } from "./score-subjects.ts";
import { type GivenVerdict, type GivenVerdicts, keepScores } from "./score-table.ts";

/** Reads a judge cell, so that what is wrong with it is said there. Nothing is asked. */
export async function runJudgeCell(context: CellContext): Promise<CellOutcome> {
  const { version } = await openJudge(context, context.cell, context.doors.model);
  return { result: { kind: "scorer", version }, notes: [] };
}

/** What a judge gave, and what is worth saying beside it. */
export interface Judged {
  readonly given: GivenVerdicts;
  readonly notes: readonly string[];
}

/**
 * Has a judge judge every trace of a table. A trace that is not answered about is unscored with the reason, and the
 * next one is judged as ever. When it is stopped, what was judged is kept.
 *
 * @param traces  quoted
 * @throws Fault `invalid` where there is no model, no price or no budget; `limit` when it is stopped
 */
export async function judgeTraces(context: CellContext, cell: Cell, traces: string): Promise<Judged> {
  const { signal, scope } = context;
  const judge = await openJudge(context, cell, context.doors.model);
  const { settings, model, version } = judge;
  const forecast = () => forecastJudge(context, judge, traces);
  const budget = await openBudget(model, askingJudge, settings.budgetUsd, forecast);
  const total = (await countSubjects(context, traces, { kind: "trace" })).traces;
  const subjects: Subject[] = [];
  const verdicts: GivenVerdict[] = [];
  const waiting = new Map<number, { readonly row: number; readonly sources: readonly SourceText[] }>();
  let [done, asked, cut, dropped, quoteless] = [0, 0, 0, 0, 0];
  const tell = () => context.progress({ done, total, step: "judging", spentUsd: budget.spent.costUsd ?? 0 });
  const end = (row: number, verdict: GivenVerdict) => {
    verdicts[row] = verdict;
    done++;
    tell();
  };
  async function* listQuestions(): AsyncGenerator<ModelQuestion> {
    for await (const { subject, question, sources, isCut } of readCases(context, judge, traces)) {
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
    const { score, droppedQuotes } = readJudgement(settings, answer.value, sources);
    dropped += droppedQuotes;
    if (droppedQuotes > 0) quoteless++;
    end(row, { score, durationMs: null, costUsd, detail: { model: answer.modelId } });
  };
  const given = (): GivenVerdicts => {
    const rows = [...subjects.keys()].filter((row) => verdicts[row] !== undefined);
    const ended = { subjects: rows.map((row) => subjects[row]!), verdicts: rows.map((row) => verdicts[row]!) };
    return { scorer: cell.key, version, source: "judge", ofSpans: false, ...ended };
  };
  tell();
  const answers = await askAll({ model, scope, budget }, listQuestions(), onAnswer, signal).catch(
    async (error: unknown) => {
      if (!signal.aborted) throw error;
      await keepScores(context, given());
      throw new Fault("limit", "stopped", { cause: error });
    }
  );
  const notes = [
    sayJudged(judge, given().verdicts, answers),
    ...countUnanswered(answers).map(({ why, reason, count }) => `${areUnscored(count)}, ${why}: ${reason}.`),
    ...sayUntold(given().verdicts),
    ...(cut > 0 ? [`${count(cut)} had to be shortened for the judge, in the middle of long texts or lists.`] : []),
    ...(dropped > 0
      ? [`${count(dropped)} quotes of ${count(quoteless)} verdicts are not in their traces and were left out.`]
      : []),
    ...(total > subjects.length
      ? [`Not in the lake, and so not scored: ${total - subjects.length} of the table's traces.`]
      : [])
  ];
  return { given: given(), notes };
}

/** What it would cost to judge every trace of a table; see `forecastAnswers`. */
export function forecastJudge(ground: JudgeGround, judge: OpenJudge, traces: string): Promise<AnswersForecast> {
  async function* listQuestions() {
    for await (const { question } of readCases(ground, judge, traces)) if (question) yield question;
  }
  return forecastAnswers(judge.model, listQuestions(), usualJudgeTokens);
}

const nothingSeen = "the trace holds nothing of what the judge sees";

const count = (value: number) => value.toLocaleString("en-US");

const areUnscored = (value: number) => `${count(value)} ${value === 1 ? "is" : "are"} unscored`;

function sayJudged(
  { model, settings }: OpenJudge,
  verdicts: readonly GivenVerdict[],
  answers: readonly ModelAnswer[]
): string {
  const labels = verdicts.flatMap(({ score }) => (score.kind === "scored" ? [score.label] : []));
  const counts = settings.labels.map(({ name }) => `${count(labels.filter((label) => label === name).length)} ${name}`);
  const cached = answers.filter((answer) => answer.kind === "answered" && answer.isCached).length;
  const before = cached > 0 ? `, ${count(cached)} of them from before` : "";
  const spent = sayUsd(sumSpending(answers).costUsd ?? 0);
  return `${model.modelId} judged ${count(labels.length)} of ${count(verdicts.length)} traces for ${spent}${before}: ${counts.join(", ")}.`;
}

/** Traces that were read and have no verdict all the same. */
function sayUntold(verdicts: readonly GivenVerdict[]): readonly string[] {
  const skipped = verdicts.flatMap(({ score }) =>
    score.kind === "unscored" && score.status === "skipped" ? [score.reason] : []
  );
  const empty = skipped.filter((reason) => reason === nothingSeen).length;
  const untold = skipped.length - empty;
  return [
    ...(untold > 0 ? [`${areUnscored(untold)}, for the judge cannot tell.`] : []),
    ...(empty > 0 ? [`${areUnscored(empty)}, for ${nothingSeen}.`] : [])
  ];
}
