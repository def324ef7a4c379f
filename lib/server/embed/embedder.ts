import type { Embedder } from "#lib/ports/embedder.ts";
import type { Config } from "../config.ts";
import { openEndpoint } from "./endpoint.ts";
import { findPrice } from "./prices.ts";

/** Opens the model that is configured for vectors; null where none is. Nothing is asked or loaded yet. */
export function openEmbedder(
  config: Pick<Config, "embeddings" | "embeddingPrice" | "embeddingTokens" | "openaiBaseUrl" | "openaiApiKey">
): Embedder | null {
  const { embeddings, embeddingPrice, embeddingTokens, openaiBaseUrl, openaiApiKey } = config;
  if (embeddings === null) return null;
  return openEndpoint({
    baseUrl: openaiBaseUrl,
    apiKey: openaiApiKey,
    model: embeddings,
    usdPerMillionTokens: embeddingPrice ?? (openaiBaseUrl === null ? findPrice(embeddings) : null),
    tokensPerText: embeddingTokens
  });
}
