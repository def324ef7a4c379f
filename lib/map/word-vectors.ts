import { PairCounts } from "./pair-counts.ts";
import { SparseBuilder } from "./sparse-matrix.ts";
import { buildTruncatedSvd } from "./truncated-svd.ts";
import type { WordTable } from "./vocabulary.ts";

const MOST_WORDS = 8000;
const WINDOW = 5;
/** Words of one text that count for co-occurrence; keeps one huge text from ruling the vectors. */
const MOST_PER_TEXT = 600;

/**
 * One vector per text: its words' vectors averaged, rare words weighing more. A word's vector is what
 * stands near it more often than chance.
 *
 * @returns texts x rank, row after row, not scaled; rank may be below `dimensions`
 * @see PPMI with SVD: Levy, Goldberg, Dagan 2015, doi:10.1162/tacl_a_00134; weights: Arora, Liang, Ma 2017
 */
export function buildWordVectors(
  table: WordTable,
  dimensions: number,
  seed: number
): { readonly vectors: Float64Array; readonly rank: number } {
  const n = table.sequences.length;
  const least = n < 200 ? 1 : 2;
  const kept = Array.from(table.words.keys())
    .filter((word) => table.textCount[word]! >= least)
    .sort((a, b) => table.textCount[b]! - table.textCount[a]! || a - b)
    .slice(0, MOST_WORDS);
  if (kept.length < 2) return { vectors: new Float64Array(0), rank: 0 };
  const place = new Int32Array(table.words.length).fill(-1);
  kept.forEach((word, at) => {
    place[word] = at;
  });
  const matrix = ppmi(table, place, kept.length);
  const { left, values, rank } = buildTruncatedSvd(matrix, dimensions, seed);
  for (let c = 0; c < rank; c++) {
    const root = Math.sqrt(values[c]!);
    for (let at = c; at < left.length; at += rank) left[at]! *= root;
  }
  const vectors = new Float64Array(n * rank);
  table.sequences.forEach((sequence, text) => {
    for (const word of sequence) {
      const from = place[word]! * rank;
      if (from < 0) continue;
      const weight = Math.log((n + 1) / table.textCount[word]!);
      for (let c = 0; c < rank; c++) vectors[text * rank + c]! += weight * left[from + c]!;
    }
  });
  return { vectors, rank };
}

function ppmi(table: WordTable, place: Int32Array, size: number) {
  const pairs = new PairCounts(size);
  const totals = new Float64Array(size);
  let all = 0;
  for (const sequence of table.sequences) {
    const length = Math.min(sequence.length, MOST_PER_TEXT);
    for (let i = 0; i < length; i++) {
      const a = place[sequence[i]!]!;
      if (a < 0) continue;
      for (let j = i + 1; j < Math.min(length, i + 1 + WINDOW); j++) {
        const b = place[sequence[j]!]!;
        if (b < 0 || a === b) continue;
        pairs.add(a, b);
        pairs.add(b, a);
        totals[a]!++;
        totals[b]!++;
        all += 2;
      }
    }
  }
  // Contexts are smoothed by the power 3/4, which keeps rare words from looking bound to each other.
  let smoothed = 0;
  for (const total of totals) smoothed += total ** 0.75;
  const context = totals.map((total) => total ** 0.75 / smoothed);
  const builder = new SparseBuilder();
  let row = 0;
  pairs.each((a, b, count) => {
    for (; row < a; row++) builder.endRow(null);
    const value = Math.log(count / all / ((totals[a]! / all) * context[b]!));
    if (value > 0) builder.add(b, value);
  });
  for (; row < size; row++) builder.endRow(null);
  return builder.finish(size);
}
