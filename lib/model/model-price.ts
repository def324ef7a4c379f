/** What a model costs, in US dollars per million tokens. */
export interface ModelPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
}

/** Cost of some tokens in US dollars; null where the price is not known. */
export function costUsd(price: ModelPrice | null, inputTokens: number, outputTokens: number): number | null {
  return price === null ? null : (inputTokens * price.inputUsd + outputTokens * price.outputUsd) / 1e6;
}

/** UTF-8 bytes that a token stands for at least: few enough that no language is counted as cheaper than it is. */
const bytesPerToken = 3;

/** About how many tokens a text has, rather too many than too few. */
export function estimateTokens(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).length / bytesPerToken);
}
