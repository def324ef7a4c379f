import { needleOf } from "./search-phrases.ts";
import type { SearchPart } from "./search-query.ts";
import { foldSql, listTerms, saidSql, searchedTexts, termsSql } from "./search-terms.ts";

/** A text of more characters is read around its first word only. */
const longestWhole = 20_000;

/** Characters before and behind the first found words that an excerpt shows: a column cuts off its end, not them. */
const [shownBefore, shownBehind] = [30, 170];

/** A piece of an excerpt. */
export interface ExcerptPart {
  readonly text: string;
  /** Part of what was searched for. */
  readonly marked: boolean;
}

/**
 * SELECT of (business_unit, trace_id, place, said): of each trace the text that holds most of the parts, the
 * earliest of those; `place` counts in `searchedTexts`.
 *
 * @param spans  SELECT of `spans`
 */
export function excerptsSql(parts: readonly SearchPart[], spans: string) {
  const values: Record<string, string> = {};
  const some: string[] = [];
  const held = parts.map((part, at) => {
    for (const [of, term] of part.terms.entries()) {
      values[`x${at}_${of}`] = term;
      some.push(`$x${at}_${of}`);
    }
    values[`n${at}`] = needleOf(part);
    return `contains(spoken, $n${at})::integer`;
  });
  const places = searchedTexts.map((_, at) => at).join(", ");
  const texts = searchedTexts.map(([, sql]) => sql).join(", ");
  const first = `list_min([${some.map((name) => `nullif(strpos(folded, ${name}), 0)`).join(", ")}])`;
  const sql = `select business_unit, trace_id, arg_max({'place': place, 'said': said}, (held, -epoch_us(start_ts::timestamp), -place)) as best from (
  select business_unit, trace_id, start_ts, place, ${held.join(" + ")} as held,
    case when length(said) <= ${longestWhole} then said else substr(said, greatest(1, coalesce(${first}, 1) - ${longestWhole / 4}), ${longestWhole}) end as said
  from (
    select *, ${saidSql(termsSql("said"))} as spoken from (
      select *, ${foldSql("said")} as folded from (
        select business_unit, trace_id, start_ts, unnest([${places}]) as place, unnest([${texts}]) as said from (${spans})
      ) where said is not null
    ) where ${some.map((name) => `contains(folded, ${name})`).join(" or ")}
  )
) where held > 0 group by business_unit, trace_id`;
  return {
    sql: `select business_unit, trace_id, best.place as place, best.said as said from (${sql})`,
    values
  };
}

/** About 200 characters around the first found words of a text, in order; from its beginning where none is found. */
export function cutExcerpt(text: string, parts: readonly SearchPart[]): readonly ExcerptPart[] {
  const marks = listMarks(text, parts);
  const first = marks[0]?.start ?? 0;
  const from = first <= shownBefore ? 0 : beginOfWord(text, first - shownBefore, first);
  const to = Math.max(endOfWord(text, Math.min(text.length, first + shownBehind), text.length), marks[0]?.end ?? 0);
  const pieces: ExcerptPart[] = [];
  const add = (start: number, end: number, marked: boolean) => {
    if (end > start) pieces.push({ text: text.slice(start, end).replace(/\s+/g, " "), marked });
  };
  let at = from;
  for (const { start, end } of marks.filter((mark) => mark.end <= to)) {
    add(at, start, false);
    add(start, end, true);
    at = end;
  }
  add(at, to, false);
  return [
    ...(from > 0 ? [{ text: "… ", marked: false }] : []),
    ...pieces,
    ...(to < text.length ? [{ text: " …", marked: false }] : [])
  ];
}

/** Where the next word behind `at` begins; `last` at most. */
function beginOfWord(text: string, at: number, last: number): number {
  let place = endOfWord(text, at, last);
  while (place < last && /\s/.test(text[place]!)) place += 1;
  return place;
}

/** The next place at or behind `at` between two words, no farther than 20 characters or `last`. */
function endOfWord(text: string, at: number, last: number): number {
  for (let place = at; place < Math.min(at + 20, last); place += 1) if (/\s/.test(text[place]!)) return place;
  const isHalved = /[\udc00-\udfff]/.test(text[at] ?? "");
  return isHalved ? at + 1 : at;
}

/** Where in a text the parts stand, from the first on, without overlap. */
function listMarks(text: string, parts: readonly SearchPart[]) {
  const found = listTerms(text);
  const marks: { readonly start: number; readonly end: number }[] = [];
  for (let at = 0; at < found.length; at += 1) {
    const length = Math.max(0, ...parts.filter((part) => standsAt(found, at, part)).map(({ terms }) => terms.length));
    if (length === 0) continue;
    marks.push({ start: found[at]!.start, end: found[at + length - 1]!.end });
    at += length - 1;
  }
  return marks;
}

function standsAt(found: readonly { readonly term: string }[], at: number, { terms, begins }: SearchPart): boolean {
  return terms.every((wanted, of) => {
    const term = found[at + of]?.term;
    return begins && of === terms.length - 1 ? term?.startsWith(wanted) === true : term === wanted;
  });
}
