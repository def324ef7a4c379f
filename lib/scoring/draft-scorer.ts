/** What a draft looks at in one trace. */
export interface DraftTrace {
  /** First user message. */
  readonly input: string;
  readonly tools: readonly string[];
}

/** Something that a trace holds or not, and what it counts. */
export interface DraftTerm {
  readonly kind: "word" | "tool";
  readonly text: string;
  /** Log of the odds of being within rather than without, above 0. */
  readonly weight: number;
}

/** A scorer that has not been read by anybody yet: the sum of what a trace holds, against a limit. */
export interface ScorerDraft {
  /** The most telling first. */
  readonly terms: readonly DraftTerm[];
  /** Traces with at least this much pass. */
  readonly least: number;
}

/** Characters of a message that are read. */
export const readCharacters = 4000;

const mostTerms = 24;

/** A term of fewer traces than this within says little about the others. */
const [leastShare, leastTraces, leastLift] = [0.03, 2, 2];

/**
 * Finds words of the first message and tools that set traces apart from others, each weighed by the logarithm of the
 * odds, and the limit that tells the two apart best.
 *
 * @param ignored  words that say too little to be read, in lower case
 * @returns undefined where nothing is commoner within than without
 * @see class-based TF-IDF for which terms: Grootendorst 2022, arXiv:2203.05794; naive Bayes for their weights;
 *   Youden 1950, doi:10.1002/1097-0142 for the limit
 */
export function draftScorer(
  within: readonly DraftTrace[],
  without: readonly DraftTrace[],
  ignored: ReadonlySet<string> = new Set()
): ScorerDraft | undefined {
  const [held, others] = [within.map(termsOf), without.map(termsOf)];
  const [inside, outside] = [countTerms(held), countTerms(others)];
  const all = [...inside.values(), ...outside.values()].reduce((sum, count) => sum + count, 0);
  const found: (DraftTerm & { readonly tells: number })[] = [];
  for (const [term, count] of inside) {
    if (ignored.has(readTerm(term).text)) continue;
    const elsewhere = outside.get(term) ?? 0;
    const share = count / within.length;
    if (share < leastShare || count < leastTraces || share < leastLift * (elsewhere / Math.max(1, without.length)))
      continue;
    const tells = share * Math.log(1 + all / 2 / (count + elsewhere));
    const weight = logOdds(count, within.length) - logOdds(elsewhere, without.length);
    found.push({ ...readTerm(term), weight: Math.round(weight * 100) / 100, tells });
  }
  found.sort((a, b) => b.tells - a.tells || (a.text < b.text ? -1 : 1));
  const terms = found.slice(0, mostTerms).map(({ kind, text, weight }) => ({ kind, text, weight }));
  if (terms.length === 0) return undefined;
  const weights = new Map(terms.map((term) => [writeTerm(term), term.weight]));
  const sums = (traces: readonly ReadonlySet<string>[]) => traces.map((trace) => sumOf(trace, weights));
  return { terms, least: chooseLimit(sums(held), sums(others)) };
}

/** Whether a draft lets a trace pass, as its source text does. */
export function passesDraft({ terms, least }: ScorerDraft, trace: DraftTrace): boolean {
  return sumOf(termsOf(trace), new Map(terms.map((term) => [writeTerm(term), term.weight]))) >= least;
}

/** The draft as the text of a scorer cell. @param about  sentences that say what it was drafted from */
export function formatDraft({ terms, least }: ScorerDraft, about: readonly string[]): string {
  const list = (kind: DraftTerm["kind"]) =>
    terms
      .filter((term) => term.kind === kind)
      .map(({ text, weight }) => `  [${JSON.stringify(text)}, ${weight}]`)
      .join(",\n");
  const table = (kind: DraftTerm["kind"]) => (list(kind) === "" ? "[]" : `[\n${list(kind)}\n]`);
  return `/**
${about.map((sentence) => ` * ${sentence.replaceAll("*/", "* /")}`).join("\n")}
 */
import { fail, pass, scorer } from "tracebook";

type Weighed = readonly (readonly [string, number])[];

/** Words of the first message, and how much each speaks for a trace. */
const words: Weighed = ${table("word")};

/** Tools that were called. */
const tools: Weighed = ${table("tool")};

/** A trace with at least this much passes. */
const least = ${least};

export default scorer({
  target: "trace",
  score: (trace) => {
    const said = new Set(trace.input.slice(0, ${readCharacters}).toLowerCase().match(/[\\p{L}\\p{N}]+/gu) ?? []);
    const called = new Set(trace.tools.map((call) => call.name));
    const found = [...words.filter(([word]) => said.has(word)), ...tools.filter(([name]) => called.has(name))];
    const sum = found.reduce((total, [, weight]) => total + weight, 0);
    const why = found.length === 0 ? "none of the words and tools" : found.map(([name]) => name).join(", ");
    return sum >= least ? pass(\`has \${why}\`) : fail(\`has \${why}: \${sum.toFixed(2)} of \${least}\`);
  }
});
`;
}

function termsOf({ input, tools }: DraftTrace): ReadonlySet<string> {
  const words =
    input
      .slice(0, readCharacters)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => word.length > 1 && !/^\p{N}+$/u.test(word));
  return new Set([...telling.map((word) => `word ${word}`), ...tools.map((name) => `tool ${name}`)]);
}

const writeTerm = ({ kind, text }: Pick<DraftTerm, "kind" | "text">) => `${kind} ${text}`;

const readTerm = (term: string): Pick<DraftTerm, "kind" | "text"> => ({
  kind: term.startsWith("tool ") ? "tool" : "word",
  text: term.slice(5)
});

function countTerms(traces: readonly ReadonlySet<string>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const terms of traces) addTerms(counts, terms);
  return counts;
}

/** Counts the terms of one trace more. */
export function addTerms(counts: Map<string, number>, terms: Iterable<string>): void {
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
}

/** Logarithm of the odds of `count` in `total`, drawn a little to even. */
export const logOdds = (count: number, total: number): number => Math.log((count + 0.5) / (total - count + 0.5));

function sumOf(terms: ReadonlySet<string>, weights: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [term, weight] of weights) if (terms.has(term)) sum += weight;
  return sum;
}

/** The limit with the greatest difference between the shares that reach it; halfway to the sum below, to stand clear of rounding. */
export function chooseLimit(within: readonly number[], without: readonly number[]): number {
  const sums = [...new Set([...within, ...without])].sort((a, b) => b - a);
  const reach = (values: readonly number[], least: number) =>
    values.filter((value) => value >= least).length / Math.max(1, values.length);
  let best = { least: sums[0] ?? 0, gain: Number.NEGATIVE_INFINITY };
  sums.forEach((sum, at) => {
    if (sum <= 0) return;
    const gain = reach(within, sum) - reach(without, sum);
    const below = Math.max(0, sums[at + 1] ?? 0);
    if (gain > best.gain) best = { least: Math.round(((sum + below) / 2) * 1000) / 1000, gain };
  });
  return best.least;
}
