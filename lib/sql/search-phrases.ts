import type { SearchPart } from "./search-query.ts";
import type { BoundSql } from "./search-sql.ts";
import { foldSql, longestTerm, saidSql, searchedTexts, termsSql } from "./search-terms.ts";

/** Parts whose terms have to follow one another, which the index cannot tell. */
const phrasesOf = (parts: readonly SearchPart[]) => parts.filter(({ terms }) => terms.length > 1);

/** A phrase as `saidSql` would hold it. */
export const needleOf = ({ terms, begins }: SearchPart): string => ` ${terms.join(" ")}${begins ? "" : " "}`;

/** Whether the parts cannot be told from words alone. */
export const needsTexts = (parts: readonly SearchPart[]): boolean => phrasesOf(parts).length > 0;

/**
 * SELECT of (business_unit, trace_id): those of some traces that say every phrase, each within one text.
 *
 * @param spans      SELECT of the spans to look through
 * @param among      relation of the traces to look at
 */
export function phrasesSql(parts: readonly SearchPart[], spans: string, among: string): BoundSql {
  const phrases = phrasesOf(parts);
  const values: Record<string, string> = {};
  const perhaps = phrases.map((phrase, at) => {
    values[`h${at}`] = hintOf(phrase);
    return `regexp_matches(plain, $h${at}, 'i')`;
  });
  const folded = foldSql("said");
  const told = phrases.map((phrase, at) => {
    values[`p${at}`] = needleOf(phrase);
    values[`f${at}`] = ` ${proofOf(phrase)}`;
    values[`g${at}`] = `(?:^|${sign})${proofOf(phrase)}`;
    // Only what is written in another way than phrases mostly are is read for its terms.
    const says = [
      ...[`$f${at}`, `$g${at}`].map((pattern) => `regexp_matches(${folded}, ${pattern})`),
      `contains(${saidSql(termsSql("said"))}, $p${at})`
    ];
    return `case ${says.map((condition) => `when ${condition} then ${at}`).join(" ")} end`;
  });
  // To fold a text takes longer than to look through it, and few need it.
  const plain = `case when strlen(said) = length(said) then said else ${folded} end`;
  const texts = `unnest([${searchedTexts.map(([, sql]) => sql).join(", ")}])`;
  return {
    sql: `select business_unit, trace_id from (
  select business_unit, trace_id, unnest([${told.join(", ")}]) as phrase from (
    select *, ${plain} as plain from (
      select business_unit, trace_id, ${texts} as said from (${spans}) semi join ${among} using (business_unit, trace_id)
    ) where said is not null
  ) where ${perhaps.join(" or ")}
) where phrase is not null group by business_unit, trace_id having count(distinct phrase) = ${phrases.length}`,
    values
  };
}

/** An ASCII character that is neither letter nor digit. */
const sign = String.raw`[\x00-/:-@\[-\x60{-\x7f]`;

/**
 * Pattern of what a text that says a phrase holds; other texts may hold it too. It begins with letters, by which
 * the engine finds the few places to look at.
 */
function hintOf({ terms, begins }: SearchPart): string {
  // One character may be of a script without spaces, where nothing has to stand between.
  const isAlone = (term: string) => [...term].length === 1;
  const joined = joinTerms(terms, String.raw`[0-9A-Za-z\x{80}-\x{10ffff}]*`, (term, next) =>
    isAlone(term) || isAlone(next) ? "[^0-9A-Za-z]*" : "[^0-9A-Za-z]+"
  );
  return begins || isAlone(terms.at(-1)!) ? joined : `${joined}(?:$|[^0-9A-Za-z])`;
}

/** Pattern of a text in lower case and without accents that surely says a phrase where a sign stands before it. */
function proofOf({ terms, begins }: SearchPart): string {
  const joined = joinTerms(terms, "[0-9a-z]*", () => `${sign}+`);
  return begins ? joined : `${joined}(?:$|${sign})`;
}

/** Terms one after the other; behind one that was cut stands the rest of its word. */
function joinTerms(terms: readonly string[], rest: string, gap: (term: string, next: string) => string): string {
  return terms
    .map((term, at) => {
      const next = terms[at + 1];
      return `${term}${[...term].length < longestTerm ? "" : rest}${next === undefined ? "" : gap(term, next)}`;
    })
    .join("");
}
