/**
 * The last answer is like the expected one. `by`: `token_f1` the harmonic mean of the shares of words that the two have
 * in common, lower case, without punctuation and English articles, as SQuAD counts it; `levenshtein` 1 - edits / length
 * of the longer; `contains` whether all words of the expected answer stand in it in a row; `exact` whether the two are
 * equal once normalised. It passes from `least` on.
 *
 * `expected` of the score cell: the answer as text, or a list of those that are right, of which the nearest counts.
 * Unscored: nothing is expected, or the trace has no answer.
 * See Rajpurkar et al. 2016, arXiv:1606.05250; Levenshtein 1966.
 */
import { editDistance, type Json, jsonText, plainText, score, scorer, unscored, wordsOf } from "tracebook";

/** Longer texts are compared by their beginning: edits take the product of the two lengths. */
const mostCharacters = 4000;

export default scorer({
  target: "trace",
  options: {
    /** token_f1, levenshtein, contains or exact. */
    by: "token_f1",
    /** Likeness from which on the answer passes. */
    least: 0.7
  },
  score: (trace, { by, least }) => {
    const compare = measures[by];
    if (!Object.hasOwn(measures, by) || compare === undefined) return unscored(`texts cannot be compared by "${by}"`);
    const expected = (Array.isArray(trace.expected) ? (trace.expected as readonly Json[]) : [trace.expected])
      .map(jsonText)
      .filter((text) => text.trim() !== "");
    if (expected.length === 0) return unscored("nothing is expected of the trace");
    const output = typeof trace.output === "string" ? trace.output : "";
    if (output.trim() === "") return unscored("the trace has no answer");
    const likeness = Math.max(...expected.map((text) => compare(output, text)));
    return score(likeness, {
      pass: likeness >= least,
      reason: `${by} ${likeness.toFixed(2)} to the expected answer`,
      evidence: likeness >= least ? [] : [{ quote: output.slice(0, 300) }]
    });
  }
});

const measures: Readonly<Record<string, (output: string, expected: string) => number>> = {
  token_f1: (output, expected) => {
    const [given, wanted] = [plainWords(output), plainWords(expected)];
    const left = new Map<string, number>();
    for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
    let shared = 0;
    for (const word of given) {
      const count = left.get(word) ?? 0;
      if (count > 0) shared += 1;
      left.set(word, count - 1);
    }
    if (given.length === 0 || wanted.length === 0) return given.length === wanted.length ? 1 : 0;
    return (2 * shared) / (given.length + wanted.length);
  },
  levenshtein: (output, expected) => {
    const [a, b] = [output, expected].map((text) => plainText(text).slice(0, mostCharacters)) as [string, string];
    const longer = Math.max([...a].length, [...b].length);
    return longer === 0 ? 1 : 1 - editDistance(a, b) / longer;
  },
  contains: (output, expected) =>
    ` ${plainWords(output).join(" ")} `.includes(` ${plainWords(expected).join(" ")} `) ? 1 : 0,
  exact: (output, expected) => (plainWords(output).join(" ") === plainWords(expected).join(" ") ? 1 : 0)
};

function plainWords(text: string): string[] {
  return wordsOf(text).filter((word) => !/^(?:a|an|the)$/.test(word));
}
