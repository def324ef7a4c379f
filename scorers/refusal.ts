/**
 * The last answer is an answer and not a refusal: declining, having no information, deflecting. A refusal
 * need not be wrong; this only says that there was one. It knows set phrases in a few languages near the
 * start of the answer, so it finds plain refusals and misses soft ones.
 *
 * Unscored: the trace has no answer.
 */
import { fail, pass, scorer, unscored } from "tracebook";

/** Characters of the answer that are read; a phrase further on belongs to an answer. */
const reach = 240;

const phrases: readonly RegExp[] = [
  /\bi(?:'m| am) (?:sorry|afraid),? (?:but )?(?:i|we) (?:can(?:'t|not)|am unable|do(?:n't| not)|am not able)/,
  /\bi(?:'m| am) (?:unable|not able|not allowed|not permitted) to\b/,
  /\bi (?:can(?:'t|not)|won't|will not|must decline to|decline to) (?:help|assist|provide|do that|comply|discuss|answer|share|continue|fulfil|fulfill|process|complete|support)\b/,
  /\bi (?:do(?:n't| not)) have (?:any |enough |the )?(?:information|access|knowledge|data)\b/,
  /\b(?:as an ai|as a language model)\b/,
  /\b(?:outside|beyond) (?:of )?(?:my|the) (?:scope|capabilities|abilities)\b/,
  /\bi must (?:respectfully )?(?:decline|refuse)\b/,
  /\b(?:das|dabei|leider) (?:kann|darf) ich (?:ihnen |dir )?(?:\S+ ){0,4}nicht\b/,
  /\bje (?:ne peux pas|suis dans l'impossibilité|regrette)\b/,
  /\bno puedo (?:ayudar|proporcionar|responder|hacer)/,
  /\bnon posso (?:aiutar|fornire|rispondere)/,
  /抱歉[，,]?.{0,8}(?:无法|不能)|(?:我|我们)(?:无法|不能)(?:提供|帮助|回答|协助)/,
  /申し訳(?:ありません|ございません).{0,30}(?:できません|お答え)/,
  /(?:لا أستطيع|لا يمكنني)/
];

export default scorer({
  target: "trace",
  score: (trace) => {
    const output = typeof trace.output === "string" ? trace.output.trim() : "";
    if (output === "") return unscored("the trace has no answer");
    const start = output
      .slice(0, reach)
      .replaceAll(/[\u2018\u2019]/g, "'")
      .toLowerCase();
    for (const phrase of phrases) {
      const found = phrase.exec(start);
      if (found !== null)
        return fail(`the answer refuses: "${found[0]}"`, { label: "refusal", evidence: [{ quote: found[0] }] });
    }
    return pass("the answer is no plain refusal");
  }
});
