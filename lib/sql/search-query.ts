import { Fault } from "../model/fault.ts";

/** Longest question, in characters. */
const longestQuestion = 1000;

/** Most terms of one question. */
const mostTerms = 32;

/** A piece of a question as it was written: a word, what is written together such as `ord-17`, or a phrase. */
export interface AskedPiece {
  readonly text: string;
  /** The last word is only the beginning of one: `refun*`. */
  readonly begins: boolean;
}

/** A piece of a question and its terms, which have to stand in a text one after the other. */
export interface SearchPart {
  readonly terms: readonly string[];
  readonly begins: boolean;
}

/**
 * Takes a question apart: words, "phrases in quotes" and beginnings*. A quote that nothing ends reaches to the
 * end; what is neither letter nor digit only separates.
 *
 * @throws Fault `invalid` for one that is too long
 */
export function parseSearch(question: string): readonly AskedPiece[] {
  const text = question
    .toWellFormed()
    .replaceAll("\0", " ")
    .replace(/[“”„«»]/g, '"');
  if (text.length > longestQuestion) {
    throw new Fault(
      "invalid",
      `a search has at most ${longestQuestion.toLocaleString("en-US")} characters; this one has ${text.length.toLocaleString("en-US")}`,
      { hint: "Ask for the few words that tell." }
    );
  }
  return [...text.matchAll(/"([^"]*)"?|([^\s"]+)/g)].map(([, phrase, word = ""]) =>
    phrase === undefined
      ? { text: word.replace(/\*+$/, ""), begins: word.endsWith("*") }
      : { text: phrase, begins: false }
  );
}

/**
 * Parts of a question from its pieces; pieces without a word are left out.
 *
 * @param terms  the terms of each piece, in order
 * @throws Fault `invalid` when there is no word in the question, or too many
 */
export function buildParts(
  question: string,
  pieces: readonly AskedPiece[],
  terms: readonly (readonly string[])[]
): readonly SearchPart[] {
  const parts = pieces
    .map(({ begins }, at) => ({ terms: terms[at] ?? [], begins }))
    .filter((part) => part.terms.length > 0);
  if (parts.length === 0) {
    const shown = question.toWellFormed().replaceAll("\0", " ").trim().slice(0, 80);
    throw new Fault("invalid", shown === "" ? "the search is empty" : `there is no word to search for in ${shown}`, {
      hint: 'Write words, "a phrase in quotes" or the beginning of a word with a star: refun*'
    });
  }
  const count = parts.reduce((sum, part) => sum + part.terms.length, 0);
  if (count > mostTerms) {
    throw new Fault("invalid", `a search has at most ${mostTerms} words; this one has ${count}`, {
      hint: "Ask for the few words that tell."
    });
  }
  return parts;
}
