/** Texts with repeats folded together. */
export interface DistinctTexts {
  /** Each cleaned text once, in code-unit order, without the empty one. */
  readonly texts: readonly string[];
  /** How many of the given texts are this one. */
  readonly counts: Int32Array;
  /** Per given text its distinct text, or -1 where nothing is left after cleaning. */
  readonly owner: Int32Array;
}

/** Characters of a text that are looked at: its beginning and its end, which say what it is about and how it went. */
const HEAD = 12_000;
const TAIL = 4_000;

/**
 * Cleans texts and folds identical ones. Order-free: the same texts in another order give the same
 * distinct texts.
 *
 * @param clean  what cleaning is; it gives "" for a text that says nothing
 */
export function foldTexts(texts: readonly string[], clean: (text: string) => string = cleanText): DistinctTexts {
  const seen = new Map<string, number>();
  // A million traces of a few texts are common, and cleaning one costs far more than finding it again.
  const cleanOf = new Map<string, string>();
  const cleaned = texts.map((text) => {
    let found = cleanOf.get(text);
    if (found === undefined) {
      found = clean(text);
      cleanOf.set(text, found);
    }
    return found;
  });
  for (const text of cleaned) if (text !== "") seen.set(text, (seen.get(text) ?? 0) + 1);
  const distinct = [...seen.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const counts = Int32Array.from(distinct, (text) => seen.get(text)!);
  distinct.forEach((text, id) => {
    seen.set(text, id);
  });
  return { texts: distinct, counts, owner: Int32Array.from(cleaned, (text) => (text === "" ? -1 : seen.get(text)!)) };
}

/** A text in one case and one Unicode form, its white space single, a long one cut to its two ends; "" when no letter or digit is in it. */
export function cleanText(text: string): string {
  return collapseText(plainText(text));
}

/** A text in one case and one Unicode form, its white space as it was, a long one cut to its two ends. */
export function plainText(text: string): string {
  const cut = text.length > HEAD + TAIL ? `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}` : text;
  return cut.normalize("NFKC").toLowerCase();
}

/** A text with its white space single; "" when no letter or digit is in it. */
export function collapseText(text: string): string {
  const single = text.replace(/\s+/gu, " ").trim();
  return /[\p{L}\p{N}]/u.test(single) ? single : "";
}

// Scripts written without spaces between words: pairs of signs stand in for words.
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’_][\p{L}\p{M}\p{N}]+)*/gu;

/** The words of a cleaned text in order; pairs of signs in scripts without spaces. Words over 40 characters (keys, hashes) are cut. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    if (!UNSPACED.test(word)) {
      words.push(word.length > 40 ? word.slice(0, 40) : word);
      continue;
    }
    const signs = [...word];
    if (signs.length === 1) words.push(word);
    for (let at = 0; at + 1 < signs.length; at++) words.push(signs[at]! + signs[at + 1]!);
  }
  return words;
}
