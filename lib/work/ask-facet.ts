import type { Spending } from "#lib/model/budget.ts";
import { Fault } from "#lib/model/fault.ts";
import { cutLine } from "#lib/model/one-line.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import { cutMiddle } from "#lib/model/text-tokens.ts";
import type { Model, ModelQuestion } from "#lib/ports/model.ts";
import { dataRule, formatDataBlock } from "#lib/scoring/data-block.ts";
import type { AnswersForecast } from "#lib/wire/cell-forecast.ts";
import type { MapSettings } from "#lib/workbook/cell-settings.ts";
import { askAll, countUnanswered, sumSpending } from "./ask-all.ts";
import type { MapTexts } from "./map-texts.ts";
import { forecastAnswers, openBudget, requireModel } from "./paid-model.ts";

/** What to ask about each trace, and what that may cost. */
export interface FacetQuestion {
  /** Null where none is configured. */
  readonly model: Model | null;
  readonly scope: Scope;
  /** Such as "What does the user want?". */
  readonly facet: string;
  /** US dollars; null where nobody said. */
  readonly budgetUsd: number | null;
}

/** What traces say; one entry per trace in every list. */
export interface AskedTraces {
  /** Empty for a trace that has none. */
  readonly units: readonly BusinessUnit[];
  readonly texts: readonly string[];
}

/** Answers about traces, one entry per trace. */
export interface FacetAnswers {
  /** Empty where there is none. */
  readonly texts: string[];
  /** Why some have none, and what it cost, a sentence each. */
  readonly notes: readonly string[];
  readonly spent: Spending;
}

/** Of a long conversation, about: what is wanted is said at its beginning, what came of it at its end. */
const [headTokens, tailTokens] = [1500, 500];

const askingFacet = { name: "a facet", without: "or map another text, such as text: input" };

/** Of an answer. */
const [usualTokens, mostTokens, mostCharacters] = [25, 150, 300];

const schema: Json = {
  type: "object",
  properties: {
    answer: { type: "string", description: "At most 20 words; empty where the conversation does not tell" }
  },
  required: ["answer"],
  additionalProperties: false
};

/**
 * Asks a model the same question about each trace. A trace that the model does not answer about has no text, and the
 * reason is counted; traces of a unit with the same text are asked about once.
 *
 * @param onProgress  called with answers so far, of how many
 * @throws Fault `invalid` where there is no model, no price, or no budget, which then says what it would cost
 */
export async function askFacet(
  question: FacetQuestion,
  traces: AskedTraces,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal
): Promise<FacetAnswers> {
  const { questions, owner, unasked } = listQuestions(question.facet, traces);
  const model = requireModel(question.model, askingFacet);
  const forecast = () => forecastAnswers(model, questions, usualTokens);
  const budget = await openBudget(model, askingFacet, question.budgetUsd, forecast);
  let done = 0;
  const answers = await askAll(
    { model, scope: question.scope, budget },
    questions,
    () => onProgress(++done, questions.length),
    signal
  );
  const said = answers.map((answer) =>
    answer.kind === "answered" ? cutLine((answer.value as { readonly answer: string }).answer, mostCharacters) : ""
  );
  const spent = sumSpending(answers);
  const texts = owner.map((at) => (at === null ? "" : said[at]!));
  const traceCount = (isOf: (at: number) => boolean) => owner.filter((at) => at !== null && isOf(at)).length;
  const cached = traceCount((at) => isCached(answers[at]!));
  const silent = traceCount((at) => answers[at]!.kind === "answered" && said[at] === "");
  const notes = [
    `${model.modelId} answered about ${count(texts.filter((text) => text !== "").length)} of ${count(texts.length)} traces for $${(spent.costUsd ?? 0).toPrecision(2)}, ${count(cached)} of them from before.`,
    ...countUnanswered(answers).map(({ why, reason }) => {
      const of = traceCount((at) => isFailure(answers[at]!, why));
      return `${count(of)} have no text, ${why}: ${reason}.`;
    }),
    ...(silent > 0 ? [`${count(silent)} have no text, for their conversation does not tell.`] : []),
    ...(unasked > 0 ? [`${count(unasked)} have no text, for they hold no conversation.`] : [])
  ];
  return { texts, notes, spent };
}

/**
 * Puts what a model says of each conversation in its place, where the settings of a map ask for that.
 *
 * @param onProgress  called with answers so far, of how many
 * @returns what the map's texts are, and what is left to spend
 * @throws Fault as `askFacet`; `broken` where the model answered about none
 */
export async function answerAbout(
  doors: Pick<FacetQuestion, "model" | "scope">,
  { facet, budgetUsd }: Pick<MapSettings, "facet" | "budgetUsd">,
  read: MapTexts,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal
): Promise<{ readonly read: MapTexts; readonly notes: readonly string[]; readonly budgetUsd: number | null }> {
  if (facet === null || read.texts.length === 0) return { read, notes: [], budgetUsd };
  const { texts, notes, spent } = await askFacet({ ...doors, facet, budgetUsd }, read, onProgress, signal);
  if (texts.every((text) => text === "")) {
    throw new Fault("broken", "the model answered about none of the traces", { detail: notes.join("\n") });
  }
  return { read: { ...read, texts }, notes, budgetUsd: Math.max(0, (budgetUsd ?? 0) - (spent.costUsd ?? 0)) };
}

const count = (value: number) => value.toLocaleString("en-US");

const isCached = (answer: { readonly kind: string; readonly isCached?: boolean }) => answer.isCached === true;

const isFailure = (answer: { readonly kind: string; readonly why?: string }, why: string) => answer.why === why;

/** A question per unit and text, and which of them each trace is asked by; null for traces with nothing to ask about. */
function listQuestions(facet: string, { units, texts }: AskedTraces) {
  const questions: ModelQuestion[] = [];
  const known = new Map<string, number>();
  const system = `You answer one question about a recorded conversation between people and an AI agent. ${dataRule} The question is: ${JSON.stringify(facet)}. Answer it in at most 20 words, of the same thing always in the same words, and in the language of the question. Name no people, and no numbers of accounts or orders. Where the conversation does not tell, the answer is empty.`;
  const owner = texts.map((text, at): number | null => {
    const [unit, said] = [units[at]!, text.trim()];
    if (unit === "" || said === "") return null;
    const key = `${unit} ${said}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, questions.length);
    const user = formatDataBlock({ conversation: cutMiddle(said, headTokens, tailTokens) });
    return questions.push({ businessUnit: unit, system, user, form: "facet", schema, maxTokens: mostTokens }) - 1;
  });
  return { questions, owner, unasked: owner.filter((at) => at === null).length };
}

/** What asking a facet about traces would cost; see `forecastAnswers`. */
export function forecastFacet(model: Model | null, facet: string, traces: AskedTraces): Promise<AnswersForecast> {
  return forecastAnswers(requireModel(model, askingFacet), listQuestions(facet, traces).questions, usualTokens);
}
