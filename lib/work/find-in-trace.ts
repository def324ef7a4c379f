import { Fault } from "#lib/model/fault.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Hit, HitsReply } from "#lib/wire/trace.ts";
import { findTrace, nearSpans, valuesOf, whereSpans } from "./trace-open.ts";
import { number, type Row, text } from "./trace-rows.ts";

/** Hits that are told one by one. */
const mostHits = 500;
const mostWords = 200;
/** Characters of an excerpt before and after the words. */
const before = 40;
const after = 120;

/** A field that is looked into: its readable text, and the JSON that says more where the text does not hold the words. */
interface Field {
  readonly word: string;
  readonly plain: string | null;
  readonly json: string | null;
}

// A tool's arguments and result come as input and output, too; they are one hit and not two.
const fields: readonly Field[] = [
  { word: "name", plain: "concat_ws(' · ', name, tool_name, model)", json: null },
  { word: "input", plain: "case when tool_args is null then input_text end", json: spoken("input", "tool_args") },
  {
    word: "output",
    plain: "case when tool_result is null then output_text end",
    json: spoken("output", "tool_result")
  },
  { word: "arguments", plain: null, json: "tool_args" },
  { word: "result", plain: null, json: "tool_result" },
  { word: "documents", plain: "array_to_string([d.content for d in retrieved_docs], ' … ')", json: null },
  { word: "error", plain: "status_message", json: null }
];

/** JSON of messages is looked into where it has calls, which the readable text leaves out, or where there is no text. */
function spoken(column: "input" | "output", unless: string): string {
  return `case when ${unless} is null and (${column}_text is null or contains(${column}, '"tool_call')) then ${column} end`;
}

/**
 * Where words are in the texts of all spans of a trace, letter case aside.
 *
 * @param words  1 to 200 characters without the blanks around them
 * @throws Fault `missing` for the trace, or `invalid` for the words
 */
export async function findInTrace(
  kernel: Kernel,
  traceId: string,
  words: string,
  signal?: AbortSignal
): Promise<HitsReply> {
  const asked = words.trim().toLowerCase();
  if (asked === "" || asked.length > mostWords) {
    throw new Fault("invalid", `the words to find have ${asked.length} characters, not 1 to ${mostWords}`);
  }
  const found = await findTrace(kernel, traceId);
  const rows = await kernel.rows(
    findSql(whereSpans(found)),
    { ...valuesOf(found), words: asked, escaped: escapeJson(asked) },
    mostHits,
    signal,
    nearSpans(found)
  );
  return {
    words: asked,
    hits: rows.flatMap((row) => readHits(row, asked)).slice(0, mostHits),
    total: number(rows[0] ?? {}, "total") ?? 0
  };
}

/** One row for each span that holds the words, with the text around them for each field. */
function findSql(where: string): string {
  const places = fields.flatMap(({ plain, json }, at) => [
    `${plain ? `coalesce(strpos(lower(${plain}), $words), 0)` : "0"} as p${at}`,
    `${json ? `coalesce(strpos(lower(${json}), $escaped), 0)` : "0"} as j${at}`
  ]);
  const cut = (body: string, place: string) =>
    `substr(${body}, greatest(1, ${place} - ${before}), ${before + after} + length($escaped))`;
  const excerpts = fields.map(({ plain, json }, at) => {
    const cases = [
      plain ? `when p${at} > 0 then ${cut(plain, `p${at}`)}` : "",
      json ? `when j${at} > 0 then ${cut(json, `j${at}`)}` : ""
    ];
    return `case ${cases.join(" ")} end as t${at}, p${at} = 0 as e${at}`;
  });
  const counted = fields.map((_, at) => `(p${at} + j${at} > 0)::integer`).join(" + ");
  return `select *, sum(n) over () as total from (
    select span_id, start_ts, ${counted} as n, ${excerpts.join(", ")}
    from (select *, ${places.join(", ")} from spans where ${where})
  ) where n > 0 order by start_ts, span_id limit ${mostHits}`;
}

function readHits(row: Row, asked: string): readonly Hit[] {
  return fields.flatMap(({ word }, at): readonly Hit[] => {
    const excerpt = text(row, `t${at}`);
    if (excerpt === null) return [];
    const isEscaped = row[`e${at}`] === true;
    const sought = isEscaped ? escapeJson(asked) : asked;
    const place = excerpt.toLowerCase().indexOf(sought);
    const plain = (piece: string) => (isEscaped ? unescapeJson(piece) : piece).replace(/\s+/g, " ");
    const end = place < 0 ? 0 : place + sought.length;
    return [
      {
        spanId: text(row, "span_id") ?? "",
        field: word,
        before: plain(excerpt.slice(0, Math.max(0, place))),
        found: plain(excerpt.slice(Math.max(0, place), end)),
        after: plain(excerpt.slice(end))
      }
    ];
  });
}

/** Words as they stand inside a text of JSON. */
function escapeJson(words: string): string {
  return JSON.stringify(words).slice(1, -1);
}

/** A piece cut out of JSON, for reading: an escape that the cut went through stays as it is. */
function unescapeJson(piece: string): string {
  return piece.replace(/\\(["\\/ntr])/g, (_, letter: string) => (/[ntr]/.test(letter) ? " " : letter));
}
