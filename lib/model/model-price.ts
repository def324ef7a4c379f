/** What a model costs, in US dollars per million tokens. */
export interface ModelPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
}

/** Cost of some tokens in US dollars; null where the price is not known. */
export function costUsd(price: ModelPrice | null, inputTokens: number, outputTokens: number): number | null {
  return price === null ? null : (inputTokens * price.inputUsd + outputTokens * price.outputUsd) / 1e6;
}
