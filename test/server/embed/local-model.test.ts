import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Embedder } from "#lib/ports/embedder.ts";
import { openEmbedder } from "#lib/server/embed/embedder.ts";
import { type LocalModelOptions, openLocalModel } from "#lib/server/embed/local-model.ts";
import { loadRuntime } from "#lib/server/embed/onnx-runtime.ts";
import { type TinyModel, tinyDimensions, tinyTable, tinyWords, writeTinyModel } from "./tiny-model.ts";

let root: string;
let made = 0;
const opened: Embedder[] = [];
beforeAll(async () => {
  root = await mkdtemp(`${tmpdir()}/tracebook-model-`);
});
afterEach(() => Promise.all(opened.splice(0).map((embedder) => embedder.close())));
afterAll(() => rm(root, { recursive: true }));

const never = new AbortController().signal;

async function open(how: TinyModel = {}, options: Partial<LocalModelOptions> = {}): Promise<Embedder> {
  const folder = `${root}/tiny-${++made}`;
  await writeTinyModel(folder, how);
  const embedder = await openLocalModel({ folder, tokensPerText: 100, ...options });
  opened.push(embedder);
  return embedder;
}

async function embed(embedder: Embedder, texts: readonly string[], signal = never): Promise<Float32Array[]> {
  const rows: Float32Array[] = [];
  for await (const { of, vectors, d } of embedder.embed(texts, signal)) {
    of.forEach((at, row) => {
      rows[at] = vectors.subarray(row * d, row * d + d);
    });
  }
  return rows;
}

/** By hand: the mean of the words' rows, of length one. */
function meanOf(words: readonly string[]): number[] {
  const rows = words.map((word) => tinyTable[tinyWords.indexOf(word)]!);
  const sum = Array.from({ length: tinyDimensions }, (_, c) => rows.reduce((all, row) => all + row[c]!, 0));
  return sum.map((value) => value / Math.hypot(...sum));
}

function expectRow(row: Float32Array | undefined, expected: readonly number[]): void {
  expect(row).toHaveLength(expected.length);
  expected.forEach((value, c) => {
    expect(row![c]).toBeCloseTo(value, 5);
  });
}

test("a text's vector is the mean of its tokens', whatever longer text is embedded beside it", async () => {
  const embedder = await open();
  const [refund, parcel, strange] = await embed(embedder, ["Refund", "late parcel, late seat", "zebra"]);
  expectRow(refund, meanOf(["[CLS]", "refund", "[SEP]"]));
  expectRow(parcel, meanOf(["[CLS]", "late", "par", "##cel", "[UNK]", "late", "seat", "[SEP]"]));
  expectRow(strange, meanOf(["[CLS]", "[UNK]", "[SEP]"]));
  expect(embedder.model).toMatch(/^tiny-\d+@[0-9a-f]{12}$/);
  expect(embedder.usdPerMillionTokens).toBe(0);
});

test("a long text is cut to what the model reads, its end kept, and many texts each get their own", async () => {
  const embedder = await open();
  expect(embedder.tokensPerText).toBe(16);
  const [long] = await embed(embedder, ["refund ".repeat(30)]);
  expectRow(long, meanOf(["[CLS]", ...new Array<string>(6).fill("refund"), "[SEP]"]));
  const texts = Array.from({ length: 50 }, (_, i) => [["refund"], ["seat", "late"], ["court"]][i % 3]!.join(" "));
  const rows = await embed(embedder, texts);
  rows.forEach((row, at) => {
    expectRow(row, meanOf(["[CLS]", ...texts[at]!.split(" "), "[SEP]"]));
  });
});

test("a model that names its first token is read by it, one of whole sentences as it is", async () => {
  const first = await open({ files: { "1_Pooling/config.json": '{"pooling_mode_cls_token": true}' } });
  expectRow((await embed(first, ["refund"]))[0], meanOf(["[CLS]"]));
  const typed = await open({ inputs: ["input_ids", "attention_mask", "token_type_ids"], output: "token_embeddings" });
  expectRow((await embed(typed, ["refund"]))[0], meanOf(["[CLS]", "refund", "[SEP]"]));
});

