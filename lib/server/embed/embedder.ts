import type { Embedder } from "#lib/ports/embedder.ts";
import { type Config, isFolder } from "../config.ts";
import { openLocalModel } from "./local-model.ts";
import { findPrice } from "./prices.ts";

/**
 * Opens the model that is configured for vectors; null where none is. Nothing is asked or loaded yet.
 *
 * @throws Fault `invalid` for a folder without a model
 */
export async function openEmbedder(
  config: Pick<Config, "embeddings" | "embeddingPrice" | "embeddingTokens" | "openaiBaseUrl" | "openaiApiKey">
): Promise<Embedder | null> {
  const { embeddings, embeddingPrice, embeddingTokens, openaiBaseUrl, openaiApiKey } = config;
  if (embeddings === null) return null;
  if (isFolder(embeddings)) return openLocalModel({ folder: embeddings, tokensPerText: embeddingTokens });
  // The library is read only where there is something to ask.
  const { openEndpoint } = await import("./endpoint.ts");
  return openEndpoint({
    baseUrl: openaiBaseUrl,
    apiKey: openaiApiKey,
    model: embeddings,
    usdPerMillionTokens: embeddingPrice ?? (openaiBaseUrl === null ? findPrice(embeddings) : null),
    tokensPerText: embeddingTokens
  });
}
