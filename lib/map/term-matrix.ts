import { textHash } from "../math/random.ts";
import { SparseBuilder, type SparseMatrix } from "./sparse-matrix.ts";
import type { WordTable } from "./vocabulary.ts";

const GRAM_BUCKETS = 1 << 18;
const MOST_FEATURES = 30_000;

/** Which features texts are told by, and how much each tells; fixed once, it reads any later text the same way. */
export interface TermModel {
  /** Words by column, from column 0. */
  readonly words: readonly string[];
  /** Buckets of character grams by column, behind the words. */
  readonly grams: Int32Array;
  /** Inverse text frequency of each column: words, then grams. */
  readonly weight: Float64Array;
}

/** Chooses the features of texts: words and character 3- to 5-grams within words, what one text alone has left out. */
export function fitTerms(table: WordTable): TermModel {
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
  const words = chooseFeatures(table.textCount, least, MOST_FEATURES / 2);
  const buckets = chooseFeatures(gramTexts, least, MOST_FEATURES / 2);
  const weight = new Float64Array(words.length + buckets.length);
  words.forEach((word, at) => {
    weight[at] = Math.log((n + 1) / table.textCount[word]!);
  });
  buckets.forEach((gram, at) => {
    weight[words.length + at] = Math.log((n + 1) / gramTexts[gram]!);
  });
  return { words: Array.from(words, (word) => table.words[word]!), grams: buckets, weight };
}

/**
 * Texts by features: sublinear counts times inverse text frequency; the two halves of a row have equal
 * length. What stands in nearly every text weighs nearly nothing, what the model does not know nothing.
 *
 * @param table  the texts the model was fitted on, or any others
 */
export function buildTermMatrix(model: TermModel, table: WordTable): SparseMatrix {
  const columnOf = new Map(model.words.map((word, column) => [word, column]));
  const wordColumn = table.words.map((word) => columnOf.get(word) ?? -1);
  const gramColumn = new Int32Array(GRAM_BUCKETS).fill(-1);
  model.grams.forEach((gram, at) => {
    gramColumn[gram] = model.words.length + at;
  });
  const gramColumns = table.words.map((word) => gramsOf(word).map((gram) => gramColumn[gram]!));
  const builder = new HalfRows(model.weight.length);
  for (const sequence of table.sequences) {
    for (const word of sequence) builder.count(wordColumn[word]!);
    builder.endHalf(model.weight);
    for (const word of sequence) {
      const list = gramColumns[word]!;
      for (let at = 0; at < list.length; at++) builder.count(list[at]!);
    }
    builder.endHalf(model.weight);
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

/** The features of at least `least` texts, the commonest `most`, in order; of equally common ones the first. */
function chooseFeatures(textCount: Int32Array, least: number, most: number): Int32Array {
  let commonest = 0;
  for (const count of textCount) if (count > commonest) commonest = count;
  const features = new Int32Array(commonest + 1);
  for (const count of textCount) features[count]!++;
  // `bar` is the rarest count that still fits, of which only `room` features do.
  let bar = commonest;
  let room = most;
  while (bar > least && features[bar]! <= room) room -= features[bar--]!;
  const chosen = new Int32Array(Math.min(most, textCount.length));
  let size = 0;
  for (let id = 0; id < textCount.length; id++) {
    const count = textCount[id]!;
    if (count < least || count < bar || (count === bar && room-- <= 0)) continue;
    chosen[size++] = id;
  }
  return chosen.slice(0, size);
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
