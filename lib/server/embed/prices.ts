/** US dollars per million tokens of OpenAI's embedding models, as its price list said on 2025-06-01. */
const openAiPrices: Readonly<Record<string, number>> = {
  "text-embedding-3-small": 0.02,
  "text-embedding-3-large": 0.13,
  "text-embedding-ada-002": 0.1
};

/** What a model of OpenAI's own endpoint costs per million tokens; null for others. */
export function findPrice(model: string): number | null {
  return openAiPrices[model] ?? null;
}
