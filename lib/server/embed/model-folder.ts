import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Fault } from "#lib/model/fault.ts";

/** A sentence model on disk, as sentence-transformers and the exports for the web lay it out. */
export interface ModelFolder {
  /** Name of the folder and the first digits of a digest of model and tokenizer: another model has another name. */
  readonly name: string;
  /** Absolute paths. */
  readonly modelPath: string;
  readonly tokenizerPath: string;
  readonly tokenizerConfigPath: string | null;
  /** What a text's vector is made of: the mean of its tokens', or that of the first. */
  readonly pooling: "mean" | "first";
  /** Tokens that the model reads of a text. */
  readonly mostTokens: number;
}

const modelPlaces = ["model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx"];

/** Where nothing says how long a text may be. */
const usualTokens = 512;

/** @throws Fault `invalid` for a folder without a model or a tokenizer */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const path = folder.replace(/\/+$/, "");
  if (!(await exists(path))) {
    throw new Fault("invalid", `there is no folder "${path}" with an embedding model`, {
      hint: "Set TRACEBOOK_EMBEDDINGS to a folder with model.onnx and tokenizer.json, or to the name of an endpoint's model."
    });
  }
  const modelPath = await findFile(path, modelPlaces);
  const tokenizerPath = await findFile(path, ["tokenizer.json", "onnx/tokenizer.json"]);
  const [sentence, tokenizer, model, pooling] = await Promise.all(
    ["sentence_bert_config.json", "tokenizer_config.json", "config.json", "1_Pooling/config.json"].map((name) =>
      readSettings(`${path}/${name}`)
    )
  );
  const lengths = [sentence?.["max_seq_length"], tokenizer?.["model_max_length"], model?.["max_position_embeddings"]];
  const mostTokens = lengths.find(
    (value): value is number => typeof value === "number" && Number.isInteger(value) && value > 2 && value <= 100_000
  );
  const digest = createHash("sha256");
  for (const file of [modelPath, tokenizerPath]) {
    for await (const chunk of createReadStream(file)) digest.update(chunk as Buffer);
  }
  return {
    name: `${basename(path)}@${digest.digest("hex").slice(0, 12)}`,
    modelPath,
    tokenizerPath,
    tokenizerConfigPath: tokenizer ? `${path}/tokenizer_config.json` : null,
    pooling: pooling?.["pooling_mode_cls_token"] === true ? "first" : "mean",
    mostTokens: mostTokens ?? usualTokens
  };
}

async function findFile(folder: string, names: readonly string[]): Promise<string> {
  for (const name of names) if (await exists(`${folder}/${name}`)) return `${folder}/${name}`;
  throw new Fault("invalid", `the embedding model "${folder}" has no ${names[0]}`, {
    hint: "Export the model to ONNX with its tokenizer, as optimum-cli or the repositories for the web do."
  });
}

async function readSettings(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  if (!(await exists(path))) return null;
  try {
    return JSON.parse(await readFile(path, "utf8")) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new Fault("invalid", `${path} is no JSON`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
      throw error;
    }
  );
}
