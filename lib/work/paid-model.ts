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
  model: Model,
  questions: Iterable<ModelQuestion> | AsyncIterable<ModelQuestion>,
  usualTokens: number
): Promise<AnswersForecast> {
  const forecast = new AnswersTally(model, usualTokens);
  for await (const question of questions) forecast.add(question);
  return forecast.total();
}

/** Counts what questions would cost as they come. */
export class AnswersTally {
  readonly #model: Pick<Model, "modelId" | "price">;
  readonly #usualTokens: number;
  #questions = 0;
  #inputTokens = 0;

  /** @param usualTokens  of an answer */
  constructor(model: Pick<Model, "modelId" | "price">, usualTokens: number) {
    this.#model = model;
    this.#usualTokens = usualTokens;
  }

  add({ system, user }: Pick<ModelQuestion, "system" | "user">): void {
    this.#questions += 1;
    this.#inputTokens += estimateTokens(`${system}${user}`);
  }

  total(): AnswersForecast {
    const { modelId: model, price } = this.#model;
    const output = this.#questions * this.#usualTokens;
    return {
      model,
      questions: this.#questions,
      tokens: this.#inputTokens + output,
      costUsd: costUsd(price, this.#inputTokens, output)
    };
  }
}

/** An amount of US dollars to two digits: `$0.0042`. */
export function sayUsd(usd: number): string {
  return usd === 0 ? "$0" : `$${usd.toPrecision(2)}`;
}
