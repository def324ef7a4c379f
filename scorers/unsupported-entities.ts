/**
 * Names of the last answer appear in what the agent was told: user messages, tool results, retrieved documents, system
 * instructions, names and arguments of tools. A name is two or more capitalised words in a row (`Anna Kowalski`,
 * `Court of Appeal`), an id of letters and digits (`W2378156`), or an address of mail or web. It is supported if all
 * its words are told. Single capitalised words are no names here: in most languages they also begin sentences.
 *
 * Works on scripts that have capitals. Headings and list titles, which are often capitalised, are left out.
 * Unscored: the trace has no answer, the answer has no such name, or nothing was told that could support one.
 */
import { fail, jsonText, pass, plainText, scorer, toldText, unscored, wordsOf } from "tracebook";

const linking = "of|the|and|for|de|del|della|di|da|van|von|der|den|la|le|du|al|bin|ibn|y|&";
const patterns: readonly RegExp[] = [
  /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/gu,
  /\bhttps?:\/\/[^\s<>()"'\]]+[^\s<>()"'\].,;:!?]/g,
  /(?<![\p{L}\p{N}_#-])#?(?=[\p{L}\p{N}_-]*\p{L})(?=[\p{L}\p{N}_-]*\d{3})[\p{L}\p{N}_-]{4,40}(?![\p{L}\p{N}])/gu,
  new RegExp(`(?<![\\p{L}\\p{N}])\\p{Lu}[\\p{L}'’]+(?:[ -](?:(?:${linking}) ){0,2}\\p{Lu}[\\p{L}'’]+)+`, "gu")
];

/** Words that begin sentences, or are written large without being names. */
const openers = new Set(
  "the a an this that these those i we you your our my it he she they in on at for from to with if as and or but so please thank thanks dear hello hi yes no not once after before when while since because here there what which who how would could should can may let is are was were do does did have has had also however additionally unfortunately sorry best kind regards sincerely note important summary january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday".split(
    " "
  )
);

export default scorer({
  target: "trace",
  score: (trace) => {
    const output = trace.output ?? "";
    if (output.trim() === "") return unscored("the trace has no answer");
    const names = findNames(output);
    if (names.length === 0) return unscored("the answer has no name to support");
    const sources = [
      toldText(trace, { withInstructions: true }),
      ...trace.tools.map(({ name, args }) => `${name} ${jsonText(args)}`)
    ];
    const told = sources.join("\n");
    if (told.trim() === "") return unscored("the trace holds nothing that could support a name");
    const [words, plain] = [new Set(wordsOf(told.replaceAll(/[_#@/.-]/g, " "))), plainText(told)];
    const absent = names.filter(
      (name) =>
        !plain.includes(plainText(name)) &&
        !wordsOf(name.replaceAll(/[_#@/.-]/g, " ")).every((word) => words.has(bare(word)) || words.has(word))
    );
    if (absent.length === 0) return pass(`${names.length} names are supported`);
    return fail(
      `nothing the agent was told has ${absent
        .slice(0, 5)
        .map((name) => `"${name.slice(0, 80)}"`)
        .join(", ")}`,
      {
        evidence: absent.map((name) => ({ quote: name }))
      }
    );
  }
});

function findNames(output: string): string[] {
  const names = new Set<string>();
  let rest = output
    .replaceAll(/^\s{0,3}#{1,6}\s.*$/gm, "\n")
    .replaceAll(/\*\*[^*\n]{1,80}\*\*|^\s*(?:[-*•]|\d+[.)])\s*[^:\n]{1,60}:/gm, " ; ");
  for (const pattern of patterns)
    rest = rest.replaceAll(pattern, (match) => {
      const name = trimOpeners(match);
      if (name !== "") names.add(name);
      return " ; ";
    });
  return [...names];
}

/** A name without the words before it that only begin the sentence; empty where one word or none is left. */
function trimOpeners(match: string): string {
  if (/\d|@|:\/\//.test(match)) return match;
  const words = match.split(" ");
  while (words.length > 0 && openers.has(words[0]!.toLowerCase())) words.shift();
  while (words.length > 0 && new RegExp(`^(?:${linking})$`).test(words[0]!)) words.shift();
  const large = words.filter((word) => /^\p{Lu}/u.test(word));
  return large.length < 2 || large.every((word) => openers.has(word.toLowerCase())) ? "" : words.join(" ");
}

function bare(word: string): string {
  return word.replace(/'s?$/, "");
}
