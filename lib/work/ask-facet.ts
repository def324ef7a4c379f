import { Budget, type Spending } from "#lib/model/budget.ts";
import { Fault } from "#lib/model/fault.ts";
import { costUsd } from "#lib/model/model-price.ts";
import { cutLine } from "#lib/model/one-line.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import { cutText, estimateTokens } from "#lib/model/text-tokens.ts";
import type { Model, ModelQuestion } from "#lib/ports/model.ts";
import { dataRule, formatDataBlock } from "#lib/scoring/data-block.ts";
import type { FacetForecast } from "#lib/wire/map-forecast.ts";
import { askAll, countUnanswered, sumSpending } from "./ask-all.ts";

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

/** Of a conversation, its beginning and its end, about. */
const [headTokens, tailTokens] = [1500, 500];

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
  const { model, budget } = requirePaid(question, questions);
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
    const user = formatDataBlock({ conversation: cutMiddle(said) });
    return questions.push({ businessUnit: unit, system, user, form: "facet", schema, maxTokens: mostTokens }) - 1;
  });
  return { questions, owner, unasked: owner.filter((at) => at === null).length };
}

/** The beginning and the end of a long conversation: what is wanted is said in the one, what came of it in the other. */
function cutMiddle(text: string): string {
  if (estimateTokens(text) <= headTokens + tailTokens) return text;
  const head = cutText(text, headTokens);
  const tail = cutText(
    Array.from(text.slice(-8 * tailTokens))
      .reverse()
      .join(""),
    tailTokens
  );
  return `${head} … ${Array.from(tail).reverse().join("")}`;
}

/** What asking a facet about traces would cost, what was answered before included. */
export function forecastFacet(model: Model | null, facet: string, traces: AskedTraces): FacetForecast {
  return countTokens(requireModel(model), listQuestions(facet, traces).questions);
}

function countTokens({ modelId, price }: Model, questions: readonly ModelQuestion[]): FacetForecast {
  const input = questions.reduce((sum, { system, user }) => sum + estimateTokens(`${system}${user}`), 0);
  const output = questions.length * usualTokens;
  return {
    model: modelId,
    questions: questions.length,
    tokens: input + output,
    costUsd: costUsd(price, input, output)
  };
}

function requireModel(model: Model | null): Model {
  if (model) return model;
  throw new Fault("invalid", "a facet is asked of a model, and none is configured", {
    hint: "Set TRACEBOOK_MODEL and its endpoint, or map another text, such as text: input."
  });
}

/** @throws Fault `invalid`, see `askFacet` */
function requirePaid(
  { model: configured, budgetUsd }: FacetQuestion,
  questions: readonly ModelQuestion[]
): { readonly model: Model; readonly budget: Budget } {
  const model = requireModel(configured);
  const { costUsd: usd } = countTokens(model, questions);
  if (usd === null) {
    throw new Fault(
      "invalid",
      `nobody said what the model "${model.modelId}" costs, so a facet cannot keep to a budget`,
      {
        hint: 'Set TRACEBOOK_MODEL_PRICE, US dollars per million tokens in and out; "0,0" for one that costs nothing.'
      }
    );
  }
  if (budgetUsd !== null) return { model, budget: new Budget({ usd: budgetUsd, tokens: null }) };
  throw new Fault("invalid", "a facet needs a budget", {
    hint: `To ask ${model.modelId} about ${count(questions.length)} traces costs about $${usd.toPrecision(2)}. Write budget_usd: with what it may cost at most.`
  });
}
