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
      const list = grams[word]!;
      for (let at = 0; at < list.length; at++) {
        const gram = list[at]!;
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
  const idf = new Float64Array(columns);
  wordColumn.feature.forEach((word, at) => {
    idf[at] = Math.log((n + 1) / table.textCount[word]!);
  });
  gramColumn.feature.forEach((gram, at) => {
    idf[wordColumn.size + at] = Math.log((n + 1) / gramTexts[gram]!);
  });
  const gramColumns = grams.map((list) => list.map((gram) => gramColumn.column[gram]!));
  for (const sequence of table.sequences) {
    for (const word of sequence) builder.count(wordColumn.column[word]!);
    builder.endHalf(idf);
    for (const word of sequence) {
      const list = gramColumns[word]!;
      for (let at = 0; at < list.length; at++) builder.count(list[at]!);
    }
    builder.endHalf(idf);
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

/** The features of at least `least` texts, the commonest `most`; of equally common ones the first. */
function chooseColumns(textCount: Int32Array, least: number, most: number, offset: number): Columns {
  let commonest = 0;
  for (const count of textCount) if (count > commonest) commonest = count;
  const features = new Int32Array(commonest + 1);
  for (const count of textCount) features[count]!++;
  // `bar` is the rarest count that still fits, of which only `room` features do.
  let bar = commonest;
  let room = most;
  while (bar > least && features[bar]! <= room) room -= features[bar--]!;
  const column = new Int32Array(textCount.length).fill(-1);
  const feature = new Int32Array(Math.min(most, textCount.length));
  let size = 0;
  for (let id = 0; id < textCount.length; id++) {
    const count = textCount[id]!;
    if (count < least || count < bar || (count === bar && room-- <= 0)) continue;
    column[id] = size + offset;
    feature[size++] = id;
  }
  return { column, feature: feature.slice(0, size), size };
}

/** Rows of two halves, each of length 1 / sqrt 2. */
class HalfRows {
  private readonly counts: Int32Array;
  private readonly columns: number;
  private readonly builder = new SparseBuilder();
  private readonly touched: Int32Array;
  private readonly weights: Float64Array;
  private held = 0;

  constructor(columns: number) {
    this.columns = columns;
    this.counts = new Int32Array(columns);
    this.touched = new Int32Array(columns);
    this.weights = new Float64Array(columns);
  }

  count(column: number): void {
    if (column < 0) return;
    if (this.counts[column]!++ === 0) this.touched[this.held++] = column;
  }

  /** @param idf  weight per column */
  endHalf(idf: Float64Array): void {
    const { touched, counts, held, weights } = this;
    let sum = 0;
    for (let at = 0; at < held; at++) {
      const column = touched[at]!;
      const count = counts[column]!;
      const weight = count === 1 ? idf[column]! : (1 + Math.log(count)) * idf[column]!;
      weights[at] = weight;
      sum += weight * weight;
      counts[column] = 0;
    }
    const scale = sum > 0 ? Math.SQRT1_2 / Math.sqrt(sum) : 0;
    for (let at = 0; at < held; at++) this.builder.add(touched[at]!, weights[at]! * scale);
    this.held = 0;
  }

  endRow(): void {
    this.builder.endRow(null);
  }

  finish(): SparseMatrix {
    return this.builder.finish(this.columns);
  }
}
