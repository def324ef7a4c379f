import type { UnitMask } from "../model/mask.ts";
import { hideFields, hidePerson } from "./mask-fields.ts";
import { maskSpans } from "./mask-spans.ts";
import { betweenNames, maskEach, maskText } from "./mask-text.ts";
import { quoteName, quoteText } from "./quote.ts";
import { spanColumns } from "./span-columns.ts";
import { textCharacters } from "./trace-part.ts";

/**
 * What a column holds: words of the machine, which stay; a name or an id; who a person or a session is, whose hidden
 * values stay apart; a text; JSON; names; passages; the spans of a trace as scorers get them; a digest of all that.
 */
type Content = "own" | "name" | "person" | "text" | "json" | "names" | "documents" | "spans" | "digest";

/** Columns whose values the workbench itself gives. */
const own = [
  ...["trace_id", "span_id", "parent_span_id", "kind", "time_source", "status", "cost_source", "source"],
  ...["score_id", "run_id", "ingest_key_id", "business_unit", "scorer_version", "scorer"]
];
const texts = ["input_text", "output_text", "status_message", "retrieval_query", "reason"];
const jsons = [
  ...spanColumns.filter(({ form }) => form === "json" || form === "object").map(({ name }) => name),
  "evidence",
  "detail"
];

function contentOf(table: string, name: string, type: string): Content {
  if (name === "payload_sha256") return "digest";
  if (own.includes(name) || (!type.startsWith("VARCHAR") && !type.startsWith("STRUCT"))) return "own";
  if (type.startsWith("STRUCT")) return "documents";
  if (type === "VARCHAR[]") return "names";
  if (name === "spans_json") return "spans";
  if (name === "user_id" || name === "session_id") return "person";
  // A trace tells its input and output as texts, a span as JSON.
  if (table !== "spans" && (name === "input" || name === "output")) return "text";
  if (texts.includes(name)) return "text";
  return jsons.includes(name) ? "json" : "name";
}

/** Columns that are worked out together, since the engine takes long to read the same work for each of them. */
const groupOf: Readonly<Record<Content, string | null>> = {
  own: null,
  digest: null,
  spans: null,
  names: "names",
  name: "names",
  person: "names",
  text: "texts",
  json: "json",
  documents: "json"
};
/** Read for themselves more often than with the texts of a span. */
const seldom = ["attributes", "resource", "events", "links", "system_instructions", "tool_definitions"];

/**
 * SELECT of a table's rows as its unit shows them.
 *
 * @param columns  columns of the table to DuckDB types, those of its folder too
 * @param rows     SELECT of the rows as they are
 */
export function maskRows(
  table: string,
  columns: Readonly<Record<string, string>>,
  mask: UnitMask,
  rows: string
): string {
  const { rules } = mask;
  if (table === "placements" || table === "terms") return rows;
  if (table === "embeddings") {
    // A vector that was made of a text before something in it was hidden tells of it.
    return `select * from (${rows}) where embedded_at >= make_timestamp(${mask.setAtMs * 1000})`;
  }
  const groups = new Map<string, string[]>();
  const shown = Object.entries(columns).map(([name, type]) => {
    const column = quoteName(name);
    const content = contentOf(table, name, type);
    const group = seldom.includes(name) ? "seldom" : groupOf[content];
    if (group === null) return `${showAlone(content, mask, column, type)} as ${column}`;
    const members = groups.get(group) ?? [];
    groups.set(group, members);
    members.push(formatMember(content, column));
    const hidden = showMember(content, mask, column, `"mask ${group}"[${members.length}]`);
    return `${name === "input" || name === "output" ? withoutCutEnd(table, column, hidden) : hidden} as ${column}`;
  });
  const lists = [...groups].map(([group, members]) => `, [${members.join(", ")}] as "mask ${group}"`);
  const worked = [...groups.keys()].map((group) => {
    const form = group === "json" || group === "seldom" ? "json" : "text";
    return `${maskEach(rules, `"mask ${group}"`, form)} as "mask ${group}"`;
  });
  const raw = `select *${lists.join("")} from (${hideFields(table, mask, rows)})`;
  const hidden = worked.length === 0 ? raw : `select * replace (${worked.join(", ")}) from (${raw})`;
  return `select ${shown.join(", ")} from (${hidden})`;
}

/**
 * What a trace was asked or answered is kept up to a length, and the end may go through what would be hidden: where it
 * was cut, its last signs are left out.
 */
function withoutCutEnd(table: string, column: string, hidden: string): string {
  if (table === "spans") return hidden;
  // Kept is counted in units of UTF-16.
  const units = `length(${column}) + length(regexp_replace(${column}, '[^\\x{10000}-\\x{10ffff}]', '', 'g'))`;
  const isCut = `length(${column}) > ${textCharacters / 2 - 1} and ${units} >= ${textCharacters - 1}`;
  return `case when ${isCut} then left(${hidden}, greatest(0, length(${hidden}) - ${longestNumber})) || '…' else ${hidden} end`;
}

/** No number that patterns know is longer. */
const longestNumber = 64;

function showAlone(content: Content, { rules }: UnitMask, column: string, type: string): string {
  if (content === "digest") return `null::${type}`;
  return content === "spans" ? maskSpans(rules, column) : column;
}

function formatMember(content: Content, column: string): string {
  if (content === "documents") return `to_json(${column})::varchar`;
  return content === "names" ? `array_to_string(${column}, '${betweenNames}')` : column;
}

/** @param hidden  SQL of what has become of the member */
function showMember(content: Content, mask: UnitMask, column: string, hidden: string): string {
  switch (content) {
    case "documents":
      return `from_json(${hidden}, '${passages}')`;
    case "names":
      return `case when len(${column}) > 0 then string_split(${hidden}, '${betweenNames}') else ${column} end`;
    case "person":
      return `case when ${hidden} <> ${column} then ${hidePerson(mask, column)} else ${column} end`;
    default:
      return hidden;
  }
}

const passages = '[{"id":"VARCHAR","content":"VARCHAR","score":"DOUBLE","metadata":"VARCHAR"}]';

/** What people, and models, wrote of traces: their words may be those of a trace. */
const writtenOf: Readonly<Record<string, readonly string[]>> = {
  annotations: ["label", "note"],
  clusters: ["label", "description"],
  datasets: ["expected"]
};

/**
 * Statements that hide in a table of the state what the units hide. What is of no one unit hides what any of them does.
 */
export function maskStateTable(name: string, masks: readonly UnitMask[]): readonly string[] {
  const written = writtenOf[name];
  if (!written) return [];
  return masks.map(({ businessUnit, rules }) => {
    const sets = written.map((column) => `${quoteName(column)} = ${maskText(rules, quoteName(column))}`);
    const own = name === "clusters" ? "" : ` where business_unit = ${quoteText(businessUnit)}`;
    return `update ${quoteName(name)} set ${sets.join(", ")}${own}`;
  });
}
