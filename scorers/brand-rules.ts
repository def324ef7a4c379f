/**
 * The last answer keeps the rules of the house: it has every required phrase and no banned one, is neither too long nor
 * too short, reads no harder than a school grade, is in the language it should be in, and has no emoji or Markdown where
 * there shall be none. Phrases are compared as whole words, in any case.
 *
 * The grade is Flesch-Kincaid's, which is made for English: 0.39 words per sentence + 11.8 syllables per word - 15.59,
 * with syllables counted as groups of vowels. The language is told by its commonest words or its script.
 * Unscored: the trace has no answer, or the score cell sets no rule.
 * See Kincaid et al. 1975.
 */
import { fail, pass, plainText, scorer, sentencesOf, unscored, wordsOf } from "tracebook";

interface Fault {
  readonly rule: string;
  readonly sentence: string;
  readonly quote?: string;
}

const commonest: Readonly<Record<string, string>> = {
  en: "the and to of is you your for with that this are have will can not it we on be",
  de: "der die und das ist sie ihr ihre für mit nicht ein eine zu den wir auf von werden ich",
  fr: "le la les et de est vous votre pour avec des une que pas nous sur dans du ce sont",
  es: "el la los y de es que su para con una por no las se en usted del está le",
  it: "il la di che è per con non una del lei sono le si gli al della questo suo in",
  pt: "o a os e de que é para com uma não do da em seu você por as se está",
  nl: "de het een en van is u uw voor met niet dat zijn op wij te in aan er ook"
};
const scripts: Readonly<Record<string, RegExp>> = {
  zh: /\p{Script=Han}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  ko: /\p{Script=Hangul}/u,
  ar: /\p{Script=Arabic}/u,
  he: /\p{Script=Hebrew}/u,
  ru: /\p{Script=Cyrillic}/u,
  el: /\p{Script=Greek}/u
};

export default scorer({
  target: "trace",
  options: {
    /** Phrases that have to be in it. */
    required: [] as string[],
    /** Phrases that may not be in it. */
    banned: [] as string[],
    /** Fewest words; 0 for no bound. */
    minWords: 0,
    /** Most words; 0 for no bound. */
    maxWords: 0,
    /** Hardest school grade; 0 for no bound. */
    maxGrade: 0,
    /** Two letters of its language (en, de, fr, es, it, pt, nl, zh, ja, ko, ar, he, ru, el); empty for any. */
    locale: "",
    /** Whether emoji are allowed. */
    emoji: true as boolean,
    /** Whether Markdown (headings, lists, bold, tables, code) is allowed. */
    markdown: true as boolean
  },
  score: (trace, options) => {
    const { required, banned, minWords, maxWords, maxGrade, locale, emoji, markdown } = options;
    const isRuled = required.length + banned.length + minWords + maxWords + maxGrade > 0 || locale !== "";
    if (!isRuled && emoji && markdown) return unscored("the score cell sets no rule: give it options");
    const output = trace.output ?? "";
    if (output.trim() === "") return unscored("the trace has no answer");
    const count = wordsOf(output).length;
    const faults: Fault[] = [
      ...required
        .filter((phrase) => !hasPhrase(output, phrase))
        .map((phrase) => ({ rule: "required", sentence: `lacks "${phrase}"` })),
      ...banned
        .filter((phrase) => hasPhrase(output, phrase))
        .map((phrase) => ({ rule: "banned", sentence: `says "${phrase}"`, quote: phrase }))
    ];
    if (count < minWords) faults.push({ rule: "length", sentence: `has ${count} words, fewer than ${minWords}` });
    if (maxWords > 0 && count > maxWords)
      faults.push({ rule: "length", sentence: `has ${count} words, more than ${maxWords}` });
    const grade = maxGrade > 0 ? gradeOf(output) : null;
    if (grade !== null && grade > maxGrade)
      faults.push({ rule: "grade", sentence: `reads at grade ${grade.toFixed(1)}, above ${maxGrade}` });
    const language = locale === "" ? null : languageOf(output);
    if (language !== null && language !== locale.slice(0, 2).toLowerCase())
      faults.push({ rule: "locale", sentence: `is in "${language}" and not in "${locale}"` });
    const picture = emoji ? null : /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f/u.exec(output);
    if (picture) faults.push({ rule: "emoji", sentence: "has emoji", quote: picture[0] });
    const mark = markdown ? null : /^#{1,6} .*|^\s*[-*+] .*|\*\*[^*\n]+\*\*|^\|.*\||```/m.exec(output);
    if (mark) faults.push({ rule: "markdown", sentence: "has Markdown", quote: mark[0].slice(0, 100) });
    if (faults.length === 0) return pass("the answer keeps the rules");
    return fail(
      `the answer ${faults
        .slice(0, 5)
        .map(({ sentence }) => sentence)
        .join("; ")}`,
      {
        label: faults[0]!.rule,
        evidence: faults.flatMap(({ quote }) => (quote === undefined ? [] : [{ quote }]))
      }
    );
  }
});

/** Words of a phrase in a row; signs between them do not count. */
function hasPhrase(output: string, phrase: string): boolean {
  const words = wordsOf(phrase);
  if (words.length === 0) return plainText(output).includes(plainText(phrase));
  return ` ${wordsOf(output).join(" ")} `.includes(` ${words.join(" ")} `);
}

function gradeOf(text: string): number | null {
  const sentences = sentencesOf(text.replaceAll(/```[\s\S]*?```|https?:\S+/g, " ")).filter((sentence) =>
    /\p{L}/u.test(sentence)
  );
  const words = sentences.flatMap((sentence) => sentence.match(/[\p{L}'’]+/gu) ?? []);
  if (words.length === 0) return null;
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0);
  return 0.39 * (words.length / sentences.length) + 11.8 * (syllables / words.length) - 15.59;
}

function syllablesOf(word: string): number {
  const plain = word.toLowerCase().replaceAll(/['’]/g, "");
  const silent = /[^l]e$|[^td]ed$|(?:[^sxz]|[^cs]h)es$/.test(plain) && plain.length > 3 ? 1 : 0;
  return Math.max(1, (plain.match(/[aeiouyäöüáéíóúàèìòùâêîôû]+/g)?.length ?? 0) - silent);
}

/** Two letters; null where the text is too short or too mixed to tell. */
function languageOf(text: string): string | null {
  const letters = text.match(/\p{L}/gu) ?? [];
  for (const language of ["ja", "ko", "zh", "ar", "he", "ru", "el"]) {
    const own = letters.filter((letter) => scripts[language]!.test(letter)).length;
    if (own > letters.length * (language === "ja" ? 0.15 : 0.5)) return language;
  }
  const words = wordsOf(text);
  if (words.length < 8) return null;
  const counts = Object.entries(commonest)
    .map(([language, list]) => {
      const known = new Set(list.split(" "));
      return [language, words.filter((word) => known.has(word)).length] as const;
    })
    .sort((a, b) => b[1] - a[1]);
  const [[language, most], [, next]] = counts as [readonly [string, number], readonly [string, number]];
  return most >= Math.max(2, words.length * 0.08) && most > next * 1.3 ? language : null;
}
