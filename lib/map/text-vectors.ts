import { seededNormal, textHash } from "../math/random.ts";
import { checkVectors } from "./check-vectors.ts";
import { plainMatrix } from "./plain-matrix.ts";
import { buildTermMatrix, fitTerms, type TermModel } from "./term-matrix.ts";
import { buildTruncatedSvd, rowBasis } from "./truncated-svd.ts";
import { unseenShares } from "./unseen-words.ts";
import type { WordTable } from "./vocabulary.ts";
import { averageWords, fitWords, type WordModel } from "./word-vectors.ts";

/** Texts as unit vectors. */
export interface TextVectors {
  /** n x d, each row of length one. */
  readonly vectors: Float32Array;
  readonly d: number;
  /** How much of each text no other text shares a word of, 0..1, see `unseenShares`. */
  readonly unseen: Float32Array;
  /** How they were made, in words. */
  readonly method: string;
  /**
   * Makes what turns later texts into vectors of the same space; costs about a tenth of the vectors. Undefined where
   * the vectors came from elsewhere.
   */
  keepModel(): TextModel | undefined;
}

/** Text vectors that were made here. */
export interface FittedVectors extends TextVectors {
  keepModel(): TextModel;
}

/** What turns texts into the vectors of one map, whatever texts come later. */
export interface TextModel {
  readonly terms: TermModel;
  /** Term columns x termRank. */
  readonly basis: Float32Array;
  readonly termRank: number;
  readonly words: WordModel;
  /** Mean of the word half before centring; empty where it is not centred. */
  readonly mean: Float64Array;
  /** Dimensions of a vector. */
  readonly d: number;
  /** Texts it was fitted on. */
  readonly n: number;
}

/** Later texts in the space of a model. */
export interface ProjectedTexts {
  /** texts x d, each row of length one. */
  readonly vectors: Float32Array;
  /** By text: how much of it the model has no words for, 0..1. */
  readonly unseen: Float32Array;
}

/** Dimensions of each half. */
const HALF = 128;

/**
 * Vectors without network or model: terms by singular value decomposition beside averaged word vectors,
 * both centred and of equal weight. A text that shares nothing with any other gets a direction of its own.
 *
 * @param texts  cleaned, distinct; their words in `table`
 */
export function buildTextVectors(
  texts: readonly string[],
  table: WordTable,
  seed: number,
  onProgress?: (share: number) => void
): FittedVectors {
  const n = texts.length;
  const half = Math.max(1, Math.min(HALF, n - 1));
  const model = fitTerms(table);
  const terms = buildTruncatedSvd(buildTermMatrix(model, table), half, seed);
  onProgress?.(0.6);
  const termRows = new Float64Array(n * terms.rank);
  for (let at = 0; at < termRows.length; at++) termRows[at] = terms.left[at]! * terms.values[at % terms.rank]!;
  const words = fitWords(table, half, seed + 1);
  const wordRows = averageWords(words, table);
  const mean = n > 50 ? meanOfRows(wordRows, words.rank) : new Float64Array(0);
  const d = Math.max(1, terms.rank + words.rank);
  const vectors = joinHalves(texts, d, termRows, terms.rank, wordRows, words.rank, mean);
  onProgress?.(1);
  return {
    vectors,
    d,
    unseen: unseenShares(
      table,
      (word) => (table.textCount[word]! > 1 ? Math.log((n + 1) / table.textCount[word]!) : undefined),
      Math.log(n + 1)
    ),
    method: `built-in: terms by SVD ${terms.rank} + word vectors by PPMI-SVD ${words.rank}, seed ${seed}`,
    keepModel: () => ({ terms: model, basis: rowBasis(terms), termRank: terms.rank, words, mean, d, n })
  };
}

/**
 * Vectors that came from elsewhere, as a map takes them: rows of length one. A row of zeros gets a direction of its
 * own, far from all others. Nothing is known of words that no other text has.
 *
 * @throws Fault `invalid` for numbers that are none, see `checkVectors`
 */
