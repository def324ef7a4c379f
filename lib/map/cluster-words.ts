import { STOP_WORDS } from "./stop-words.ts";
import type { WordTable } from "./vocabulary.ts";

/** Words of a text that can describe it; more would let one long text name a cluster. */
const MOST_WORDS = 400;
const LABEL_WORDS = 5;

/**
 * Describes clusters by the words and pairs of neighbouring words that set each apart: how many of its
 * traces hold a term, times the logarithm of one plus how rare the term is among all clusters. Terms no commoner in the
 * cluster than elsewhere, and words a chosen term already says, are left out. Words stand as they were written (in lower case).
 *
 * @param labels  cluster per text, negative for none
 * @param counts  traces per text
 * @returns one label of three to five words where there are as many, by cluster id; "" without any word
 * @see class-based TF-IDF: Grootendorst 2022, arXiv:2203.05794
 */
export function describeClusters(table: WordTable, labels: Int32Array, counts: Int32Array, clusters: number): string[] {
  const totals = new Map<string, number>();
  const within = Array.from({ length: clusters }, () => new Map<string, number>());
  const sizes = new Float64Array(clusters);
  let all = 0;
  let mass = 0;
  table.sequences.forEach((sequence, text) => {
    const count = counts[text]!;
    const label = labels[text]!;
    all += count;
    if (label >= 0) sizes[label]! += count;
    for (const term of termsOf(table, sequence)) {
      totals.set(term, (totals.get(term) ?? 0) + count);
      mass += count;
      if (label >= 0) within[label]!.set(term, (within[label]!.get(term) ?? 0) + count);
    }
  });
  const perCluster = clusters > 0 ? mass / clusters : mass;
  return within.map((terms, cluster) => {
    const size = sizes[cluster]!;
    const scored: { readonly term: string; readonly score: number }[] = [];
    for (const [term, count] of terms) {
      const share = count / size;
      const total = totals.get(term)!;
      // A term of one or two traces in a hundred says little about the other ninety-eight.
      if (share < 0.02 || (count < 2 && size > 2)) continue;
      if (clusters > 1 && share <= 1.5 * (total / all)) continue;
      scored.push({ term, score: share * Math.log(1 + perCluster / total) * (term.includes(" ") ? 1.1 : 1) });
    }
    scored.sort((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1));
    return joinTerms(scored.slice(0, 60).map(({ term }) => term));
  });
}

/** Takes the best terms that add a new word until the label is long enough. */
function joinTerms(terms: readonly string[]): string {
  const chosen: string[] = [];
  const said: string[] = [];
  const isSaid = (word: string) => said.some((other) => isSameWord(word, other));
  for (const term of terms) {
    const words = term.split(" ");
    if (said.length + words.length > LABEL_WORDS) continue;
    const news = words.filter((word) => !isSaid(word));
    if (news.length < words.length && words.length === 1) continue;
    if (news.length === 0) continue;
    if (news.length < words.length) {
      // The pair says more than its one word did: it takes that word's place.
      const at = chosen.findIndex((other) => !other.includes(" ") && words.some((word) => word === other));
      if (at < 0) continue;
      chosen[at] = term;
      said.push(...news);
      continue;
    }
    chosen.push(term);
    said.push(...words);
    if (said.length >= LABEL_WORDS) break;
  }
  return chosen.join(", ");
}

/** Two forms of one word: equal but for an ending of at most two letters after at least four. */
function isSameWord(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 4 && long.length - short.length <= 2 && long.startsWith(short);
}

function termsOf(table: WordTable, sequence: Int32Array): Set<string> {
  const terms = new Set<string>();
  let before: string | undefined;
  for (const id of sequence.subarray(0, MOST_WORDS)) {
    const word = table.words[id]!;
    const tells = !STOP_WORDS.has(word) && (word.length > 1 || word.charCodeAt(0) > 0x2e7f) && !/^\p{N}+$/u.test(word);
    if (tells) {
      terms.add(word);
      if (before !== undefined && before !== word) terms.add(`${before} ${word}`);
    }
    before = tells ? word : undefined;
  }
  return terms;
}
