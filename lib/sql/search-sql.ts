import type { SearchPart } from "./search-query.ts";
import { foldSql, searchedTexts, termsSql } from "./search-terms.ts";

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
