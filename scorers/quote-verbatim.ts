/**
 * What the last answer puts in quotation marks (or in a block quote) stands word for word in a retrieved document or
 * the result of a tool, once both are normalised: case, kinds of quotes and dashes, and spaces do not count; `…`, `[…]`
 * and `...` stand for words left out. Where a citation follows the quote it has to stand in that document.
 *
 * Quotes of fewer than `minWords` words are names or emphasis and are not looked up; nor is what the user said.
 * Unscored: the trace has no answer, retrieved nothing, or the answer quotes nothing.
 */
import { fail, findCitations, jsonText, pass, plainText, scorer, type Trace, unscored, wordsOf } from "tracebook";

interface Quote {
  readonly text: string;
  /** The sources cited right behind it. */
  readonly cited: readonly string[];
}

export default scorer({
  target: "trace",
  options: {
    /** Shortest quote that is looked up, in words. */
    minWords: 4
  },
  score: (trace, { minWords }) => {
    const output = trace.output ?? "";
    if (output.trim() === "") return unscored("the trace has no answer");
    const documents = trace.documents.map(({ id, content }) => ({ id, words: join(content ?? "") }));
    const results = trace.tools.map(({ result }) => join(jsonText(result)));
    if ([...documents.map(({ words }) => words), ...results].every((words) => words === ""))
      return unscored("the trace retrieved nothing");
    const said = join(trace.messages.flatMap(({ role, text }) => (role === "user" ? [text] : [])).join("\n"));
    const quotes = findQuotes(
      output,
      trace.documents.flatMap(({ id }) => (typeof id === "string" ? [id] : []))
    ).filter(({ text }) => wordsOf(text).length >= minWords && !said.includes(join(text)));
    if (quotes.length === 0) return unscored("the answer quotes nothing");
    const wrong = quotes.flatMap((quote) => {
      const cited = citedDocuments(trace, quote.cited);
      const within =
        cited.length > 0
          ? cited.map((at) => documents[at]!.words)
          : [...documents.map(({ words }) => words), ...results];
      if (within.some((words) => holds(words, quote.text))) return [];
      const isElsewhere = cited.length > 0 && documents.some(({ words }) => holds(words, quote.text));
      return [{ quote, label: isElsewhere ? "wrong source" : "not verbatim" }];
    });
    if (wrong.length === 0) return pass(`${quotes.length} quotes are verbatim`);
    return fail(
      `${wrong.length} of ${quotes.length} quotes: ${wrong[0]!.label}, "${wrong[0]!.quote.text.slice(0, 100)}"`,
      {
        label: wrong[0]!.label,
        evidence: wrong.map(({ quote }) => ({ quote: quote.text }))
      }
    );
  }
});

function findQuotes(output: string, ids: readonly string[]): Quote[] {
  const quotes: Quote[] = [];
  for (const match of output.matchAll(
    /“([^“”]{1,2000})”|„([^„“”]{1,2000})[“”]|«([^«»]{1,2000})»|「([^「」]{1,2000})」|"([^"\n]{1,2000})"/g
  )) {
    const text = match.slice(1).find((group) => group !== undefined) ?? "";
    const behind = output.slice(match.index + match[0].length, match.index + match[0].length + 60);
    quotes.push({ text, cited: findCitations(/^[\s.,;:()]*(?:\[[^\]]*\]|【[^】]*】)/.exec(behind)?.[0] ?? "", ids) });
  }
  for (const block of output.match(/(?:^|\n)(?:>[^\n]*(?:\n|$))+/g) ?? [])
    quotes.push({ text: block.replaceAll(/(^|\n)>\s?/g, "$1").replaceAll(/["“”]/g, ""), cited: [] });
  return quotes;
}

/** Places of the cited documents; empty where none of them was retrieved, which citation-exists says. */
function citedDocuments(trace: Trace, cited: readonly string[]): readonly number[] {
  return cited.flatMap((mark) => {
    const byId = trace.documents.findIndex(({ id }) => id?.trim().toLowerCase() === mark.toLowerCase());
    const number = /^\d+$/.test(mark) ? Number(mark) : 0;
    if (byId >= 0) return [byId];
    return number >= 1 && number <= trace.documents.length ? [number - 1] : [];
  });
}

/** Whether the pieces of a quote stand in a text, in their order. */
function holds(words: string, quote: string): boolean {
  let from = 0;
  for (const piece of quote.split(/\[?(?:…|\.\.\.)\]?/)) {
    const wanted = join(piece);
    if (wanted.trim() === "") continue;
    const at = words.indexOf(wanted, from);
    if (at < 0) return false;
    from = at + wanted.length - 1;
  }
  return true;
}

/** Words between single spaces, so that no quote begins or ends within a word. */
function join(text: string): string {
  const words = plainText(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.length === 0 ? "" : ` ${words.join(" ")} `;
}
