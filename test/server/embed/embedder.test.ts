import { afterAll, beforeAll, expect, test } from "vitest";
import { openEmbedder } from "#lib/server/embed/embedder.ts";
import { findPrice } from "#lib/server/embed/prices.ts";

const nothing = {
  ...{ embeddings: null, embeddingPrice: null, embeddingTokens: 512 },
  ...{ openaiBaseUrl: null, openaiApiKey: "key" }
};
const opened: { close(): Promise<void> }[] = [];
const open = async (config: Partial<Parameters<typeof openEmbedder>[0]>) => {
  const embedder = await openEmbedder({ ...nothing, ...config });
  if (embedder) opened.push(embedder);
  return embedder;
};

beforeAll(() => expect(findPrice("text-embedding-3-small")).toBeGreaterThan(0));
afterAll(() => Promise.all(opened.map((embedder) => embedder.close())));

test("without a model there is none, and a folder without one is said", async () => {
  expect(await open({})).toBeNull();
  await expect(open({ embeddings: "/nowhere/at/all" })).rejects.toMatchObject({ code: "invalid" });
});

test("a price is known for OpenAI's own endpoint alone, and one that is set counts everywhere", async () => {
  const model = { embeddings: "text-embedding-3-small" };
  const elsewhere = { ...model, openaiBaseUrl: "http://127.0.0.1:9/v1" };
  expect((await open(model))!.usdPerMillionTokens).toBe(findPrice("text-embedding-3-small"));
  expect((await open(elsewhere))!.usdPerMillionTokens).toBeNull();
  expect((await open({ ...elsewhere, embeddingPrice: 0.5 }))!.usdPerMillionTokens).toBe(0.5);
  expect((await open({ embeddings: "a-model-of-ours" }))!.usdPerMillionTokens).toBeNull();
});
