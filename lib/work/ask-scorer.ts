import type { Budget } from "#lib/model/budget.ts";
import type { Model, ModelAnswer } from "#lib/ports/model.ts";
import type { SandboxSession, SandboxVerdict, ScorerAnswer } from "#lib/ports/sandbox.ts";
import { buildScorerPrompt, sampleAnswer, usualAnswerTokens } from "#lib/scoring/scorer-question.ts";
import type { AnswersForecast } from "#lib/wire/cell-forecast.ts";
import { type Asking, askTogether, countUnanswered, sumSpending } from "./ask-all.ts";
import { AnswersTally, openBudget, sayUsd } from "./paid-model.ts";
import type { ReadGround } from "./score-subjects.ts";
import type { GivenVerdict } from "./score-table.ts";
import { type ScorerAsking, scoreTraces } from "./score-traces.ts";

/** Why a question of a scorer is not asked where there is no model. */
export const noModel =
  "no model is configured to answer the scorer's question: set TRACEBOOK_MODEL and its endpoint, or let the scorer catch this";

/** What a scorer is called in faults about its model. */
export const askingScorer = { name: "a scorer that asks", without: "or let the scorer do without" };

/** Answers questions of a scorer, each paid from the budget; its words are the scorer's, its material is data. */
export function answerScorer(asking: Asking): ScorerAsking["answer"] {
  const ask = askTogether(asking);
  return ({ question, material, businessUnit }, signal) =>
    ask({ businessUnit, ...buildScorerPrompt(question, material) }, signal);
}

/** Answers nothing, and says why. */
export const answerNothing: ScorerAsking["answer"] = async () => ({ kind: "unasked", reason: noModel });

/**
 * What a scorer that asks may spend.
 *
 * @param usd       as the score cell says it
 * @param forecast  called where the cell says no budget
 * @returns null where no model is configured: its questions then fail one by one, and the scorer may do without
 * @throws Fault `invalid` where a model is configured and nobody said what it costs, or how much may be spent
 */
export async function openScorerBudget(
  model: Model | null,
  usd: number | null,
  forecast: (model: Model) => Promise<AnswersForecast>
): Promise<Budget | null> {
  return model && openBudget(model, askingScorer, usd, () => forecast(model));
}

/**
 * What the questions of a scorer would cost. It is run over the traces and given made-up answers, so that it goes on
 * to the questions that follow; no model is asked, and its verdicts are thrown away.
 *
 * @param traces  quoted
 */
export async function forecastScorer(
  model: Model,
  session: SandboxSession,
  ground: ReadGround,
  traces: string,
  expected: string | null
): Promise<AnswersForecast> {
  const tally = new AnswersTally(model, usualAnswerTokens);
  const answer: ScorerAsking["answer"] = async ({ question, material }) => {
    tally.add(buildScorerPrompt(question, material));
    const spent = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
    return { kind: "answered", value: sampleAnswer(question), modelId: model.modelId, spent, isCached: false };
  };
  await scoreTraces(session, ground, traces, expected, undefined, { answer, onStopped: async () => undefined });
  return tally.total();
}

/** A verdict with what the answers behind it cost, and who gave them. */
export function withAnswers({ score, durationMs, answers = [] }: SandboxVerdict): GivenVerdict {
  const asked = answers.filter(isAsked);
  const models = [...new Set(asked.flatMap((answer) => (answer.kind === "answered" ? [answer.modelId] : [])))];
  return {
    ...{ score, durationMs, costUsd: sumSpending(asked).costUsd ?? 0 },
    ...(models.length > 0 ? { detail: { model: models.join(", ") } } : {})
  };
}

/** What is worth saying of the questions that a scorer asked. */
export function notesOfAnswers(model: Model | null, verdicts: readonly SandboxVerdict[]): readonly string[] {
  const answers = verdicts.flatMap(({ answers = [] }) => answers);
  const asked = answers.filter(isAsked);
  if (!model) return answers.length > 0 ? [`${count(answers.length)} were not asked: ${noModel}.`] : [];
  const cached = asked.filter((answer) => answer.kind === "answered" && answer.isCached).length;
  const before = cached > 0 ? `, ${cached.toLocaleString("en-US")} of them answered before` : "";
  return [
    `${model.modelId} was asked ${count(asked.length)} for ${sayUsd(sumSpending(asked).costUsd ?? 0)}${before}.`,
    ...countUnanswered(asked).map(
      (missing) => `${count(missing.count)} had no answer, ${missing.why}: ${missing.reason}.`
    )
  ];
}

const count = (value: number) => `${value.toLocaleString("en-US")} question${value === 1 ? "" : "s"}`;

const isAsked = (answer: ScorerAnswer): answer is ModelAnswer => answer.kind !== "unasked";
