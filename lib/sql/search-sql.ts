import type { SearchPart } from "./search-query.ts";
import { foldSql, longestTerm, nextTermSql, saidSql, searchedTexts, termsSql } from "./search-terms.ts";

/** A statement and the texts it binds. */
export interface BoundSql {
  readonly sql: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Behind every term that begins with the text before it: no term holds this character. */
const behindAll = "\u{10ffff}";

/** What traces have to hold to be looked at: terms, and beginnings of terms. */
interface Wanted {
  readonly words: readonly string[];
  readonly beginnings: readonly string[];
}

function listWanted(parts: readonly SearchPart[]): Wanted {
  const words = parts.flatMap(({ terms, begins }) => (begins ? terms.slice(0, -1) : terms));
  const beginnings = parts.flatMap(({ terms, begins }) => (begins ? terms.slice(-1) : []));
  return { words: [...new Set(words)], beginnings: [...new Set(beginnings)] };
}

/** Parts whose terms have to follow one another, which the index cannot tell. */
const phrasesOf = (parts: readonly SearchPart[]) => parts.filter(({ terms }) => terms.length > 1);

/** A phrase as `saidSql` would hold it. */
export const needleOf = ({ terms, begins }: SearchPart): string => ` ${terms.join(" ")}${begins ? "" : " "}`;

/** Whether the parts cannot be told from words alone. */
export const needsTexts = (parts: readonly SearchPart[]): boolean => phrasesOf(parts).length > 0;

const texts = `unnest([${searchedTexts.map(([, sql]) => sql).join(", ")}])`;

/**
 * SELECT of (business_unit, trace_id, days): traces that hold every word somewhere, and the days of the files
 * that hold one.
 *
 * @param terms  SELECT of the rows of the index; null where there is none
 * @param spans  SELECT of the spans that no index covers; null where there are none
 */
export function candidatesSql(parts: readonly SearchPart[], terms: string | null, spans: string | null): BoundSql {
  const { words, beginnings } = listWanted(parts);
  const values: Record<string, string> = {};
  for (const [at, word] of words.entries()) values[`w${at}`] = word;
  for (const [at, beginning] of beginnings.entries()) values[`b${at}`] = beginning;
  const anyWord = words.map((_, at) => `$w${at}`).join(", ");
  const found: string[] = [];
  if (terms !== null) {
    if (words.length > 0)
      found.push(`select term as item, business_unit, trace_id, "date" from (${terms}) where term in (${anyWord})`);
    for (const at of beginnings.keys()) {
      values[`e${at}`] = `${beginnings[at]}${behindAll}`;
      found.push(
        `select '*${at}' as item, business_unit, trace_id, "date" from (${terms}) where term >= $b${at} and term < $e${at}`
      );
    }
  }
  if (spans !== null) {
    const some = [...words.map((_, at) => `$w${at}`), ...beginnings.map((_, at) => `$b${at}`)]
      .map((name) => `contains(folded, ${name})`)
      .join(" or ");
    const begun = beginnings.map(
      (_, at) => `case when len(list_filter(terms, lambda x: starts_with(x, $b${at}))) > 0 then '*${at}' end`
    );
    const items = `list_concat(${words.length > 0 ? `list_intersect(terms, [${anyWord}])` : "[]"}, [${begun.join(", ")}]::varchar[])`;
    found.push(`select item, business_unit, trace_id, "date" from (
  select business_unit, trace_id, "date", unnest(${items}) as item from (
    select business_unit, trace_id, "date", ${termsSql("said")} as terms from (
      select business_unit, trace_id, "date", said, ${foldSql("said")} as folded from (
        select business_unit, trace_id, "date", ${texts} as said from (${spans})
      ) where said is not null
    ) where ${some}
  )
) where item is not null`);
  }
  const rows =
    found.length === 0
      ? `select null::varchar as item, null::varchar as business_unit, null::varchar as trace_id, null::date as "date" where false`
      : found.join("\nunion all\n");
  return {
    sql: `select business_unit, trace_id, list_distinct(list("date")) as days from (
${rows}
) group by business_unit, trace_id having count(distinct item) = ${words.length + beginnings.length}`,
    values
  };
}

/**
 * SELECT of (business_unit, trace_id): those of some traces that say every phrase, each within one text.
 *
 * @param spans      SELECT of the spans to look through
 * @param among      relation of the traces to look at
 */
export function phrasesSql(parts: readonly SearchPart[], spans: string, among: string): BoundSql {
  const phrases = phrasesOf(parts);
  const values: Record<string, string> = {};
  // Between spaces the words stand for themselves: only other texts are read for their terms.
  const plainly = (at: number) => `contains(' ' || folded || ' ', $p${at})`;
  const told = phrases.map((phrase, at) => {
    values[`p${at}`] = needleOf(phrase);
    return `case when ${plainly(at)} then ${at} when contains(${saidSql(termsSql("said"))}, $p${at}) then ${at} end`;
  });
  const some = phrases.map(({ terms }, at) => {
    for (const [of, term] of terms.entries()) values[`p${at}_${of}`] = term;
    const every = terms.map((_, of) => `contains(folded, $p${at}_${of})`);
    return `${plainly(at)} or (${[...every, followsSql(terms, `$p${at}_`)].join(" and ")})`;
  });
  return {
    sql: `select business_unit, trace_id from (
  select business_unit, trace_id, unnest([${told.join(", ")}]) as phrase from (
    select business_unit, trace_id, said, ${foldSql("said")} as folded from (
      select business_unit, trace_id, ${texts} as said from (${spans}) semi join ${among} using (business_unit, trace_id)
    ) where said is not null
  ) where ${some.join(" or ")}
) where phrase is not null group by business_unit, trace_id having count(distinct phrase) = ${phrases.length}`,
    values
  };
}

/**
 * What a text has to hold to say a phrase, cheaper than reading its terms: behind the longest word but the last,
 * wherever its letters stand, the next term is the next word.
 *
 * @param names  what the parameters of the terms begin with
 */
function followsSql(terms: readonly string[], names: string): string {
  const lengths = terms.slice(0, -1).map((term) => [...term].length);
  const longest = lengths.indexOf(Math.max(...lengths));
  // Behind a term that was cut stands the rest of its word.
  if (lengths[longest]! >= longestTerm) return "true";
  return `len(list_filter(string_split(folded, ${names}${longest})[2:], lambda x: starts_with(${nextTermSql("x")}, ${names}${longest + 1}))) > 0`;
}
