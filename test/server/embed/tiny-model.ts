import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Words of the tiny model, by their id. */
export const tinyWords = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "refund", "seat", "court", "par", "##cel", "late"];

/** Dimensions of its vectors. */
export const tinyDimensions = 4;

/** The vector of each word: what the model gives for a token. */
export const tinyTable = tinyWords.map((_, id) =>
  Array.from({ length: tinyDimensions }, (_, c) => Math.fround(Math.sin((id + 1) * (c + 2))))
);

/** What is not as usual in a model that a test makes. */
export interface TinyModel {
  readonly inputs?: readonly string[];
  readonly output?: string;
  /** Rows of zeros instead of words. */
  readonly isZero?: boolean;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/**
 * Writes a sentence model: one ONNX node that looks tokens up in a table, and a WordPiece tokenizer. Its bytes are made
 * here, field by field.
 */
export async function writeTinyModel(folder: string, how: TinyModel = {}): Promise<void> {
  const files: Record<string, string | Uint8Array> = {
    "model.onnx": formatModel(how),
    "tokenizer.json": JSON.stringify(tokenizer),
    "tokenizer_config.json": JSON.stringify({
      model_max_length: 8,
      pad_token: "[PAD]",
      tokenizer_class: "BertTokenizer"
    }),
    ...how.files
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(`${folder}/${name}`), { recursive: true });
    await writeFile(`${folder}/${name}`, content);
  }
}

const special = (content: string, id: number) => ({
  id,
  content,
  special: true,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false
});

const tokenizer = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: tinyWords.slice(0, 4).map(special),
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } }
    ],
    pair: [],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] }
    }
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(tinyWords.map((word, id) => [word, id]))
  }
};

function formatModel(how: TinyModel): Uint8Array {
  const output = how.output ?? "last_hidden_state";
  const table = Float32Array.from(tinyTable.flat(), (value) => (how.isZero ? 0 : value));
  const node = [text(1, "table"), text(1, "input_ids"), text(2, output), text(4, "Gather")].flat();
  const weights = [
    number(1, tinyWords.length),
    number(1, tinyDimensions),
    number(2, 1),
    text(8, "table"),
    bytes(9, [...new Uint8Array(table.buffer)])
  ].flat();
  const [float, int64] = [1, 7];
  const graph = [
    bytes(1, node),
    text(2, "tiny"),
    bytes(5, weights),
    ...(how.inputs ?? ["input_ids", "attention_mask"]).map((name) =>
      bytes(11, value(name, int64, ["batch", "tokens"]))
    ),
    bytes(12, value(output, float, ["batch", "tokens", tinyDimensions]))
  ].flat();
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, [...text(1, ""), ...number(2, 13)])]);
}

/** A ValueInfoProto. */
function value(name: string, type: number, dims: readonly (string | number)[]): number[] {
  const shape = dims.flatMap((dim) => bytes(1, typeof dim === "number" ? number(1, dim) : text(2, dim)));
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, shape)]))];
}

const varint = (given: number): number[] => (given < 128 ? [given] : [(given & 127) | 128, ...varint(given >> 7)]);
const number = (field: number, given: number): number[] => [...varint(field << 3), ...varint(given)];
const bytes = (field: number, given: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(given.length),
  ...given
];
const text = (field: number, given: string): number[] => bytes(field, [...new TextEncoder().encode(given)]);
