import { textHash } from "../math/random.ts";
import { collapseText, plainText } from "./texts.ts";

/**
 * What nearly all texts of a map say alike, as digests: it tells texts apart by nothing, so it is left out of them. It holds
 * no words of theirs.
 */
export interface Boilerplate {
  /** Of sentences and lines. */
  readonly whole: readonly number[];
  /** Of the first words of a sentence or line. */
  readonly openings: readonly number[];
  /** Of its last words. */
  readonly closings: readonly number[];
}

/** Nothing is the same everywhere. */
export const noBoilerplate: Boilerplate = { whole: [], openings: [], closings: [] };

/** What is in this share of the texts is in all of them, for a map. */
const SHARE = 0.6;
/** Among fewer texts nothing can be told. */
const LEAST_TEXTS = 20;
/** Texts that are looked at; they stand for all. */
const SAMPLE = 2_000;
/** Of one text, the sentences at its beginning and at its end that are looked at. */
const [FIRST, LAST] = [40, 20];
/** Words of the shortest and of the longest opening or closing. */
const [LEAST_WORDS, MOST_WORDS] = [3, 16];

/**
 * Finds what is the same everywhere. A sentence, or a line, is boilerplate when 60 % of the distinct texts hold it,
 * words with a digit (ids, numbers, times) taken as equal, case and punctuation ignored; so are the first and the last
 * three to sixteen words of a sentence. Of more than 2,000 distinct texts those of the least digests are looked at, and
 * of each its first 40 and last 20 sentences. Fewer than 20 distinct texts have none. Order-free.
 */
export function findBoilerplate(texts: readonly string[]): Boilerplate {
  const sample = chooseSample([...new Set(texts)]);
  if (sample.length < LEAST_TEXTS) return noBoilerplate;
  const least = Math.ceil(SHARE * sample.length);
  const [whole, opening, closing] = [new TextCounts(), new TextCounts(), new TextCounts()];
  const read = sample.map((text) => {
    const sentences = readSentences(plainText(text));
    return sentences.length <= FIRST + LAST ? sentences : [...sentences.slice(0, FIRST), ...sentences.slice(-LAST)];
  });
  for (const [text, sentences] of read.entries()) {
    for (const { words } of sentences) {
      whole.add(digestOf(words), text);
      if (words.length <= LEAST_WORDS) continue;
      opening.add(digestOf(words.slice(0, LEAST_WORDS)), text);
      closing.add(digestOf(words.slice(-LEAST_WORDS).reverse()), text);
    }
  }
  const opens = new Set(opening.list(least));
  const closes = new Set(closing.list(least));
  for (const [text, sentences] of read.entries()) {
    for (const { words } of sentences) {
      if (words.length <= LEAST_WORDS) continue;
      extend(words, opens, opening, text);
      extend(words.toReversed(), closes, closing, text);
    }
  }
  return { whole: whole.list(least), openings: opening.list(least), closings: closing.list(least) };
}

/** What turns raw texts into cleaned ones, as `cleanText` does, without what is the same everywhere. A text is never emptied by it. */
export function cleanerOf(boilerplate: Boilerplate): (text: string) => string {
  const whole = new Set(boilerplate.whole);
  const openings = new Set(boilerplate.openings);
  const closings = new Set(boilerplate.closings);
  if (whole.size + openings.size + closings.size === 0) return (text) => collapseText(plainText(text));
  return (text) => {
    const plain = plainText(text);
    const kept: string[] = [];
    let isWhole = true;
    for (const { words, starts, ends } of readSentences(plain)) {
      const isLeftOut = whole.has(digestOf(words));
      const first = isLeftOut ? 0 : longest(words, openings);
      const last = isLeftOut ? words.length : words.length - longestEnd(words, first, closings);
      if (isLeftOut || first > 0 || last < words.length) isWhole = false;
      if (!isLeftOut) kept.push(plain.slice(starts[first], ends[last - 1]));
    }
    if (isWhole) return collapseText(plain);
    const rest = collapseText(kept.join(" "));
    if (/\p{L}/u.test(rest)) return rest;
    const all = collapseText(plain);
    return rest !== "" && !/\p{L}/u.test(all) ? rest : all;
  };
}