export function takeVectors(texts: readonly string[], given: Float32Array, d: number, model: string): TextVectors {
  checkVectors(given, texts.length, d);
  const vectors = given.slice(0, texts.length * d);
  texts.forEach((text, i) => {
    finishRow(vectors.subarray(i * d, i * d + d), text);
  });
  return {
    vectors,
    d: Math.max(1, d),
    unseen: new Float32Array(texts.length),
    method: `${model}, ${d} dimensions`,
    keepModel: () => undefined
  };
}

/**
 * Vectors of any texts in the space of a model. Texts the model was fitted on get the vectors of the fit, to
 * rounding; words the model does not know do not count.
 *
 * @param texts  cleaned; their words in `table`
 */
export function projectTexts(model: TextModel, texts: readonly string[], table: WordTable): ProjectedTexts {
  const { terms, basis, termRank, words, mean, d } = model;
  const termRows = Float64Array.from(plainMatrix.multiplySparse(buildTermMatrix(terms, table), basis, termRank));
  const weights = new Map(terms.words.map((word, column) => [word, terms.weight[column]!]));
  return {
    vectors: joinHalves(texts, d, termRows, termRank, averageWords(words, table), words.rank, mean),
    unseen: unseenShares(table, (word) => weights.get(table.words[word]!), Math.log(model.n + 1))
  };
}

/** The two halves of each text beside each other, each of length one, and the whole too. */
function joinHalves(
  texts: readonly string[],
  d: number,
  terms: Float64Array,
  termRank: number,
  words: Float64Array,
  wordRank: number,
  mean: Float64Array
): Float32Array {
  const vectors = new Float32Array(texts.length * d);
  writeHalf(vectors, d, 0, terms, termRank, new Float64Array(0));
  writeHalf(vectors, d, termRank, words, wordRank, mean);
  texts.forEach((text, i) => {
    finishRow(vectors.subarray(i * d, i * d + d), text);
  });
  return vectors;
}

/** The mean of rows once each is scaled to length one. */
function meanOfRows(rows: Float64Array, rank: number): Float64Array {
  const mean = new Float64Array(rank);
  if (rank === 0) return mean;
  const n = rows.length / rank;
  for (let i = 0; i < n; i++) {
    const row = rows.slice(i * rank, i * rank + rank);
    scaleRow(row);
    for (let c = 0; c < rank; c++) mean[c]! += row[c]! / n;
  }
  return mean;
}

/** Copies rows of length one, centred where there is a mean; `rows` are scaled in place. */
function writeHalf(
  out: Float32Array,
  d: number,
  offset: number,
  rows: Float64Array,
  rank: number,
  mean: Float64Array
): void {
  if (rank === 0) return;
  for (let i = 0; i < rows.length / rank; i++) {
    const row = rows.subarray(i * rank, i * rank + rank);
    scaleRow(row);
    if (mean.length > 0 && row.some((value) => value !== 0)) {
      for (let c = 0; c < rank; c++) row[c]! -= mean[c]!;
      scaleRow(row);
    }
    for (let c = 0; c < rank; c++) out[i * d + offset + c] = row[c]!;
  }
}

function scaleRow(row: Float64Array): void {
  let sum = 0;
  for (const value of row) sum += value * value;
  const scale = sum > 1e-24 ? 1 / Math.sqrt(sum) : 0;
  for (let c = 0; c < row.length; c++) row[c]! *= scale;
}

function finishRow(row: Float32Array, text: string): void {
  let sum = 0;
  for (const value of row) sum += value * value;
  if (sum < 1e-12) {
    const normal = seededNormal(textHash(text));
    sum = 0;
    for (let c = 0; c < row.length; c++) {
      row[c] = normal();
      sum += row[c]! ** 2;
    }
  }
  const scale = 1 / Math.sqrt(sum);
  for (let c = 0; c < row.length; c++) row[c]! *= scale;
}
