import { textHash } from "../math/random.ts";
import { SparseBuilder, type SparseMatrix } from "./sparse-matrix.ts";
import type { WordTable } from "./vocabulary.ts";

const GRAM_BUCKETS = 1 << 18;
const MOST_FEATURES = 30_000;

/**
 * Texts by features: words and character 3- to 5-grams within words, sublinear counts times inverse
 * text frequency; the two halves of a row have equal length. What stands in nearly every text weighs nearly nothing.
 */
export function buildTermMatrix(table: WordTable): SparseMatrix {
  const n = table.sequences.length;
  const grams = table.words.map(gramsOf);
  const gramTexts = new Int32Array(GRAM_BUCKETS);
  const last = new Int32Array(GRAM_BUCKETS).fill(-1);
  table.sequences.forEach((sequence, text) => {
    for (const word of sequence) {
      for (const gram of grams[word]!) {
        if (last[gram] === text) continue;
        last[gram] = text;
        gramTexts[gram]!++;
      }
    }
  });
  // In a small set a word of one text still tells; in a large one it only costs.
  const least = n < 200 ? 1 : 2;
  const wordColumn = chooseColumns(table.textCount, least, MOST_FEATURES / 2, 0);
  const gramColumn = chooseColumns(gramTexts, least, MOST_FEATURES / 2, wordColumn.size);
  const columns = wordColumn.size + gramColumn.size;
  const builder = new HalfRows(columns);
  const idf = (texts: number) => Math.log((n + 1) / texts);
  for (const sequence of table.sequences) {
    for (const word of sequence) builder.count(wordColumn.column[word]!);
    builder.endHalf((column) => idf(table.textCount[wordColumn.feature[column]!]!));
    for (const word of sequence) for (const gram of grams[word]!) builder.count(gramColumn.column[gram]!);
    builder.endHalf((column) => idf(gramTexts[gramColumn.feature[column - wordColumn.size]!]!));
    builder.endRow();
  }
  return builder.finish();
}

/** Buckets of the character grams of a word, its ends marked by a blank. */
function gramsOf(word: string): Int32Array {
  const marked = ` ${word} `;
  const out: number[] = [];
  for (let size = 3; size <= 5; size++) {
    for (let at = 0; at + size <= marked.length; at++) {
      const hash = textHash(marked.slice(at, at + size));
      out.push((hash ^ (hash >>> 18)) & (GRAM_BUCKETS - 1));
    }
  }
  return Int32Array.from(out);
}

interface Columns {
  /** Feature → column, or -1. */
  readonly column: Int32Array;
  /** Column (from 0) → feature. */
  readonly feature: Int32Array;
  readonly size: number;
}

/** The features of at least `least` texts, the commonest `most`. */
function chooseColumns(textCount: Int32Array, least: number, most: number, offset: number): Columns {
  let kept = Int32Array.from(textCount.keys()).filter((feature) => textCount[feature]! >= least);
  if (kept.length > most) {
    kept = kept
      .sort((a, b) => textCount[b]! - textCount[a]! || a - b)
      .slice(0, most)
      .sort();
  }
  const column = new Int32Array(textCount.length).fill(-1);
  kept.forEach((feature, at) => {
    column[feature] = at + offset;
  });
  return { column, feature: kept, size: kept.length };
}

/** Rows of two halves, each of length 1 / sqrt 2. */
class HalfRows {
  private readonly counts: Int32Array;
  private readonly columns: number;
  private readonly builder = new SparseBuilder();
  private touched: number[] = [];

  constructor(columns: number) {
    this.columns = columns;
    this.counts = new Int32Array(columns);
  }

  count(column: number): void {
    if (column < 0) return;
    if (this.counts[column]!++ === 0) this.touched.push(column);
  }

  endHalf(idf: (column: number) => number): void {
    let sum = 0;
    const weights = this.touched.map((column) => {
      const weight = (1 + Math.log(this.counts[column]!)) * idf(column);
      sum += weight * weight;
      this.counts[column] = 0;
      return weight;
    });
    const scale = sum > 0 ? Math.SQRT1_2 / Math.sqrt(sum) : 0;
    this.touched.forEach((column, at) => {
      this.builder.add(column, weights[at]! * scale);
    });
    this.touched = [];
  }

  endRow(): void {
    this.builder.endRow(null);
  }

  finish(): SparseMatrix {
    return this.builder.finish(this.columns);
  }
}
