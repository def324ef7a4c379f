import type { Cell } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { ModelAnswer } from "#lib/ports/model.ts";
import { usualJudgeTokens } from "#lib/scoring/judge-prompt.ts";
import type { AnswersForecast } from "#lib/wire/cell-forecast.ts";
import { countUnanswered, sumSpending } from "./ask-all.ts";
import { askJudge, nothingSeen } from "./ask-judge.ts";
import type { CellContext, CellOutcome } from "./cell-context.ts";
import { askingJudge, type JudgeGround, type OpenJudge, openJudge, readCases } from "./open-judge.ts";
import { forecastAnswers, openBudget, sayUsd } from "./paid-model.ts";
import { countSubjects } from "./score-subjects.ts";
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
  const judge = await openJudge(context, cell, context.doors.model);
  const { settings, model, version } = judge;
  const forecast = () => forecastJudge(context, judge, traces);
  const budget = await openBudget(model, askingJudge, settings.budgetUsd, forecast);
  const total = (await countSubjects(context, traces, { kind: "trace" })).traces;
  const tell = (done: number) =>
    context.progress({ done, total, step: "judging", spentUsd: budget.spent.costUsd ?? 0 });
  tell(0);
  const asked = await askJudge({ ...context, budget }, judge, traces, tell);
  const { subjects, verdicts, answers, read, cut, dropped, quoteless } = asked;
  const given = { scorer: cell.key, version, source: "judge", ofSpans: false, subjects, verdicts } as const;
  if (asked.isStopped) {
    await keepScores(context, given);
    throw new Fault("limit", "stopped");
  }
  const notes = [
    sayJudged(judge, verdicts, answers),
    ...countUnanswered(answers).map(({ why, reason, count }) => `${areUnscored(count)}, ${why}: ${reason}.`),
    ...sayUntold(verdicts),
    ...(cut > 0 ? [`${count(cut)} had to be shortened for the judge, in the middle of long texts or lists.`] : []),
    ...(dropped > 0
      ? [`${count(dropped)} quotes of ${count(quoteless)} verdicts are not in their traces and were left out.`]
      : []),
    ...(total > read ? [`Not in the lake, and so not scored: ${total - read} of the table's traces.`] : [])
  ];
  return { given, notes };
}

/** What it would cost to judge every trace of a table; see `forecastAnswers`. */
export function forecastJudge(ground: JudgeGround, judge: OpenJudge, traces: string): Promise<AnswersForecast> {
  async function* listQuestions() {
    for await (const { question } of readCases(ground, judge, traces)) if (question) yield question;
  }
  return forecastAnswers(judge.model, listQuestions(), usualJudgeTokens);
}

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