/** One sentence or line: digests of its words, and where they stand. */
interface Sentence {
  readonly words: number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** The digest of every word with a digit. */
const NUMBER = 1;

const isBlank = (code: number) => code <= 32 || code === 0x85 || code === 0x1680 || code === 0x2028 || code === 0x2029;
const isPunctuation = (code: number) =>
  (code >= 33 && code <= 47) ||
  (code >= 58 && code <= 64) ||
  (code >= 91 && code <= 96) ||
  (code >= 123 && code <= 126);
const isLineEnd = (code: number) => code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
/** 。！？ stand without a blank behind them. NFKC has made ！ and ？ plain. */
const isFullStop = (code: number) => code === 0x3002 || code === 0xff61;
const isSentenceEnd = (code: number) => code === 46 || code === 33 || code === 63;

/** Parts a plain text at line ends and after `.`, `!`, `?` and `。`. */
function readSentences(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let [words, starts, ends]: [number[], number[], number[]] = [[], [], []];
  const close = () => {
    if (words.length > 0) sentences.push({ words, starts, ends });
    [words, starts, ends] = [[], [], []];
  };
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) {
      if (isLineEnd(code)) close();
      at++;
      continue;
    }
    const start = at;
    let hash = 0x811c9dc5;
    let hasDigit = false;
    let last = 0;
    while (at < text.length) {
      const sign = text.charCodeAt(at);
      if (isBlank(sign)) break;
      at++;
      last = sign;
      if (sign >= 48 && sign <= 57) hasDigit = true;
      if (!isPunctuation(sign)) hash = Math.imul(hash ^ sign, 0x01000193);
      if (isFullStop(sign)) break;
    }
    words.push(hasDigit ? NUMBER : hash | 0);
    starts.push(start);
    ends.push(at);
    if (isSentenceEnd(last) || isFullStop(last)) close();
  }
  close();
  return sentences;
}

/** 53 bits of a run of words. */
class Digest {
  #low = 0x811c9dc5;
  #high = 0x41c6ce57;

  add(word: number): this {
    this.#low = Math.imul(this.#low ^ word, 0x01000193);
    this.#high = Math.imul(this.#high ^ ((word << 13) | (word >>> 19)), 0x85ebca6b);
    return this;
  }

  value(): number {
    const high = this.#high ^ (this.#high >>> 15);
    return (high & 0x1fffff) * 4294967296 + ((this.#low ^ (this.#low >>> 13)) >>> 0);
  }
}

function digestOf(words: readonly number[]): number {
  const digest = new Digest();
  for (const word of words) digest.add(word);
  return digest.value();
}

/** How many of the first words are boilerplate: the longest run that is, never all of them. */
function longest(words: readonly number[], known: ReadonlySet<number>): number {
  if (known.size === 0 || words.length <= LEAST_WORDS) return 0;
  const digest = new Digest();
  let found = 0;
  for (let count = 1; count < Math.min(words.length, MOST_WORDS + 1); count++) {
    digest.add(words[count - 1]!);
    if (count >= LEAST_WORDS && known.has(digest.value())) found = count;
  }
  return found;
}

/** How many of the last words are, of those from `first` on. */
function longestEnd(words: readonly number[], first: number, known: ReadonlySet<number>): number {
  return known.size === 0 || words.length - first <= LEAST_WORDS ? 0 : longest(words.slice(first).reverse(), known);
}

/** Counts the runs longer than the least of a sentence that begins as many do. */
function extend(words: readonly number[], common: ReadonlySet<number>, counts: TextCounts, text: number): void {
  const digest = new Digest();
  for (let count = 1; count < Math.min(words.length, MOST_WORDS + 1); count++) {
    digest.add(words[count - 1]!);
    if (count === LEAST_WORDS && !common.has(digest.value())) return;
    if (count > LEAST_WORDS) counts.add(digest.value(), text);
  }
}

/** In how many texts each digest is. */
class TextCounts {
  readonly #counts = new Map<number, { texts: number; last: number }>();

  /** @param text  texts are added one after the other */
  add(digest: number, text: number): void {
    const found = this.#counts.get(digest);
    if (!found) this.#counts.set(digest, { texts: 1, last: text });
    else if (found.last !== text) {
      found.texts++;
      found.last = text;
    }
  }

  /** Those in at least so many, in order. */
  list(least: number): number[] {
    return [...this.#counts].flatMap(([digest, { texts }]) => (texts >= least ? [digest] : [])).sort((a, b) => a - b);
  }
}

function chooseSample(distinct: readonly string[]): readonly string[] {
  if (distinct.length <= SAMPLE) return distinct;
  const digests = Uint32Array.from(distinct, textHash);
  const bar = digests.toSorted()[SAMPLE - 1]!;
  return distinct.filter((_, at) => digests[at]! <= bar);
}
