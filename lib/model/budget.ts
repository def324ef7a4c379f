import { costUsd, type ModelPrice } from "./model-price.ts";

/** The most that a piece of work may spend on a model; null bounds nothing. */
export interface BudgetCap {
  readonly usd: number | null;
  /** Input and output together. */
  readonly tokens: number | null;
}

/** What has been spent. */
export interface Spending {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null where the price of the model is not known. */
  readonly costUsd: number | null;
}

/** Nothing spent, at a price of nothing. */
export const noSpending: Spending = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** Two spendings together; the cost is unknown when one of them is. */
export function addSpending(one: Spending, other: Spending): Spending {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    costUsd: one.costUsd === null || other.costUsd === null ? null : one.costUsd + other.costUsd
  };
}

/** Part of a budget that is set aside for one question, until what it cost is known. */
export interface Reserve {
  /** Puts what was spent in the place of what was set aside. */
  settle(spent: Spending): void;
}

/**
 * The money of one piece of work. A question sets aside the most it can cost before it is asked, so that questions
 * under way at once do not overstep the cap together.
 */
export class Budget {
  readonly cap: BudgetCap;
  #spent = noSpending;
  #reservedTokens = 0;
  #reservedUsd = 0;

  constructor(cap: BudgetCap) {
    this.cap = cap;
  }

  get spent(): Spending {
    return this.#spent;
  }

  /**
   * @param inputTokens   about to be sent
   * @param outputTokens  at most to come back
   * @returns undefined where the cap does not hold them, or is in dollars and the price is not known
   */
  reserve(inputTokens: number, outputTokens: number, price: ModelPrice | null): Reserve | undefined {
    const [tokens, usd] = [inputTokens + outputTokens, costUsd(price, inputTokens, outputTokens)];
    const spentTokens = this.#spent.inputTokens + this.#spent.outputTokens;
    if (this.cap.tokens !== null && spentTokens + this.#reservedTokens + tokens > this.cap.tokens) return undefined;
    if (this.cap.usd !== null) {
      if (usd === null || this.#spent.costUsd === null) return undefined;
      if (this.#spent.costUsd + this.#reservedUsd + usd > this.cap.usd) return undefined;
    }
    this.#reservedTokens += tokens;
    this.#reservedUsd += usd ?? 0;
    let isOpen = true;
    return {
      settle: (spent) => {
        if (!isOpen) return;
        isOpen = false;
        this.#reservedTokens -= tokens;
        this.#reservedUsd -= usd ?? 0;
        this.#spent = addSpending(this.#spent, spent);
      }
    };
  }
}
