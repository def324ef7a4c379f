/**
 * The user met no friction: after an answer of the agent, no message of the user corrects it (`correction`), asks for
 * the same again (`retry`, by words or by repeating the question), shows anger (`frustration`), or doubts the answer
 * (`challenge`). Precision first: only set phrases and near repeats count, and what could be either is no friction.
 * An unhappy first message is about the matter and not about the agent, and is not read.
 *
 * Knows English best, German, French and Spanish a little. The label is the first kind found.
 * Unscored: the user wrote nothing after an answer.
 * See Arize Phoenix, user_friction.
 */
import { fail, pass, plainText, scorer, unscored, wordsOf } from "tracebook";

const signs: readonly (readonly [kind: string, pattern: RegExp])[] = [
  [
    "frustration",
    /\b(?:this is (?:so |really |very )?(?:frustrating|ridiculous|useless|absurd|unacceptable|a joke)|(?:you(?:'re| are)) (?:useless|not helping|no help)|(?:i(?:'m| am)) (?:so |really |very |getting )?(?:frustrated|fed up|angry|annoyed|furious)|waste of (?:my )?time|for the (?:third|fourth|fifth|last|hundredth) time|how many times|are you even (?:listening|reading)|(?:speak|talk) to (?:a|an|your) (?:human|real person|manager|supervisor)|(?:real|human|live) agent,? please|forget it|this is going nowhere|das ist (?:lächerlich|frustrierend|unverschämt)|zum (?:dritten|vierten|letzten) mal|c'est (?:ridicule|inadmissible)|esto es (?:ridículo|inaceptable))\b/
  ],
  [
    "correction",
    /^(?:no|nope|wrong|incorrect)[,.!]+ (?:that|this|it|i|you|the|not)\b|\b(?:that(?:'s| is| was) (?:not (?:what i (?:asked|meant|said|wanted)|right|correct|true)|wrong|incorrect)|(?:not|isn't) what i (?:asked|meant|said|wanted)|you (?:misunderstood|got (?:it|that|this) wrong|(?:are|'re) (?:wrong|mistaken)|made a mistake|mixed up)|i (?:said|asked for|meant|wrote|told you)\b[^.?!]{0,60}\bnot\b|das (?:stimmt nicht|ist falsch|habe ich nicht (?:gefragt|gemeint|gesagt))|ce n'est pas (?:ce que j'ai demandé|correct|vrai)|eso no es (?:correcto|lo que pedí))\b/
  ],
  [
    "retry",
    /\b(?:(?:please )?(?:try|do|check|look|read) (?:it |that |this )?(?:once more|over again|(?:once )?again)|i (?:already|just) (?:said|asked|told you|explained|gave you|mentioned)|as i (?:said|mentioned|wrote|explained)(?: before| already| earlier)?,|i(?:'ll| will) (?:ask|repeat|say) (?:it |that |my question )?again|you (?:didn't|did not|haven't|have not|still haven't) (?:answer|answered|address|addressed)(?: my question)?|my question was|habe ich (?:schon|bereits) gesagt|noch ?(?:ein)?mal:|je l'ai déjà dit|ya (?:lo|te) dije)/
  ],
  [
    "challenge",
    /\b(?:are you (?:sure|certain|serious)|i (?:don't|do not) (?:think|believe) (?:that(?:'s| is)|so\b|you)|that (?:doesn't|does not|can't|cannot) (?:make sense|be (?:right|true|correct)|sound right)|how (?:can|could) that be|where (?:did|do) you get that|prove it|sind sie sicher|bist du sicher|das kann nicht (?:sein|stimmen)|êtes-vous sûre?|está seguro|estás seguro)\b/
  ]
];

export default scorer({
  target: "trace",
  options: {
    /** Share of the words of two questions that is equal from which on one repeats the other. */
    repeat: 0.8,
    /** Shortest question that can be a repeat, in words: "yes" twice is none. */
    minWords: 5
  },
  score: (trace, { repeat, minWords }) => {
    const asked: { text: string; words: ReadonlySet<string> }[] = [];
    let answered = false;
    let read = 0;
    for (const { role, text } of trace.messages) {
      if (role === "assistant" && text.trim() !== "") answered = true;
      if (role !== "user" || text.trim() === "") continue;
      const words = new Set(wordsOf(text));
      if (answered) {
        read += 1;
        const kind = findSign(text) ?? (isRepeat(words, asked, repeat, minWords) ? "retry" : null);
        if (kind !== null)
          return fail(`the user's message ${asked.length + 1} is a ${kind}`, {
            label: kind,
            evidence: [{ quote: text.slice(0, 500) }]
          });
      }
      asked.push({ text, words });
    }
    if (read === 0) return unscored("the user wrote nothing after an answer");
    return pass(`${read} messages after an answer, none with friction`);
  }
});

function findSign(text: string): string | null {
  // What is quoted, and long texts that are pasted in, are not the user's own words.
  const own = plainText(text.replaceAll(/^>.*$/gm, " ").replaceAll(/[“"][^“”"\n]{20,}[”"]/g, " ")).slice(0, 1000);
  for (const [kind, pattern] of signs) if (pattern.test(own)) return kind;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const large = text.match(/\p{Lu}/gu)?.length ?? 0;
  return (letters >= 20 && large / letters > 0.8 && /\p{Ll}|\s/u.test(text) && /[!?]/.test(text)) ||
    /[!?]{4,}/.test(own)
    ? "frustration"
    : null;
}

function isRepeat(
  words: ReadonlySet<string>,
  asked: readonly { readonly words: ReadonlySet<string> }[],
  least: number,
  minWords: number
): boolean {
  if (words.size < minWords) return false;
  return asked.some((earlier) => {
    const shared = [...words].filter((word) => earlier.words.has(word)).length;
    return shared / (words.size + earlier.words.size - shared) >= least;
  });
}
