import { PairCounts } from "./pair-counts.ts";
import { SparseBuilder } from "./sparse-matrix.ts";
import { buildTruncatedSvd } from "./truncated-svd.ts";
import type { WordTable } from "./vocabulary.ts";

const MOST_WORDS = 8000;
const WINDOW = 5;
/** Words of one text that count for co-occurrence; keeps one huge text from ruling the vectors. */
const MOST_PER_TEXT = 600;

/** Words as vectors, with how much each tells. */
export interface WordModel {
  readonly words: readonly string[];
  /** Inverse text frequency by word. */
  readonly weight: Float64Array;
  /** words x rank. */
  readonly vectors: Float32Array;
  readonly rank: number;
}

/**
 * Fits word vectors on texts: a word's vector is what stands near it more often than chance.
 *
 * @returns rank may be below `dimensions`; 0 where there are fewer than two words
 * @see PPMI with SVD: Levy, Goldberg, Dagan 2015, doi:10.1162/tacl_a_00134
 */
export function fitWords(table: WordTable, dimensions: number, seed: number): WordModel {
  const n = table.sequences.length;
  const least = n < 200 ? 1 : 2;
  const kept = Array.from(table.words.keys())
    .filter((word) => table.textCount[word]! >= least)
    .sort((a, b) => table.textCount[b]! - table.textCount[a]! || a - b)
    .slice(0, MOST_WORDS);
  if (kept.length < 2) return { words: [], weight: new Float64Array(0), vectors: new Float32Array(0), rank: 0 };
  const place = new Int32Array(table.words.length).fill(-1);
  kept.forEach((word, at) => {
    place[word] = at;
  });
  const { left, values, rank } = buildTruncatedSvd(ppmi(table, place, kept.length), dimensions, seed);
  return {
    words: kept.map((word) => table.words[word]!),
    weight: Float64Array.from(kept, (word) => Math.log((n + 1) / table.textCount[word]!)),
    vectors: Float32Array.from(left, (value, at) => value * Math.sqrt(values[at % rank]!)),
    rank
  };
}

/**
 * One vector per text: its words' vectors averaged, rare words weighing more; unknown words do not count.
 *
 * @returns texts x rank, row after row, not scaled
 * @see weights: Arora, Liang, Ma 2017
 */
export function averageWords({ words, weight, vectors, rank }: WordModel, table: WordTable): Float64Array {
  const placeOf = new Map(words.map((word, at) => [word, at]));
  const place = table.words.map((word) => placeOf.get(word) ?? -1);
  const rows = new Float64Array(table.sequences.length * rank);
  table.sequences.forEach((sequence, text) => {
    for (const word of sequence) {
      const at = place[word]!;
      if (at < 0) continue;
      for (let c = 0; c < rank; c++) rows[text * rank + c]! += weight[at]! * vectors[at * rank + c]!;
    }
  });
  return rows;
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
