import { Budget } from "#lib/model/budget.ts";
import { Fault } from "#lib/model/fault.ts";
import { costUsd } from "#lib/model/model-price.ts";
import { estimateTokens } from "#lib/model/text-tokens.ts";
import type { Model, ModelQuestion } from "#lib/ports/model.ts";
import type { AnswersForecast } from "#lib/wire/cell-forecast.ts";

/** What asks: a word for it, and what a person can do where no model is configured. */
export interface Asker {
  /** Such as "a facet". */
  readonly name: string;
  readonly without: string;
}

/** @throws Fault `invalid` where no model is configured */
export function requireModel(model: Model | null, { name, without }: Asker): Model {
  if (model) return model;
  throw new Fault("invalid", `${name} asks a model, and none is configured`, {
    hint: `Set TRACEBOOK_MODEL and its endpoint, ${without}.`
  });
}

/**
 * The budget of a piece of work that asks a model.
 *
 * @param usd       as the cell says it; null where it says none
 * @param forecast  what it would cost; called where the cell says no budget
 * @throws Fault `invalid` where nobody said what the model costs; or no budget, and then says what it would cost
 */
export async function openBudget(
  model: Model,
  { name }: Asker,
  usd: number | null,
  forecast: () => Promise<AnswersForecast> | AnswersForecast
): Promise<Budget> {
  if (model.price === null) {
    throw new Fault(
      "invalid",
      `nobody said what the model "${model.modelId}" costs, so ${name} cannot keep to a budget`,
      {
        hint: 'Set TRACEBOOK_MODEL_PRICE, US dollars per million tokens in and out; "0,0" for one that costs nothing.'
      }
    );
  }
  if (usd !== null) return new Budget({ usd, tokens: null });
  const { questions, costUsd: about } = await forecast();
  throw new Fault("invalid", `${name} needs a budget`, {
    hint: `To ask ${model.modelId} about ${questions.toLocaleString("en-US")} traces costs about ${sayUsd(about ?? 0)}. Write budget_usd: with what it may cost at most.`
  });
}

/** What questions would cost, what was answered before included. */
export async function forecastAnswers(
  { modelId, price }: Model,
  questions: Iterable<ModelQuestion> | AsyncIterable<ModelQuestion>,
  usualTokens: number
): Promise<AnswersForecast> {
  let [count, input] = [0, 0];
  for await (const { system, user } of questions) {
    count++;
    input += estimateTokens(`${system}${user}`);
  }
  const output = count * usualTokens;
  return { model: modelId, questions: count, tokens: input + output, costUsd: costUsd(price, input, output) };
}

/** An amount of US dollars to two digits: `$0.0042`. */
export function sayUsd(usd: number): string {
  return usd === 0 ? "$0" : `$${usd.toPrecision(2)}`;
}
