import { seededNormal, textHash } from "../math/random.ts";
import { buildTermMatrix } from "./term-matrix.ts";
import { buildTruncatedSvd } from "./truncated-svd.ts";
import type { WordTable } from "./vocabulary.ts";
import { buildWordVectors } from "./word-vectors.ts";

/** Texts as unit vectors. */
export interface TextVectors {
  /** n x d, each row of length one. */
  readonly vectors: Float32Array;
  readonly d: number;
  /** How they were made, in words. */
  readonly method: string;
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
): TextVectors {
  const n = texts.length;
  const half = Math.max(1, Math.min(HALF, n - 1));
  const terms = buildTruncatedSvd(buildTermMatrix(table), half, seed);
  onProgress?.(0.6);
  const termRows = new Float64Array(n * terms.rank);
  for (let at = 0; at < termRows.length; at++) termRows[at] = terms.left[at]! * terms.values[at % terms.rank]!;
  const words = buildWordVectors(table, half, seed + 1);
  const d = Math.max(1, terms.rank + words.rank);
  const vectors = new Float32Array(n * d);
  writeHalf(vectors, d, 0, termRows, terms.rank, false);
  writeHalf(vectors, d, terms.rank, words.vectors, words.rank, n > 50);
  for (let i = 0; i < n; i++) finishRow(vectors.subarray(i * d, i * d + d), texts[i]!);
  onProgress?.(1);
  const method = `built-in: terms by SVD ${terms.rank} + word vectors by PPMI-SVD ${words.rank}, seed ${seed}`;
  return { vectors, d, method };
}

/** Copies rows of length one beside each other. */
function writeHalf(
  out: Float32Array,
  d: number,
  offset: number,
  rows: Float64Array,
  rank: number,
  centred: boolean
): void {
  if (rank === 0) return;
  const n = rows.length / rank;
  for (let i = 0; i < n; i++) scaleRow(rows.subarray(i * rank, i * rank + rank));
  if (centred) {
    const mean = new Float64Array(rank);
    for (let at = 0; at < rows.length; at++) mean[at % rank]! += rows[at]! / n;
    for (let i = 0; i < n; i++) {
      const row = rows.subarray(i * rank, i * rank + rank);
      if (row.every((value) => value === 0)) continue;
      for (let c = 0; c < rank; c++) row[c]! -= mean[c]!;
      scaleRow(row);
    }
  }
  for (let i = 0; i < n; i++) for (let c = 0; c < rank; c++) out[i * d + offset + c] = rows[i * rank + c]!;
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
