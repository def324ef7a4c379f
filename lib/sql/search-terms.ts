/** Longest term, in characters: what is longer is cut, where texts are read and where a search is asked. */
export const longestTerm = 40;

/** Scripts that put no spaces between words: each of their characters is a term. */
const unspacedScripts = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"];

/** A character of such a script, and a run of letters of the others or digits; `more` may stand in a run too. */
function formatPattern(script: (name: string) => string, more: string): string {
  const unspaced = unspacedScripts.map(script).join("");
  return String.raw`(?:[^\P{L}${unspaced}]|[\p{N}${more}])+|[${unspaced}]`;
}

const engineScript = (name: string): string => `\\p{${name}}`;
const enginePattern = formatPattern(engineScript, "");

/** Texts of a span that a search looks through, by what they are called: SQL over columns of `spans`. */
export const searchedTexts = [
  ["input", `coalesce(input_text, ${formatPlain("input")})`],
  ["output", `coalesce(output_text, ${formatPlain("output")})`],
  ["tool arguments", formatPlain("tool_args")],
  ["tool result", formatPlain("tool_result")]
] as const;

/** Columns of `spans` that `searchedTexts` reads. */
export const searchedColumns = ["input", "input_text", "output", "output_text", "tool_args", "tool_result"] as const;

/** Where in a span a text stands. */
export type SearchedPlace = (typeof searchedTexts)[number][0];

/** JSON as a text of its words: an escape such as `\n` would otherwise become a letter of the next word. */
function formatPlain(column: string): string {
  return String.raw`regexp_replace(${column}, '\\(?:u[0-9a-fA-F]{4}|.)', ' ', 'g')`;
}

/** SQL of a text in lower case and without accents. @param text  SQL of a text */
export const foldSql = (text: string): string => `strip_accents(lower(${text}))`;

/** SQL of the terms of a text, in order. @param text  SQL of a text */
export function termsSql(text: string): string {
  return `list_transform(regexp_extract_all(${foldSql(text)}, '${enginePattern}'), lambda x: left(x, ${longestTerm}))`;
}

/** SQL of a list of terms as a text in which a phrase is found by its own words between spaces. */
export const saidSql = (terms: string): string => `' ' || array_to_string(${terms}, ' ') || ' '`;

/** A text of more bytes is taken apart into blocks first: lists of a million pieces take the engine very long. */
const longestPlain = 100_000;

/** Up to 200 pieces between ASCII signs, of which none is part of a term. */
const blockPattern = String.raw`[0-9A-Za-z\x{80}-\x{10ffff}]*(?:[^0-9A-Za-z\x{80}-\x{10ffff}][0-9A-Za-z\x{80}-\x{10ffff}]*){0,200}`;

/** Traces whose rows lie together in a file of terms: a row group then names few of them. */
const tracesTogether = 4096;

/**
 * SELECT of the rows (term, trace_id) of some spans, each once, by term. Texts are cut at spaces first and only
 * the distinct pieces are read for terms, since a trace says most of its words many times.
 *
 * @param spans  FROM of `searchedColumns` and `trace_id`
 */
export function buildTermsSql(spans: string): string {
  const texts = searchedTexts.map(([, sql]) => sql).join(", ");
  return `with texts as (select trace_id, unnest([${texts}]) as said from ${spans}),
names as materialized (select trace_id, (row_number() over (order by trace_id) - 1)::integer as no from (select distinct trace_id from ${spans})),
blocks as (select trace_id, unnest(case when strlen(said) <= ${longestPlain} then [said] else regexp_extract_all(said, '${blockPattern}') end) as block from texts where said is not null),
pieces as materialized (select distinct no, unnest(string_split(block, ' ')) as piece from blocks join names using (trace_id)),
vocabulary as (select piece, unnest(list_distinct(${termsSql("piece")})) as term from (select distinct piece from pieces)),
pairs as (select distinct term, no from pieces join vocabulary using (piece))
select term, list_extract((select list(trace_id order by no) from names), no + 1) as trace_id
from (select term, no from pairs order by no // ${tracesTogether}, term, no)`;
}

const pagePattern = new RegExp(
  formatPattern((name) => `\\p{Script=${name}}`, String.raw`\p{M}`),
  "gu"
);

/** A term of a text and where it stands. */
export interface FoundTerm {
  readonly term: string;
  /** Offsets into the text, in UTF-16 units; `end` is behind it. */
  readonly start: number;
  readonly end: number;
}

/** The terms of a text in order, as `termsSql` finds them, and where they stand; for what is shown to people. */
export function listTerms(text: string): readonly FoundTerm[] {
  const found: FoundTerm[] = [];
  for (const { 0: word, index } of text.matchAll(pagePattern)) {
    const term = [...fold(word)].slice(0, longestTerm).join("");
    if (term !== "") found.push({ term, start: index, end: index + word.length });
  }
  return found;
}

/** Character by character: a language's rule for the end of a word, such as the final sigma, is not the engine's. */
function fold(word: string): string {
  const lower = Array.from(word, (character) => character.toLowerCase()).join("");
  return lower.normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC");
}
