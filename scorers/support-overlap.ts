/**
 * How much of the last answer's wording stands in the retrieved documents and the results of tools: a lexical overlap,
 * not groundedness. Each sentence counts by the share of its content words, numbers and names that stand in the best
 * window of `windowWords` words of one document; the value is the mean over sentences. It measures, and
 * judges only where `least` is set, since how much overlap is enough depends on the agent: calibrate it first. A number
 * or date that the agent was not told fails the answer outright.
 *
 * A sentence that says the same in other words counts low, and one that denies a document counts high. Sentences
 * without three content words (greetings, offers) are left out.
 * Unscored: the trace has no answer or retrieved nothing, or the answer has no sentence to look up.
 */
import {
  findFigures,
  jsonText,
  score,
  scorer,
  sentencesOf,
  toldText,
  unscored,
  widenReading,
  wordsOf
} from "tracebook";

/** Words that say nothing of their own, in the languages that answers come in most. */
const small = new Set(
  "a about after all also am an and any are as at be because been before being but by can could did do does for from had has have here how i if in into is it its just let me more most my no nor not now of on one or other our out over please should so some such than thank thanks that the their them then there these they this those to under up us was we were what when where which while who will with would you your der die das den dem des ein eine einen einer und oder aber nicht ist sind war wird werden mit von zu für auf im in an es sie er ich wir ihr le la les un une des et ou est sont de du dans pour que qui el los las una y es son en por para con il lo gli e di da".split(
    " "
  )
);

/** Words of the documents that are read, so that a long trace ends in time. */
const mostWords = 60_000;

export default scorer({
  target: "trace",
  options: {
    /** Mean share from which on the answer passes, below which it fails; 0 judges no share. */
    least: 0,
    /** Words of a document that a sentence may be spread over. */
    windowWords: 80
  },
  score: (trace, { least, windowWords }) => {
    const output = trace.output ?? "";
    if (output.trim() === "") return unscored("the trace has no answer");
    const texts = [
      ...trace.documents.map(({ content }) => content ?? ""),
      ...trace.tools.map(({ result }) => jsonText(result))
    ].filter((text) => text.trim() !== "");
    if (texts.length === 0) return unscored("the trace retrieved nothing");
    const plain = output.replaceAll(/\[[^\]\n]{1,60}\](?!\()|【[^】\n]{1,60}】/g, " ");
    const sentences = sentencesOf(plain).filter((sentence) => contentOf(sentence).size >= 3);
    if (sentences.length === 0) return unscored("the answer has no sentence to look up");
    const windows = texts.flatMap((text) => cutWindows(stemAll(text), Math.max(10, windowWords)));
    const told = new Set(
      findFigures(toldText(trace, { withInstructions: true })).flatMap(({ readings }) => readings.flatMap(widenReading))
    );
    const rated = sentences.map((sentence) => ({ sentence, share: bestShare(contentOf(sentence), windows) }));
    const value = rated.reduce((sum, { share }) => sum + share, 0) / rated.length;
    const figures = findFigures(plain).filter(
      ({ readings }) => !readings.some((reading) => told.has(reading) || /^\d$|^1[0-2]$/.test(reading))
    );
    const weak = rated
      .filter(({ share }) => share < (least > 0 ? least : 0.5))
      .map(({ sentence }) => ({ quote: sentence.slice(0, 300) }));
    const said = `lexical overlap ${value.toFixed(2)} over ${rated.length} sentences`;
    if (figures.length > 0)
      return score(value, {
        pass: false,
        label: "unsupported figure",
        reason: `${said}, and nothing it was told has "${figures[0]!.text.trim().slice(0, 60)}"`,
        evidence: figures.map(({ text }) => ({ quote: text.trim() }))
      });
    return score(value, { ...(least > 0 ? { pass: value >= least } : {}), reason: said, evidence: weak });
  }
});

function contentOf(sentence: string): Set<string> {
  return new Set(
    wordsOf(sentence)
      .filter((word) => !small.has(word))
      .map(stem)
  );
}

function stemAll(text: string): string[] {
  return wordsOf(text).slice(0, mostWords).map(stem);
}

/** A plural or a possessive is the same word. */
function stem(word: string): string {
  return word.length > 4 ? word.replace(/'s$|(?<![su])s$/, "") : word;
}

/** Windows that overlap by half, so that no sentence falls between two. */
function cutWindows(words: readonly string[], size: number): Set<string>[] {
  const windows: Set<string>[] = [];
  const step = Math.ceil(size / 2);
  for (let start = 0; start === 0 || start + step < words.length; start += step)
    windows.push(new Set(words.slice(start, start + size)));
  return windows;
}

function bestShare(content: ReadonlySet<string>, windows: readonly ReadonlySet<string>[]): number {
  let best = 0;
  for (const window of windows) {
    let found = 0;
    for (const word of content) if (window.has(word)) found += 1;
    best = Math.max(best, found);
  }
  return best / content.size;
}