test("the same files have the same name, others another", async () => {
  const digest = async (how?: TinyModel) => (await open(how)).model.split("@")[1];
  expect(await digest()).toBe(await digest());
  expect(await digest({ isZero: true })).not.toBe(await digest());
});

test.each([
  ["a model that is no model", { files: { "model.onnx": "x" } }, /model\.onnx cannot be loaded/],
  ["a tokenizer that is none", { files: { "tokenizer.json": "{" } }, /tokenizer\.json cannot be read/],
  ["a tokenizer of an unknown kind", { files: { "tokenizer.json": '{"model": {"type": "Odd"}}' } }, /cannot be read/],
  ["a model that asks for more", { inputs: ["input_ids", "pixel_values"] }, /asks for "pixel_values"/],
  ["a model of zeros", { isZero: true }, /that is all zeros/]
] as const)("%s is said in a sentence", async (_, how, sentence) => {
  const embedder = await open(how as TinyModel);
  await expect(embed(embedder, ["refund"])).rejects.toMatchObject({
    code: "broken",
    message: expect.stringMatching(sentence)
  });
});

test("a folder that is not there, or holds no model, is said before anything is loaded", async () => {
  const config = { embeddingPrice: null, embeddingTokens: 100, openaiBaseUrl: null, openaiApiKey: null };
  await expect(openEmbedder({ ...config, embeddings: `${root}/nowhere` })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("there is no folder")
  });
  await writeTinyModel(`${root}/half`, {});
  await rm(`${root}/half/tokenizer.json`);
  await expect(openEmbedder({ ...config, embeddings: `${root}/half` })).rejects.toMatchObject({
    message: expect.stringContaining("has no tokenizer.json")
  });
  expect(await openEmbedder({ ...config, embeddings: null })).toBeNull();
});

test("without a runtime it says which to install, and one that cannot load says why", async () => {
  const absent = async (name: string) => {
    throw Object.assign(new Error(`Cannot find package '${name}'`), { code: "ERR_MODULE_NOT_FOUND" });
  };
  await expect(loadRuntime(absent)).rejects.toMatchObject({
    code: "missing",
    hint: expect.stringContaining("npm install --no-save onnxruntime-web")
  });
  const hurt = async () => {
    throw new Error("libonnxruntime.so: cannot open");
  };
  await expect(loadRuntime(hurt)).rejects.toMatchObject({ message: expect.stringContaining("libonnxruntime.so") });
});

test("a stopped call ends at once, and the next one is answered", async () => {
  const embedder = await open();
  const stop = new AbortController();
  const texts = Array.from({ length: 64 }, () => "refund");
  const pieces: number[] = [];
  const call = async () => {
    for await (const { of } of embedder.embed(texts, stop.signal)) {
      pieces.push(of.length);
      stop.abort();
    }
  };
  await expect(call()).rejects.toMatchObject({ code: "limit", message: "stopped" });
  expect(pieces).toEqual([16]);
  expect(await embed(embedder, ["seat"])).toHaveLength(1);
});

test("a thread that dies is a fault, and the next call begins another", async () => {
  const vocab = Object.fromEntries(Array.from({ length: 300_000 }, (_, id) => [`word-${id}`, id]));
  const files = { "tokenizer.json": JSON.stringify({ model: { type: "WordPiece", vocab } }) };
  const embedder = await open({ files }, { heapBytes: 32 * 2 ** 20 });
  for (let i = 0; i < 2; i++) {
    await expect(embed(embedder, ["refund"])).rejects.toMatchObject({
      code: "broken",
      message: "the thread of the local embedding model ended before it was done"
    });
  }
});
