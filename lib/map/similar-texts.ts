import { cleanText, wordsOf } from "./texts.ts";

/** One of the compared texts. */
export interface SimilarText {
  /** Place among the compared texts. */
  readonly at: number;
  /** Cosine of the two weighted word lists: above 0, 1 for the same words. */
  readonly likeness: number;
}

/**
 * The texts that share most with one text, best first, earlier first where equal. Each word weighs
 * log((n + 2) / texts that hold it), n being the compared texts,, however often a text repeats it, so what stands in every text weighs nearly nothing.
 *
 * @param most  texts given back at most; those without a common word are never among them
 */
export function rankSimilarTexts(text: string, others: readonly string[], most: number): readonly SimilarText[] {
  const own = wordSet(text);
  const sets = others.map(wordSet);
  const holders = new Map<string, number>();
  for (const set of [own, ...sets]) for (const word of set) holders.set(word, (holders.get(word) ?? 0) + 1);
  const weight = (word: string) => Math.log((sets.length + 2) / holders.get(word)!) ** 2;
  const norm = (set: ReadonlySet<string>) => [...set].reduce((sum, word) => sum + weight(word), 0);
  const ownNorm = norm(own);
  return sets
    .map((set, at) => {
      const shared = [...set].filter((word) => own.has(word)).reduce((sum, word) => sum + weight(word), 0);
      return { at, likeness: shared === 0 ? 0 : Math.min(1, shared / Math.sqrt(ownNorm * norm(set))) };
    })
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness || a.at - b.at)
    .slice(0, most);
}

function wordSet(text: string): ReadonlySet<string> {
  return new Set(wordsOf(cleanText(text)));
}
