import { Budget } from "#lib/model/budget.ts";
import type { Cell } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { MapGround } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { ModelQuestion } from "#lib/ports/model.ts";
import { mostJudgeTokens, usualJudgeTokens } from "#lib/scoring/judge-prompt.ts";
import { quoteName } from "#lib/sql/quote.ts";
import type { TryReply, TryRequest } from "#lib/wire/bench.ts";
import { parseJudgeSettings } from "#lib/workbook/judge-settings.ts";
import { sumSpending } from "./ask-all.ts";
import { askJudge, nothingSeen } from "./ask-judge.ts";
import { type BenchDoors, withPlainTable } from "./bench-doors.ts";
import { askingJudge, type JudgeGround, type OpenJudge, openJudge, readCases } from "./open-judge.ts";
import { forecastAnswers, openBudget } from "./paid-model.ts";
import { describeCall, describeCalls, describeSpending, unpaid } from "./tried-calls.ts";

/** Holds the chosen traces in a kernel of one's own. */
const chosenTable = "bench__chosen";

/** Estimates of tokens may lie so far below what is counted. */
const slack = 1.25;

/**
 * A judge as it is written now, on some traces: what was answered before, and only where `spend` says so what was not.
 *
 * @throws Fault `invalid` where the judge cannot be asked, or its examples stand on scores
 */
export async function tryJudge(
  doors: BenchDoors,
  scope: Scope,
  ground: MapGround,
  cell: Cell,
  asked: Pick<TryRequest, "traces" | "spend">,
  signal: AbortSignal
): Promise<TryReply> {
  const { examples } = parseJudgeSettings(cell.text);
  const table = typeof examples === "string" ? examples : "traces";
  const reply = await withPlainTable(doors, scope, ground, table, signal, async ({ kernel }) => {
    await kernel.load(chosenTable, [
      { name: "trace_id", type: "VARCHAR", values: asked.traces.map(({ traceId }) => traceId) }
    ]);
    const own = { kernel, cell, signal };
    const judge = await openJudge(own, cell, doors.model);
    return askAbout({ ...own, scope }, judge, asked);
  });
  if (reply) return reply;
  throw new Fault("invalid", `the examples of the judge "${cell.key}" stand on scores or a map: "${table}"`, {
    hint: "Run its score cell to see what it says, or take the examples from annotations."
  });
}

async function askAbout(
  ground: JudgeGround & { readonly scope: Scope },
  judge: OpenJudge,
  { traces, spend }: Pick<TryRequest, "traces" | "spend">
): Promise<TryReply> {
  const { model, settings } = judge;
  const chosen = quoteName(chosenTable);
  const questions: ModelQuestion[] = [];
  for await (const { question } of readCases(ground, judge, chosen)) if (question) questions.push(question);
  const forecast = await forecastAnswers(model, questions, usualJudgeTokens);
  const most = await forecastAnswers(model, questions, mostJudgeTokens);
  const mostUsd = most.costUsd === null ? null : Math.min(most.costUsd * slack, settings.budgetUsd ?? Infinity);
  const budget = spend ? await openBudget(model, askingJudge, mostUsd, () => forecast) : new Budget(unpaid);
  const said = await askJudge({ ...ground, budget }, judge, chosen);
  if (said.isStopped) throw new Fault("limit", "stopped");
  let next = 0;
  let open = 0;
  const calls = said.verdicts.map(({ score, durationMs }, at) => {
    const wasAsked = !(score.kind === "unscored" && score.reason === nothingSeen);
    const answer = wasAsked ? said.answers[next++] : undefined;
    const isOpen = answer?.kind === "failed" && answer.why === "over budget";
    if (isOpen) open++;
    return describeCall(said.subjects[at]!, isOpen ? null : score, durationMs);
  });
  return {
    version: judge.version,
    ...describeCalls(calls, { kind: "trace" }, traces),
    spending: describeSpending(forecast, mostUsd, {
      ...{ open, calls: questions.length },
      spentUsd: sumSpending(said.answers).costUsd ?? 0
    })
  };
}
