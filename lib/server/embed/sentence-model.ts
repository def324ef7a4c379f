import { readFile } from "node:fs/promises";
import { Tokenizer } from "@huggingface/tokenizers";
import { Fault } from "#lib/model/fault.ts";
import { checkRow } from "./answer.ts";
import type { ModelFolder } from "./model-folder.ts";
import { loadRuntime, type OnnxRuntime, type OnnxSession, type OnnxTensor } from "./onnx-runtime.ts";
import { poolTokens } from "./pool-tokens.ts";

/** A sentence model in memory. */
export interface SentenceModel {
  /** @returns texts x d, rows of length one */
  embed(texts: readonly string[]): Promise<{ readonly vectors: Float32Array; readonly d: number }>;
}

/** Loads runtime, model and tokenizer. @throws Fault `missing` without a runtime, `broken` for files that cannot be read */
export async function openSentenceModel(folder: ModelFolder): Promise<SentenceModel> {
  const runtime = await loadRuntime();
  const tokenizer = await openTokenizer(folder);
  const session = await openSession(runtime, folder);
  const state = chooseState(session, folder);
  return {
    async embed(texts) {
      const encoded = texts.map((text) => tokenizer.encode(text));
      const tokens = encoded.reduce((most, { length }) => Math.max(most, length), 1);
      const mask = encoded.map(({ length }) => Array.from({ length: tokens }, (_, at) => (at < length ? 1 : 0)));
      const feeds: Record<string, OnnxTensor> = {};
      const feed = (name: string, tokenOf: (text: number, token: number) => number) => {
        const values = new BigInt64Array(texts.length * tokens);
        for (let at = 0; at < values.length; at++) values[at] = BigInt(tokenOf(Math.floor(at / tokens), at % tokens));
        feeds[name] = new runtime.Tensor("int64", values, [texts.length, tokens]);
      };
      for (const name of session.inputNames) {
        if (name === "input_ids") feed(name, (text, token) => encoded[text]![token] ?? tokenizer.padId);
        else if (name === "attention_mask") feed(name, (text, token) => mask[text]![token]!);
        else feed(name, () => 0);
      }
      const output = (await session.run(feeds))[state]!;
      const vectors = readState(output, mask, folder);
      const d = vectors.length / texts.length;
      for (const at of texts.keys()) {
        checkRow(vectors.subarray(at * d, at * d + d), `the local model "${folder.name}" gave a vector for a text`);
      }
      return { vectors, d };
    }
  };
}

/** Ids of a text, cut to what the model reads, its last sign kept. */
interface TextTokenizer {
  readonly padId: number;
  encode(text: string): readonly number[];
}

async function openTokenizer({ tokenizerPath, tokenizerConfigPath, mostTokens }: ModelFolder): Promise<TextTokenizer> {
  try {
    const config = tokenizerConfigPath ? (JSON.parse(await readFile(tokenizerConfigPath, "utf8")) as object) : {};
    const tokenizer = new Tokenizer(JSON.parse(await readFile(tokenizerPath, "utf8")) as object, config);
    const padToken = "pad_token" in config && typeof config.pad_token === "string" ? config.pad_token : "[PAD]";
    return {
      padId: tokenizer.token_to_id(padToken) ?? 0,
      encode(text) {
        const { ids } = tokenizer.encode(text);
        return ids.length <= mostTokens ? ids : [...ids.slice(0, mostTokens - 1), ids.at(-1)!];
      }
    };
  } catch (cause) {
    throw new Fault("broken", `the tokenizer ${tokenizerPath} cannot be read: ${firstLine(cause)}`, { cause });
  }
}

const knownInputs = ["input_ids", "attention_mask", "token_type_ids"];

async function openSession(runtime: OnnxRuntime, { modelPath }: ModelFolder): Promise<OnnxSession> {
  let session: OnnxSession;
  try {
    session = await runtime.InferenceSession.create(await readFile(modelPath));
  } catch (cause) {
    throw new Fault("broken", `the model ${modelPath} cannot be loaded: ${firstLine(cause)}`, { cause });
  }
  const strange = session.inputNames.find((name) => !knownInputs.includes(name));
  if (strange === undefined && session.inputNames.includes("input_ids")) return session;
  throw new Fault("broken", `the model ${modelPath} is no sentence model: it asks for "${strange ?? "no input_ids"}"`, {
    hint: `One that reads ${knownInputs.join(", ")} is needed.`
  });
}

/** The output that holds the vectors: whole sentences where the model makes them, tokens otherwise. */
function chooseState({ outputNames }: OnnxSession, { modelPath }: ModelFolder): string {
  const wanted = ["sentence_embedding", "last_hidden_state", "token_embeddings"];
  const found = wanted.find((name) => outputNames.includes(name)) ?? outputNames[0];
  if (found !== undefined) return found;
  throw new Fault("broken", `the model ${modelPath} gives nothing`);
}

function readState(
  { dims, data }: OnnxTensor,
  mask: readonly (readonly number[])[],
  folder: ModelFolder
): Float32Array {
  const d = dims.at(-1) ?? 0;
  if (data instanceof Float32Array && dims[0] === mask.length) {
    if (dims.length === 3 && dims[1] === mask[0]?.length) return poolTokens(data, mask, d, folder.pooling);
    const isWhole = mask.map(() => [1]);
    if (dims.length === 2) return poolTokens(data, isWhole, d, "mean");
  }
  throw new Fault(
    "broken",
    `the model ${folder.modelPath} gives numbers of the shape ${dims.join(" x ")}, which are no vectors`
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!.slice(0, 300);
}
